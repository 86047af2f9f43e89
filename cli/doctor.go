package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"kapu/internal/doctor"
	"kapu/lang"
)

func (a *app) doctorCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "doctor", Short: "help-doctor", Args: args(0, 0), Annotations: map[string]string{anyConfig: "yes"},
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runDoctor(cmd.Context(), asJSON) },
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// runDoctor prints what every check found; a failed one makes it an error.
func (a *app) runDoctor(ctx context.Context, asJSON bool) error {
	findings := doctor.Examine(ctx, a.paths)
	if asJSON {
		if err := a.printJSON(findings); err != nil {
			return err
		}
	}
	sick := 0
	for _, f := range findings {
		if !asJSON {
			mark := map[string]string{doctor.OK: "✓", doctor.Failed: "✗", doctor.Unknown: "?"}[f.State]
			fmt.Fprintf(a.out, "%s %s: %s\n", mark, f.Name, f.Detail)
		}
		if f.State == doctor.Failed {
			sick++
		}
	}
	if sick > 0 {
		return lang.E("doctor-sick", "N", sick)
	}
	return nil
}
