package cli

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/exchange"
	"kapu/lang"
	"kapu/vault"
)

type importOptions struct {
	paths  []string // "-" is standard input
	folder string   // that all of it goes to; "" leaves each where the file says
	dryRun bool
	whole  bool // all or nothing
	asJSON bool
	// decisions answer what the plan may ask.
	doubtful, names bool
	newKeys         string
	format          string // of all the files; empty: each as its content says
	keyFile         string // of the KeePass databases among them
	hidden          bool   // take in hidden rows and sheets too
	costly          bool   // open what takes a gigabyte of memory
	// columns are what the person says of a table's columns: heading → field; understood is what came of it.
	columns    map[string]string
	understood []exchange.Column
}

func (a *app) importCommand() *cobra.Command {
	var o importOptions
	var columns []string
	cmd := &cobra.Command{
		Use: "import FILE...", Short: "help-import", Long: "help-import-long", Args: args(1, maxFiles),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.paths = args
			var err error
			if o.columns, err = columnsOf(columns); err != nil {
				return err
			}
			return interruptible(cmd.Context(), func() error { return a.runImport(cmd.Context(), o) })
		},
	}
	cmd.Flags().StringVar(&o.folder, "folder", "", "flag-folder-import")
	cmd.Flags().BoolVar(&o.whole, "all-or-nothing", false, "flag-all-or-nothing")
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "flag-dry-run")
	cmd.Flags().BoolVar(&o.doubtful, "accept-doubtful", false, "flag-accept-doubtful")
	cmd.Flags().StringVar(&o.newKeys, "new-keys", "", "flag-new-keys")
	cmd.Flags().BoolVar(&o.names, "take-names", false, "flag-take-names")
	cmd.Flags().StringVar(&o.format, "format", "", "flag-import-format")
	cmd.Flags().StringVar(&o.keyFile, "key-file", "", "flag-key-file")
	cmd.Flags().StringArrayVar(&columns, "column", nil, "flag-column")
	cmd.Flags().BoolVar(&o.hidden, "hidden", false, "flag-hidden")
	cmd.Flags().BoolVar(&o.costly, "costly", false, "flag-costly")
	jsonFlag(cmd, &o.asJSON)
	return cmd
}

// decided are the options' answers to what the plan may ask.
func (o importOptions) decided() (exchange.Decisions, error) {
	d := exchange.Decisions{Doubtful: o.doubtful, Names: o.names, NewKeys: exchange.Decision(o.newKeys)}
	switch d.NewKeys {
	case "", exchange.Replace, exchange.KeepBoth:
		return d, nil
	}
	return d, usageError{lang.E("import-new-keys-wrong", "Value", o.newKeys)}
}

// columnsOf reads "HEADING=FIELD".
func columnsOf(said []string) (map[string]string, error) {
	columns := map[string]string{}
	for _, s := range said {
		at := strings.LastIndexByte(s, '=')
		if at < 1 {
			return nil, lang.E("column-pair", "Value", s).Kind(vault.ErrInvalid)
		}
		field, err := exchange.FieldOf(s[at+1:])
		if err != nil {
			return nil, err
		}
		columns[strings.TrimSpace(s[:at])] = field
	}
	return columns, nil
}

func (a *app) runImport(ctx context.Context, o importOptions) error {
	decisions, err := o.decided()
	if err != nil {
		return err
	}
	if !o.dryRun {
		if err := a.notLocked(ctx); err != nil {
			return err
		}
	}
	budget := exchange.NewBudget(ctx)
	defer budget.Close()
	read := exchange.ReadOptions{Budget: budget, As: o.format, Hidden: o.hidden, Costly: o.costly}
	read.Understood = func(c []exchange.Column) { o.understood = append(o.understood, c...) }
	read.Columns, _ = a.cfg.Import.Fields() // have been checked
	maps.Copy(read.Columns, o.columns)
	if o.keyFile != "" {
		var err error
		if read.KeyFile, err = exchange.ReadKeyFile(o.keyFile); err != nil {
			return err
		}
	}
	format, entries, err := exchange.Together(o.paths, func(name string) (string, []exchange.Entry, error) {
		return a.read(name, read)
	})
	if err != nil {
		return err
	}
	if o.folder != "" {
		entries = exchange.InFolder(entries, o.folder)
	}
	done, err := a.importEntries(ctx, agent.Import{
		Format: format, Entries: entries, DryRun: o.dryRun, Whole: o.whole, Decisions: decisions, Columns: o.columns,
	})
	if err != nil {
		return err
	}
	undone := o.whole && done.Left() > 0
	if o.asJSON {
		err = a.printJSON(a.reportJSON(done.Report, o.understood))
	} else {
		a.printColumns(o)
		a.printReport(format, done.Report, o.dryRun || undone)
	}
	switch {
	case err != nil:
		return err
	case undone:
		return lang.E("import-not-whole", "N", done.Left())
	case len(done.Rows) > 0 && done.Counts[exchange.Refused] == len(done.Rows):
		return lang.E("import-all-refused", "Path", strings.Join(o.paths, ", "))
	case len(done.Rows) > 0 && done.Left() == len(done.Rows):
		return lang.E("import-all-undecided", "Path", strings.Join(o.paths, ", "))
	default:
		return nil
	}
}

// maxFiles is how many files are read at once.
const maxFiles = 1000

// notLocked is asked before a file is read: nobody should give the password of an export, and wait for its key, to be
// told then that the vault is locked. That there is no vault yet is good.
func (a *app) notLocked(ctx context.Context) error {
	c, err := a.unlockedOrNone(ctx)
	if c != nil {
		c.Close()
	}
	return err
}

// importEntries hands the entries to the agent. A dry run works while locked too, but then knows nothing of what is
// already there.
func (a *app) importEntries(ctx context.Context, i agent.Import) (agent.Imported, error) {
	done := a.busy("import-planning", "N", len(i.Entries))
	defer done()
	c, err := a.unlocked(ctx)
	if i.DryRun && isLocked(err) {
		switch exists, err := vault.Exists(a.paths.Vault); {
		case err != nil:
			fmt.Fprintln(a.err, a.texts.Error(err))
		case exists:
			fmt.Fprintln(a.err, a.texts.T("import-dry-locked"))
		}
		report, err := exchange.Apply(ctx, vault.Draft(), i.Entries, i.Decisions)
		return agent.Imported{Report: report}, err
	}
	if isLocked(err) {
		done() // making a vault may ask questions
		c, err = a.unlockedOrNew(ctx)
	}
	if err != nil {
		return agent.Imported{}, err
	}
	return c.Import(ctx, i)
}

// read reads a file's entries; "-" is standard input. The password of an encrypted file is asked for as any other
// secret; who is not at a terminal has one try.
func (a *app) read(name string, o exchange.ReadOptions) (format string, entries []exchange.Entry, err error) {
	done := a.busy("import-reading", "Path", name)
	defer func() { done() }()
	o.Ask = func(format string) (string, error) {
		done()
		defer func() { done = a.busy("import-reading", "Path", name) }()
		return a.askSecret("ask-file-password", "Format", format)
	}
	switch {
	case name == "-":
		return exchange.ReadInput(name, a.in, o)
	case isTerminal(a.in):
		return exchange.ReadPatiently(name, o, func(err error) { done(); fmt.Fprintln(a.err, a.texts.Error(err)) })
	default:
		return exchange.ReadFile(name, o)
	}
}

// rowJSON is a row of a report for a program: the reason is said, not coded.
type rowJSON struct {
	Line   int           `json:"line"`
	File   string        `json:"file,omitempty"`
	Sheet  string        `json:"sheet,omitempty"`
	Name   string        `json:"name"`
	Fate   exchange.Fate `json:"fate"`
	Reason string        `json:"reason"`
}

func (a *app) reportJSON(r exchange.Report, columns []exchange.Column) any {
	rows := make([]rowJSON, len(r.Rows))
	for i, row := range r.Rows {
		rows[i] = rowJSON{row.Line, row.File, row.Sheet, row.Name, row.Fate, a.reason(row)}
	}
	return struct {
		Entries []rowJSON             `json:"entries"`
		Counts  map[exchange.Fate]int `json:"counts"`
		Columns []exchange.Column     `json:"columns,omitempty"`
	}{rows, r.Counts, columns}
}

func (a *app) reason(r exchange.Row) string {
	if r.Reason == nil {
		return ""
	}
	return a.texts.Error(r.Reason)
}

// printColumns says which columns of a table were understood how, where that needs a person's eye: in a dry run all of
// them, else those that were guessed.
func (a *app) printColumns(o importOptions) {
	for _, c := range o.understood {
		if !o.dryRun && c.By != exchange.ByContent {
			continue
		}
		heading := c.Heading
		if c.Sheet != "" {
			heading = c.Sheet + ": " + heading
		}
		field := lang.E("report-column-out")
		if c.Field != "" {
			field = lang.E("import-field-" + c.Field)
		}
		said := a.texts.T("report-column", "Heading", heading, "Field", a.texts.Error(field))
		if c.By == exchange.ByContent {
			said = a.texts.T("report-column-guessed", "Heading", heading, "Field", a.texts.Error(field))
		}
		fmt.Fprintln(a.out, said)
	}
}

// position is where an entry stands: in which of several files, and on which line.
func position(r exchange.Row) string {
	line := strconv.Itoa(r.Line)
	var parts []string
	for _, part := range []string{r.File, r.Sheet} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(append(parts, line), ":")
}

// counted says how many rows have which fate, of those that there are: "3 new, 1 doubtful".
func (a *app) counted(r exchange.Report) string {
	var counts []string
	for _, f := range exchange.Fates {
		if n := r.Counts[f]; n > 0 {
			counts = append(counts, strconv.Itoa(n)+" "+a.texts.T("fate-"+string(f)))
		}
	}
	if len(counts) == 0 {
		return "–"
	}
	return strings.Join(counts, ", ")
}

// printReport shows the rows that need a person's eye, and how many of each kind there were.
func (a *app) printReport(format string, r exchange.Report, dryRun bool) {
	for _, row := range r.Rows {
		if dryRun || row.Fate.Told() || row.Reason != nil {
			fmt.Fprintln(a.out, a.texts.T("report-row", "Line", position(row), "Name", cmp.Or(row.Name, "–"),
				"Fate", a.texts.T("fate-"+string(row.Fate)), "Reason", a.reason(row)))
		}
	}
	if dryRun {
		a.sayN("report-planned", len(r.Rows), "Format", format, "Counts", a.counted(r))
	} else {
		a.sayN("report-done", len(r.Rows), "Format", format, "Counts", a.counted(r))
	}
	if n := r.Counts[exchange.Renamed]; n > 0 {
		a.sayN("report-renamed", n)
	}
	if n := r.Counts[exchange.Replaced]; n > 0 {
		a.sayN("report-replaced", n)
	}
	if n := r.Counts[exchange.NewKey]; n > 0 {
		a.sayN("report-new-key", n)
	}
	if n := r.Counts[exchange.Doubtful]; n > 0 {
		a.sayN("report-doubtful", n)
	}
}
