//go:build linux

package desktop

import (
	"context"
	_ "embed" // the Java source
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

//go:embed swing/Field.java
var fieldSource []byte

// SwingField is a Java program's text field that takes six characters and silently drops any insert that
// would make it longer, as the tax office's form filler does.
type SwingField struct {
	d     *Desktop
	p     *Process
	title string
}

// SwingField starts the Java program and gives its field the keyboard. Java needs a second or two.
func (d *Desktop) SwingField(ctx context.Context) (*SwingField, error) {
	opts := d.opts
	opts.Swing = true
	if missing := Missing(opts); len(missing) > 0 {
		return nil, &MissingError{Packages: missing}
	}
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	source := filepath.Join(d.dir, "Field.java")
	if err := os.WriteFile(source, fieldSource, 0o600); err != nil {
		return nil, fmt.Errorf("desktop: starting the Swing field: %w", err)
	}
	f := &SwingField{d: d, title: fmt.Sprintf("Swing field %d", time.Now().UnixNano())}
	// Half of the time is the compiler's; the quick one is enough, and so is the plainest collector.
	cmd := d.Command(context.Background(), "java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
		"-Djava.awt.headless=false", source, f.title)
	var err error
	if f.p, err = d.Launch(cmd); err != nil {
		return nil, err
	}
	if err := f.Focus(ctx); err != nil {
		f.Stop()
		return nil, fmt.Errorf("%w\n%s", err, f.p.tail())
	}
	return f, nil
}

// Pid is the number of the Java process.
func (f *SwingField) Pid() int { return f.p.Pid() }

// Focus gives the field the keyboard.
func (f *SwingField) Focus(ctx context.Context) error {
	return await(ctx, f.p, "the Swing field to have the keyboard", func() (bool, error) {
		if f.focused() {
			return true, nil
		}
		return false, f.d.FocusWindow(ctx, f.title)
	})
}

func (f *SwingField) focused() bool {
	last := ""
	for _, line := range f.lines() {
		if line == "focus" || line == "blur" {
			last = line
		}
	}
	return last == "focus"
}

// Paste presses Ctrl+V in the field. Wait for the outcome with WaitText or WaitDropped.
func (f *SwingField) Paste(ctx context.Context) error {
	if err := f.Focus(ctx); err != nil {
		return err
	}
	return f.d.Key(ctx, "ctrl+v")
}

// Clear empties the field.
func (f *SwingField) Clear(ctx context.Context) error {
	if err := f.Focus(ctx); err != nil {
		return err
	}
	if f.Text() == "" {
		return nil
	}
	if err := f.d.Key(ctx, "ctrl+a", "BackSpace"); err != nil {
		return err
	}
	return f.WaitText(ctx, "")
}

// Text is what the field holds.
func (f *SwingField) Text() string {
	text := ""
	for _, line := range f.lines() {
		if now, ok := strings.CutPrefix(line, "text "); ok {
			text = now
		}
	}
	return text
}

// Dropped is how many inserts the field has dropped.
func (f *SwingField) Dropped() int {
	n := 0
	for _, line := range f.lines() {
		if strings.HasPrefix(line, "dropped ") {
			n++
		}
	}
	return n
}

// WaitText waits until the field holds the text.
func (f *SwingField) WaitText(ctx context.Context, want string) error {
	err := await(ctx, f.p, "the Swing field's text", func() (bool, error) { return f.Text() == want, nil })
	if err != nil {
		return fmt.Errorf("%w: the field holds %q, not %q, and dropped %d", err, f.Text(), want, f.Dropped())
	}
	return nil
}

// WaitDropped waits until the field has dropped so many inserts.
func (f *SwingField) WaitDropped(ctx context.Context, n int) error {
	return await(ctx, f.p, "the Swing field to drop an insert", func() (bool, error) { return f.Dropped() >= n, nil })
}

// Stop ends the program.
func (f *SwingField) Stop() { f.p.Stop() }

// lines is what the program has printed, but for a line that it is just printing.
func (f *SwingField) lines() []string {
	lines := strings.Split(f.p.Output(), "\n")
	return lines[:len(lines)-1]
}
