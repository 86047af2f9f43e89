//go:build linux

package desktop_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
	"kapu/internal/wait"
)

// startTray runs the small tray program on the desktop.
func startTray(t *testing.T, d *desktop.Desktop) (*desktop.Process, *desktop.Tray) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := d.Command(t.Context(), exe)
	cmd.Env = append(cmd.Env, "DESKTOP_TEST_TRAY=1")
	p, err := d.Launch(cmd)
	if err != nil {
		t.Fatal(err)
	}
	tray, err := d.WaitTray(desktoptest.Context(t), p.Pid())
	if err != nil {
		t.Fatal(err)
	}
	return p, tray
}

// waitOutput waits until the program has printed a line.
func waitOutput(t *testing.T, p *desktop.Process, line string) {
	t.Helper()
	ctx := desktoptest.Context(t)
	for !strings.Contains(p.Output(), line+"\n") {
		select {
		case <-ctx.Done():
			t.Fatalf("the program did not print %q but\n%s", line, p.Output())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

const wantMenu = `[3 kód]
---
Kft.
  Alfa Kft.
  Béta_2 Kft.
  ---
  Gamma & Fia Kft.
Egyéni_vállalkozó
  Alfa Kft.
  Béta_2 Kft.
  ---
  Gamma & Fia Kft.
---
Átnevez
* Pipa
Kilépés
`

func TestMenuAndClickWithoutADisplay(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, desktop.Options{})
	p, tray := startTray(t, d)
	items, err := tray.Menu()
	if err != nil {
		t.Fatal(err)
	}
	if got := desktop.Outline(items); got != wantMenu {
		t.Errorf("menu is\n%s\nwant\n%s", got, wantMenu)
	}
	if _, ok := desktop.Find(items, "Kft.", "Rejtett"); ok {
		t.Error("a hidden row was found")
	}
	if title, err := tray.Title(); err != nil || title != "Próba" {
		t.Errorf("title is %q, %v", title, err)
	}
	icon, err := tray.Icon()
	if err != nil {
		t.Fatal(err)
	}
	if got := color.RGBAModel.Convert(icon.At(11, 11)); got != (color.RGBA{220, 20, 20, 255}) {
		t.Errorf("the icon's middle is %v", got)
	}

	ctx := desktoptest.Context(t)
	if err := tray.ClickPath(ctx, "Egyéni_vállalkozó", "Béta_2 Kft."); err != nil {
		t.Fatal(err)
	}
	waitOutput(t, p, "clicked Egyéni__vállalkozó/Béta__2 Kft.")
	if err := tray.ClickPath(ctx, "Átnevez"); err != nil {
		t.Fatal(err)
	}
	if _, err := tray.WaitItem(ctx, "Átnevez 1"); err != nil {
		t.Error(err)
	}

	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	err = tray.ClickPath(short, "3 kód")
	if err == nil || !strings.Contains(err.Error(), "Gamma & Fia Kft.") {
		t.Errorf("clicking a disabled row gave %v, not an error that shows the menu", err)
	}
}

func TestMouseThroughASubmenu(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, desktop.Options{Panel: desktop.Xfce})
	p, tray := startTray(t, d)
	ctx := desktoptest.Context(t)

	if err := tray.HoverPath(ctx, "Egyéni_vállalkozó", "Gamma & Fia Kft."); err != nil {
		t.Fatal(err)
	}
	shot := screenshot(t, d, "menu")
	// The icon's square is red and 22 pixels wide, in a panel 32 pixels high.
	if r, g, b, _ := shot.At(16, 16).RGBA(); r>>8 != 220 || g>>8 != 20 || b>>8 != 20 {
		t.Errorf("no icon in the panel but the colour %d %d %d", r>>8, g>>8, b>>8)
	}
	if err := d.CloseMenus(ctx); err != nil {
		t.Fatal(err)
	}

	for _, path := range [][]string{
		{"Egyéni_vállalkozó", "Gamma & Fia Kft."},
		{"Kft.", "Béta_2 Kft."},
		{"Átnevez"},
		{"Kft.", "Alfa Kft."},
		{"Átnevez 1"},
		{"Pipa"},
	} {
		start := time.Now()
		if err := tray.MousePath(ctx, path...); err != nil {
			t.Fatal(err)
		}
		t.Logf("the mouse clicked %q in %v", path, time.Since(start).Round(time.Millisecond))
	}
	for _, line := range []string{
		"clicked Egyéni__vállalkozó/Gamma & Fia Kft.", "clicked Kft./Béta__2 Kft.", "clicked Kft./Alfa Kft.", "clicked check",
	} {
		waitOutput(t, p, line)
	}
	if got := strings.Count(p.Output(), "clicked "); got != 6 {
		t.Errorf("%d clicks arrived, want 6:\n%s", got, p.Output())
	}
}

// screenshot takes a picture of the desktop, and keeps it where DESKTOP_SHOTS says.
func screenshot(t *testing.T, d *desktop.Desktop, name string) image.Image {
	t.Helper()
	dir := os.Getenv("DESKTOP_SHOTS")
	if dir == "" {
		dir = t.TempDir()
	}
	path := filepath.Join(dir, name+".png")
	if err := d.Screenshot(desktoptest.Context(t), path); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func TestPanelComesLateAndRestarts(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, desktop.Options{Panel: desktop.Xfce})
	ctx := desktoptest.Context(t)
	if err := d.StopPanel(ctx); err != nil {
		t.Fatal(err)
	}
	p, tray := startTray(t, d)
	if shown, err := tray.Shown(); shown || err != nil {
		t.Fatalf("without a panel, shown is %v, %v", shown, err)
	}
	if err := d.StartPanel(ctx); err != nil {
		t.Fatal(err)
	}
	if err := tray.WaitShown(ctx); err != nil {
		t.Fatal(err)
	}
	if err := d.RestartPanel(ctx); err != nil {
		t.Fatal(err)
	}
	if err := tray.MousePath(ctx, "Kft.", "Alfa Kft."); err != nil {
		t.Fatal(err)
	}
	waitOutput(t, p, "clicked Kft./Alfa Kft.")
	if err := d.StopPanel(ctx); err != nil {
		t.Fatal(err)
	}
	if shown, err := tray.Shown(); shown || err != nil {
		t.Fatalf("after the panel, shown is %v, %v", shown, err)
	}
}

// listens waits until the tray hears of watchers. systray does so a moment after it has found none, and misses one that
// begins in between.
func listens(t *testing.T, d *desktop.Desktop) {
	t.Helper()
	limit := time.Second
	wait.Until(t, "the tray to hear of a watcher", func() bool {
		limit *= 2
		w, err := d.StartWatcher()
		if err != nil {
			t.Fatal(err)
		}
		defer w.Stop()
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		defer cancel()
		return w.WaitItems(ctx, 1) == nil
	})
}

func TestWatcherStandIn(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, desktop.Options{})
	ctx := desktoptest.Context(t)
	p, tray := startTray(t, d)
	listens(t, d)
	for range 2 { // late, and again
		w, err := d.StartWatcher()
		if err != nil {
			t.Fatal(err)
		}
		if err := w.WaitItems(ctx, 1); err != nil {
			t.Fatal(err)
		}
		if shown, err := tray.Shown(); !shown || err != nil {
			t.Errorf("shown is %v, %v", shown, err)
		}
		if n := w.Registrations(); n != 1 {
			t.Errorf("registered %d times", n)
		}
		w.Stop()
	}
	w, err := d.StartWatcher()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	if err := w.WaitItems(ctx, 1); err != nil {
		t.Fatal(err)
	}
	p.Stop()
	if err := w.WaitItems(ctx, 0); err != nil {
		t.Errorf("after the program's end: %v", err)
	}
}

func TestCountingSignals(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, desktop.Options{})
	ctx := desktoptest.Context(t)
	_, tray := startTray(t, d)
	rename, err := tray.WaitItem(ctx, "Átnevez")
	if err != nil {
		t.Fatal(err)
	}
	// The first answer's own update comes 150 ms after it: count when it has been.
	counter, err := tray.CountSignals()
	if err != nil {
		t.Fatal(err)
	}
	defer counter.Stop()
	for {
		if n, err := counter.Total(); err != nil || ctx.Err() != nil {
			t.Fatal(n, err, ctx.Err())
		} else if n > 0 {
			break
		}
	}
	time.Sleep(50 * time.Millisecond)
	if err := counter.Reset(); err != nil {
		t.Fatal(err)
	}
	if n, err := counter.Total(); n != 0 || err != nil {
		t.Errorf("%d signals, %v, while nothing changed", n, err)
	}
	if err := tray.Click(rename.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := tray.WaitItem(ctx, "Átnevez 1"); err != nil {
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond) // the row is renamed before the last signal of it
	counts, err := counter.ByName()
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, n := range counts {
		total += n
	}
	if total == 0 || total > 4 || counts["com.canonical.dbusmenu.LayoutUpdated"] == 0 {
		t.Errorf("renaming one row sent %v", counts)
	}
	t.Logf("renaming one row sent %v", counts)
}
