package main

import (
	"bytes"
	"embed"
	"strings"
	"text/template"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kapu/cli"
)

//go:embed man
var manuals embed.FS

// manual is the page kapu(1) in a language. What a command does is said by its own help, so the two cannot differ.
func (r *release) manual(language string) ([]byte, error) {
	t, err := template.New("kapu."+language+".tmpl").Funcs(template.FuncMap{
		"roff": roff, "options": options,
	}).ParseFS(manuals, "man/kapu."+language+".tmpl")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, struct {
		Version, Day string
		Commands     []*cobra.Command
	}{r.version, r.at.Format("2006-01-02"), leaves(cli.Commands(language))})
	return b.Bytes(), err
}

// leaves are the commands that do something, for a person.
func leaves(cmd *cobra.Command) (all []*cobra.Command) {
	for _, sub := range cmd.Commands() {
		switch {
		case sub.Hidden || sub.Name() == "help":
		case sub.HasSubCommands() && sub.Name() != "completion":
			all = append(all, leaves(sub)...)
		default:
			all = append(all, sub)
		}
	}
	return all
}

// options are those of one command, but not --help, which every command has.
func options(cmd *cobra.Command) (all []*pflag.Flag) {
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if f.Name != "help" && !f.Hidden {
			all = append(all, f)
		}
	})
	return all
}

// roff writes text so that nothing in it is a command of the formatter.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(strings.TrimSpace(s))
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
