package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kapu/lang"
)

// say prints a text of the interface on a line of its own.
func (a *app) say(id string, values ...any) {
	fmt.Fprintln(a.out, a.texts.T(id, values...))
}

// sayN is say for a text that counts something.
func (a *app) sayN(id string, n int, values ...any) {
	fmt.Fprintln(a.out, a.texts.N(id, n, values...))
}

// printJSON writes a value for a program, indented for the person who tries it out.
func (a *app) printJSON(v any) error {
	e := json.NewEncoder(a.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// printColumns writes rows as a table for the person's eye, the columns two spaces apart.
func printColumns(w io.Writer, rows [][]string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(t, strings.Join(row, "\t"))
	}
	return t.Flush()
}

// localTime is a time as the person's clock shows it, to the second.
func localTime(t time.Time) string { return t.Local().Format(time.DateTime) }

func jsonFlag(cmd *cobra.Command, asJSON *bool) {
	cmd.Flags().BoolVar(asJSON, "json", false, "flag-json")
}

// sheetFlags are those of a command that writes CSV too.
func sheetFlags(cmd *cobra.Command, asCSV, asJSON *bool) {
	cmd.Flags().BoolVar(asCSV, "csv", false, "flag-csv")
	jsonFlag(cmd, asJSON)
	exclusive(cmd, "csv", "json")
}

// exclusive lets a person give only one of some flags.
func exclusive(cmd *cobra.Command, names ...string) {
	before := cmd.PreRunE
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		var both []string
		for _, name := range names {
			if cmd.Flags().Changed(name) {
				both = append(both, "--"+name)
			}
		}
		if len(both) > 1 {
			return usageError{lang.E("usage-exclusive", "Flags", strings.Join(both, ", "))}
		}
		if before != nil {
			return before(cmd, args)
		}
		return nil
	}
}

// given is the value of a string flag, or nil if the person has not given it.
func given(f *pflag.FlagSet, name string) *string {
	if !f.Changed(name) {
		return nil
	}
	text, _ := f.GetString(name) // the caller has made it
	return &text
}

// optional is the first argument, or "".
func optional(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}

// absent makes sure that a file to be written does not replace another.
func absent(path string) error {
	if _, err := os.Lstat(path); err == nil {
		return lang.E("output-exists", "Path", path)
	}
	return nil
}
