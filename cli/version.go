package cli

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"kapu/config"
)

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "help-version", Args: args(0, 0), Annotations: map[string]string{anyConfig: "yes"},
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(a.out, "kapu %s (%s/%s)\n", config.Version, runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
