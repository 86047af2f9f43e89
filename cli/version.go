package cli

import (
	"fmt"
	"runtime"

	"kapu/internal/build"

	"github.com/spf13/cobra"
)

// versionInfo is what a report of a fault should begin with.
type versionInfo struct {
	Version  string `json:"version"`
	Commit   string `json:"commit"` // "" where it was not built from a repository
	Day      string `json:"date"`
	Platform string `json:"platform"`
	Go       string `json:"go"`
}

func (a *app) versionCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "version", Short: "help-version", Args: args(0, 0), Annotations: map[string]string{anyConfig: "yes"},
		RunE: func(*cobra.Command, []string) error { return a.runVersion(asJSON) },
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

func (a *app) runVersion(asJSON bool) error {
	v := versionInfo{Version: build.Version, Platform: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version()}
	v.Commit, v.Day = build.Commit()
	if asJSON {
		return a.printJSON(v)
	}
	fmt.Fprintf(a.out, "kapu %s (%s, %s)\n", v.Version, v.Platform, v.Go)
	if v.Commit != "" {
		fmt.Fprintf(a.out, "commit %s, %s\n", v.Commit, v.Day)
	}
	return nil
}
