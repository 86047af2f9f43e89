// Package cli is the command line: one file per command.
//
// Its promise: a command does one thing, prints what a person wants to see (or, with --json, what a program
// wants to read; docs/cli.md documents the shapes), reads a secret only from a hidden prompt or from standard
// input, and ends with a documented code.
package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/config"
	"kapu/internal/process"
	"kapu/lang"
	"kapu/office"
	"kapu/vault"
)

// Exit codes, documented in docs/cli.md and the README.
const (
	exitDone      = 0
	exitFailed    = 1
	exitUsage     = 2
	exitLocked    = 3
	exitNotFound  = 4
	exitAmbiguous = 5
	exitNoRight   = 6
)

// app is what every command needs.
type app struct {
	in       *os.File
	lines    *bufio.Reader // of in, for several answers one after the other
	out, err io.Writer
	paths    config.Paths
	cfg      config.Config
	texts    *lang.Texts

	patience    time.Duration   // of a question on a terminal
	shown       time.Duration   // of a QR code on it
	interrupted <-chan struct{} // closed by Ctrl-C
}

// Main runs a command line and returns the exit code.
func Main(args []string) int {
	process.Harden() // any command may be handed a key
	a := &app{in: os.Stdin, out: os.Stdout, err: errorOutput(), paths: config.Locate(), cfg: config.Default()}
	a.texts = lang.In("")

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	a.patience, a.shown, a.interrupted = patience, shown, ctx.Done()
	root := a.root()
	root.SetArgs(args)
	if len(args) > 0 && strings.HasPrefix(args[0], "__complete") {
		a.translate(root) // completions show the descriptions
	}
	if err := root.ExecuteContext(ctx); err != nil {
		return a.fail(err)
	}
	return exitDone
}

// usageError is a mistake in how a command was called.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// fail says what went wrong and picks the exit code.
func (a *app) fail(err error) int {
	var usage usageError
	switch {
	case errors.Is(err, context.Canceled):
		return exitFailed // the person pressed Ctrl-C and knows
	case errors.As(err, &usage):
		fmt.Fprintln(a.err, a.texts.Error(usage.error))
		return exitUsage
	case errors.Is(err, agent.ErrLocked):
		if sentence := (*lang.Error)(nil); !errors.As(err, &sentence) {
			err = lang.E("cli-locked")
		}
		fmt.Fprintln(a.err, a.texts.Error(err))
		return exitLocked
	}
	fmt.Fprintln(a.err, a.texts.Error(err))
	switch {
	case errors.Is(err, agent.ErrNotFound), errors.Is(err, office.ErrUnknown):
		return exitNotFound
	case refused(err):
		return exitNoRight
	case errors.Is(err, agent.ErrAmbiguous):
		return exitAmbiguous
	default:
		return exitFailed
	}
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use: "kapu", Short: "help-kapu", Args: a.noCommand, SilenceErrors: true, SilenceUsage: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return a.loadConfig(cmd) },
		RunE:              func(cmd *cobra.Command, _ []string) error { return a.runTray(cmd.Context()) },
	}
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return usageError{lang.E("usage-flag", "Reason", err)}
	})
	root.AddCommand(
		a.unlockCommand(), a.lockCommand(), a.statusCommand(),
		a.listCommand(), a.showCommand(), a.codeCommand(), a.copyCommand(), a.qrCommand(),
		a.addCommand(), a.editCommand(), a.removeCommand(), a.importCommand(), a.exportCommand(), a.undoCommand(), a.logCommand(),
		a.protectCommand(), a.recoveryKeyCommand(), a.recoverCommand(), a.backupCommand(), a.restoreCommand(),
		a.openCommand(), a.searchCommand(), a.officeCommand(),
		a.configCommand(), a.autostartCommand(), a.doctorCommand(), a.versionCommand(), a.agentCommand(), a.dialogCommand(),
	)
	a.speak(root)
	return root
}

// loadConfig reads the settings, and with them the language.
func (a *app) loadConfig(cmd *cobra.Command) error {
	cfg, err := config.Load(a.paths.Config)
	if err != nil {
		if worksAnyway(cmd) {
			return nil
		}
		return err
	}
	a.cfg, a.texts = cfg, lang.In(cfg.Language)
	return nil
}

// anyConfig annotates a command that has to work while the settings are broken.
const anyConfig = "works with broken settings"

func worksAnyway(cmd *cobra.Command) bool {
	top := cmd
	for top.HasParent() && top.Parent().HasParent() {
		top = top.Parent()
	}
	return cmd.Annotations[anyConfig] != "" || top.Name() == "help" || top.Name() == "completion"
}

// unlocked connects to the agent; while the vault is locked it is an error.
func (a *app) unlocked(ctx context.Context) (*agent.Conn, error) {
	return agent.Dial(ctx, a.paths)
}

// unlockedOrNew is unlocked for the commands with which a person begins: on an empty machine they make the vault
// and leave it unlocked.
func (a *app) unlockedOrNew(ctx context.Context) (*agent.Conn, error) {
	c, err := a.unlocked(ctx)
	if !errors.Is(err, agent.ErrLocked) {
		return c, err
	}
	if exists, existsErr := vault.Exists(a.paths.Vault); existsErr != nil || exists {
		return nil, errors.Join(existsErr, err)
	}
	return a.unlock(ctx, agent.StartOptions{Create: true})
}

// args checks the number of arguments and names what is missing.
func args(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < least || len(args) > most {
			cmd.DisableFlagsInUseLine = true
			return usageError{lang.E("usage-args", "Usage", cmd.UseLine())}
		}
		return nil
	}
}

func (a *app) noCommand(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{lang.E("usage-command", "Name", args[0])}
	}
	return nil
}

// say prints a text of the interface on a line of its own.
func (a *app) say(id string, values ...any) {
	fmt.Fprintln(a.out, a.texts.T(id, values...))
}
