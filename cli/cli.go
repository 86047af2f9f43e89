// Package cli is the command line: one file per command, named for it. In each, xCommand declares the command to cobra
// (its flags become a struct of options) and runX does the work, with a context and those options, so that a Go test
// can call it without cobra.
//
//	cli.go           Main, app (the environment of a command) and the tree of commands
//	exit.go          exit codes, and how an error ends a command; cure.go that none offers itself as the cure
//	connect.go       the connection to the agent: unlocked, unlockedOrNew, unlock
//	query.go         the client that a person means by a query, and completion in the shell
//	output.go        what commands print: sentences, columns, JSON
//	prompt.go        secrets and yes-or-no questions; busy.go the progress of what takes long, interrupt.go
//	                 its end by Ctrl-C
//	dialogue.go      several questions on a raw terminal; assistant.go, trial.go how `kapu add` leads a person
//	scan.go          keys out of QR codes; bigcode.go a code to be read from afar
//	help.go          the help in the person's language
//	agent.go         the hidden commands that run the agent and its sweeper; lobby.go the lobby's, dialog.go that of the
//	                 tray's dialogs
//	office.go        the parent of the office's commands, office_NAME.go each of them,
//	officeframe.go   what they have in common; officefind.go, officescope.go members, devices, requests; clients, folders
//	console_*.go     what differs between terminals
//
// All other files are commands: add.go is `kapu add`.
//
// Its promise: a command does one thing, prints what a person wants to see (or, with --json, what a program
// wants to read; docs/cli.md documents the shapes), reads a secret only from a hidden prompt or from standard
// input, and ends with a documented code.
package cli

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kapu/config"
	"kapu/internal/process"
	"kapu/lang"
)

// app is the environment of a command: its streams, places, settings and texts. A test makes one and calls the
// command's run function with it. The connection to the agent follows from paths: unlocked makes it.
type app struct {
	in       *os.File
	lines    *bufio.Reader // of in, for several answers one after the other
	out, err io.Writer
	paths    config.Paths
	cfg      config.Config
	texts    *lang.Texts
	secret   string // the PIN or password, once this command has asked for it

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
	if cmd, err := root.ExecuteContextC(ctx); err != nil {
		return a.fail(cured(strings.TrimPrefix(cmd.CommandPath(), "kapu "), err))
	}
	return exitDone
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
		return usageError{flagError(err)}
	})
	root.AddCommand(
		a.unlockCommand(), a.lockCommand(), a.statusCommand(),
		a.listCommand(), a.showCommand(), a.codeCommand(), a.copyCommand(), a.qrCommand(),
		a.addCommand(), a.editCommand(), a.mergeCommand(), a.removeCommand(),
		a.importCommand(), a.exportCommand(), a.undoCommand(), a.logCommand(),
		a.protectCommand(), a.recoveryKeyCommand(), a.recoverCommand(), a.renewIdentityCommand(), a.backupCommand(), a.restoreCommand(),
		a.openCommand(), a.searchCommand(), a.officeCommand(),
		a.configCommand(), a.autostartCommand(), a.doctorCommand(), a.versionCommand(),
		a.agentCommand(), a.lobbyCommand(), a.dialogCommand(), a.sweepCommand(), // hidden
	)
	a.speak(root)
	return root
}

// loadConfig reads the settings, and with them the language. Where others can have put what Kapu relies on, no command
// goes on.
func (a *app) loadConfig(cmd *cobra.Command) error {
	cfg, err := config.Load(a.paths)
	if err == nil {
		err = a.paths.Trusted()
	}
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

// flagError says what is wrong with a flag.
func flagError(err error) error {
	dashed := func(name, short string) string {
		if short != "" {
			return "-" + name
		}
		return "--" + name
	}
	if e, ok := errors.AsType[*pflag.NotExistError](err); ok {
		return lang.E("usage-flag-unknown", "Flag", dashed(e.GetSpecifiedName(), e.GetSpecifiedShortnames()))
	}
	if e, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return lang.E("usage-flag-empty", "Flag", dashed(e.GetSpecifiedName(), e.GetSpecifiedShortnames()))
	}
	if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return lang.E("usage-flag-value", "Flag", "--"+e.GetFlag().Name, "Value", e.GetValue())
	}
	return lang.E("usage-flag", "Reason", err)
}

// args checks the number of arguments and names what is missing.
func args(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < least || len(args) > most {
			return usageError{lang.E("usage-args", "Usage", usage(cmd))}
		}
		return nil
	}
}

// usage is how a command is written, without the library's word for its flags.
func usage(cmd *cobra.Command) string {
	cmd.DisableFlagsInUseLine = true
	return cmd.UseLine()
}

func (a *app) noCommand(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{lang.E("usage-command", "Name", args[0])}
	}
	return nil
}
