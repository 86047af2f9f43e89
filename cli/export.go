package cli

import (
	"context"
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

type exportOptions struct {
	agent.Export // without what is asked for
	path         string
	yes          bool
}

// exportCommand writes clients with their keys for another program.
func (a *app) exportCommand() *cobra.Command {
	var o exportOptions
	cmd := &cobra.Command{
		Use: "export FORMAT FILE [QUERY]", Short: "help-export", Long: "help-export-long", Args: args(2, 3),
		ValidArgsFunction: completeFormats,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Format, o.path, o.Query = args[0], args[1], optional(args[2:])
			return a.runExport(cmd.Context(), o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Folder, "folder", "", "flag-folder-only")
	f.BoolVar(&o.DeletionCodes, "deletion-codes", false, "flag-deletion-codes")
	f.BoolVarP(&o.yes, "yes", "y", false, "flag-yes")
	return cmd
}

func (a *app) runExport(ctx context.Context, o exportOptions) error {
	w, err := exchange.WriterOf(o.Format)
	if err != nil {
		return usageError{err}
	}
	c, err := a.unlocked(ctx)
	if err != nil {
		return err
	}
	if err := absent(o.path); err != nil { // before anything is asked
		return err
	}
	if !w.Sealed() && !o.yes && isTerminal(a.in) && !a.confirm("ask-export", "Path", o.path) {
		a.say("not-exported")
		return nil
	}
	e, err := a.askExport(ctx, c, o.Export, w.Sealed())
	if err != nil {
		return err
	}
	done, err := c.Export(ctx, e)
	if err != nil {
		return err
	}
	if err := writeAll(o.path, done.Files); err != nil {
		return err
	}
	a.sayExported(o.path, w, done)
	return nil
}

// askExport fills in what the person has to give for an export: the proof that they may, and the password of the file.
func (a *app) askExport(ctx context.Context, c *agent.Conn, e agent.Export, sealed bool) (_ agent.Export, err error) {
	if err := a.askToReveal(ctx, c); err != nil {
		return e, err
	}
	if s, err := c.Status(ctx); err == nil {
		a.sayLockedFolders(s) // whose clients will not be in it
	}
	if sealed {
		e.Passphrase, err = a.askTwice("ask-export-new", "ask-export-again", vault.Password)
	}
	e.Language = a.texts.Language()
	return e, err
}

// sayExported says how many clients are in the file, and which are not.
func (a *app) sayExported(path string, w exchange.Writer, done agent.Exported) {
	a.sayN("exported", done.N, "Path", path, "Format", w.Name())
	if done.Left > 0 {
		a.sayN("exported-left", done.Left, "Format", w.Name())
	}
	if done.Kept > 0 {
		fmt.Fprintln(a.err, a.texts.N("exported-kept", done.Kept))
	}
	if n := len(done.Files); n > 1 {
		a.say("exported-files", "N", n, "Last", numbered(path, n))
	}
	if !w.Sealed() {
		a.say("exported-plain", "Path", path)
	}
}

// writeAll writes new files, all of them or none: what was written before a failure is removed again.
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
