package cli

import (
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kapu/config"
	"kapu/lang"
)

// speak localises the help, lazily: commands are built with the ids of their texts, which are looked up only when help
// is shown. `kapu code` should not pay for them.
func (a *app) speak(root *cobra.Command) {
	help, usage := root.HelpFunc(), root.UsageFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		_ = a.loadConfig(cmd)
		a.translate(root)
		help(cmd, args)
	})
	root.SetUsageFunc(func(cmd *cobra.Command) error {
		a.translate(root)
		return usage(cmd)
	})
}

func (a *app) translate(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	root.SetUsageTemplate(a.usageTemplate(root.UsageTemplate()))
	a.translateCommand(root)
}

func (a *app) translateCommand(cmd *cobra.Command) {
	switch {
	case cmd.Name() == "help" || cmd.Name() == "completion":
		cmd.Short = a.texts.T("help-command-" + cmd.Name())
	case strings.HasPrefix(cmd.Short, "help-"):
		cmd.Short = a.texts.T(cmd.Short)
	}
	if strings.HasPrefix(cmd.Long, "help-") {
		cmd.Long = a.texts.T(cmd.Long)
	}
	cmd.DisableFlagsInUseLine = true
	cmd.InitDefaultHelpFlag()
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Name == "help" {
			f.Usage = a.texts.T("flag-help")
		} else if strings.HasPrefix(f.Usage, "flag-") {
			f.Usage = a.texts.T(f.Usage)
		}
	})
	for _, sub := range cmd.Commands() {
		a.translateCommand(sub)
	}
}

// usageTemplate is cobra's own template with its headings translated.
func (a *app) usageTemplate(template string) string {
	return strings.NewReplacer(
		"Usage:", a.texts.T("help-heading-usage"),
		"Available Commands:", a.texts.T("help-heading-commands"),
		"Global Flags:", a.texts.T("help-heading-flags"),
		"Flags:", a.texts.T("help-heading-flags"),
		`Use "{{.CommandPath}} [command] --help" for more information about a command.`,
		a.texts.T("help-heading-more", "Command", "{{.CommandPath}}"),
	).Replace(template)
}

// Commands are all commands in a language ("hu" or "en"), for programs that write documents from them.
func Commands(language string) *cobra.Command {
	a := &app{out: io.Discard, err: io.Discard, cfg: config.Default(), texts: lang.In(language)}
	root := a.root()
	a.translate(root)
	return root
}
