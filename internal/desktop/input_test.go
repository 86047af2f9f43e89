//go:build linux

package desktop_test

import (
	"slices"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
)

func TestClipboard(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, desktop.Options{Display: true})
	ctx := desktoptest.Context(t)
	if text, err := d.Clipboard(ctx); text != "" || err != nil {
		t.Errorf("an unowned clipboard holds %q, %v", text, err)
	}
	if targets, err := d.Targets(ctx); len(targets) != 0 || err != nil {
		t.Errorf("an unowned clipboard offers %q, %v", targets, err)
	}
	for _, text := range []string{"árvíztűrő tükörfúrógép", "287082"} {
		if err := d.SetClipboard(ctx, text); err != nil {
			t.Fatal(err)
		}
		if got, err := d.Clipboard(ctx); got != text || err != nil {
			t.Errorf("the clipboard holds %q, %v", got, err)
		}
	}
	if targets, err := d.Targets(ctx); !slices.Contains(targets, "UTF8_STRING") || err != nil {
		t.Errorf("the clipboard offers %q, %v", targets, err)
	}
	if err := d.WaitClipboard(ctx, "287082"); err != nil {
		t.Error(err)
	}
}

func TestSwingFieldDropsWhatIsTooLong(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, desktop.Options{Swing: true})
	ctx := desktoptest.Context(t)
	start := time.Now()
	field, err := d.SwingField(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("Java was ready after %v", time.Since(start).Round(time.Millisecond))
	paste := func(text string) {
		t.Helper()
		if err := d.SetClipboard(ctx, text); err != nil {
			t.Fatal(err)
		}
		if err := field.Paste(ctx); err != nil {
			t.Fatal(err)
		}
	}
	paste("287082")
	if err := field.WaitText(ctx, "287082"); err != nil {
		t.Fatal(err)
	}
	screenshot(t, d, "swing")
	if err := field.Clear(ctx); err != nil {
		t.Fatal(err)
	}
	paste("287 082")
	if err := field.WaitDropped(ctx, 1); err != nil {
		t.Fatal(err)
	}
	if text := field.Text(); text != "" {
		t.Errorf("a code with a space left %q", text)
	}
	paste("12345")
	if err := field.WaitText(ctx, "12345"); err != nil {
		t.Fatal(err)
	}
	paste("287082") // into a field that is not empty
	if err := field.WaitDropped(ctx, 2); err != nil {
		t.Fatal(err)
	}
	if text := field.Text(); text != "12345" {
		t.Errorf("a second code left %q", text)
	}
}
