package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/config"
	"kapu/exchange"
	"kapu/vault"
)

// exportCommand writes clients with their keys for another program.
func (a *app) exportCommand() *cobra.Command {
	var e agent.Export
	var yes bool
	cmd := &cobra.Command{
		Use: "export FORMAT FILE [QUERY]", Short: "help-export", Long: "help-export-long", Args: args(2, 3),
		ValidArgsFunction: completeFormats,
		RunE: func(cmd *cobra.Command, args []string) error {
			e.Format = args[0]
			if len(args) == 3 {
				e.Query = args[2]
			}
			w, err := exchange.WriterOf(e.Format)
			if err != nil {
				return usageError{err}
			}
			c, err := a.unlocked(cmd.Context())
			if err != nil {
				return err
			}
			if err := absent(args[1]); err != nil { // before anything is asked
				return err
			}
			if !w.Sealed() && !yes && isTerminal(a.in) && !a.confirm("ask-export", "Path", args[1]) {
				a.say("not-exported")
				return nil
			}
			if e.Current, err = a.askCurrent(cmd.Context(), c); err != nil {
				return err
			}
			if s, err := c.Status(cmd.Context()); err == nil {
				a.sayShut(s) // whose clients will not be in it
			}
			if w.Sealed() {
				if e.Passphrase, err = a.askTwice("ask-export-new", "ask-export-again", vault.Password); err != nil {
					return err
				}
			}
			e.Language = a.texts.Language()
			done, err := c.Export(cmd.Context(), e)
			if err != nil {
				return err
			}
			if err := writeAll(args[1], done.Files); err != nil {
				return err
			}
			a.sayN("exported", done.N, "Path", args[1], "Format", w.Name())
			if done.Left > 0 {
				a.sayN("exported-left", done.Left, "Format", w.Name())
			}
			if done.Kept > 0 {
				fmt.Fprintln(a.err, a.texts.N("exported-kept", done.Kept))
			}
			if n := len(done.Files); n > 1 {
				a.say("exported-files", "N", n, "Last", numbered(args[1], n))
			}
			if !w.Sealed() {
				a.say("exported-plain", "Path", args[1])
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&e.Folder, "folder", "", "flag-folder-only")
	f.BoolVar(&e.DeletionCodes, "deletion-codes", false, "flag-deletion-codes")
	f.BoolVarP(&yes, "yes", "y", false, "flag-yes")
	return cmd
}

// writeAll writes new files: all of them or none.
func writeAll(path string, files [][]byte) error {
	for i, data := range files {
		if err := config.WriteNew(numbered(path, i+1), data); err != nil {
			for n := range i {
				_ = os.Remove(numbered(path, n+1))
			}
			return err
		}
	}
	return nil
}

// numbered is the path of the n-th file: code.png, code-2.png and so on.
func numbered(path string, n int) string {
	if n == 1 {
		return path
	}
	end := filepath.Ext(path)
	return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(path, end), n, end)
}

// completeFormats offers the formats to the shell.
func completeFormats(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return exchange.Formats(), cobra.ShellCompDirectiveNoFileComp
}
