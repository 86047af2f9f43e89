//go:build linux

package panel_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"kapu/exchange"
	"kapu/internal/examples"
)

// exampleOffice has made-up clients of the real kind.
func exampleOffice(t *testing.T, n int) *office {
	t.Helper()
	day := func(days int) string { return time.Now().AddDate(0, 0, days).Format(time.DateOnly) }
	var entries []exchange.Entry
	for i, c := range examples.Clients(n, 5) {
		e := client(c.Name)
		e.Folder, e.UserName = c.Folder, fmt.Sprintf("ugyfel%03d", i)
		e.TaxNumber = fmt.Sprintf("%08d-%d-%02d", 10000000+(i*7919)%20000000, i%3+1, i%40+2)
		if i%3 == 0 {
			e.MandateUntil = day(i*13%900 - 20)
		}
		if i%4 == 1 {
			e.PasswordUntil = day(i*11%700 - 10)
		}
		e.Favourite = i%17 == 0
		entries = append(entries, e)
	}
	return newOffice(t, "", entries...)
}

// shot takes a picture of the page if KAPU_SHOTS names a folder for it.
func (w *window) shot(name string) {
	dir := os.Getenv("KAPU_SHOTS")
	if dir == "" {
		return
	}
	data, err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), data, 0o600)
	}
	if err != nil {
		w.t.Error(err)
	}
}

// dark shows the page as to a person who prefers dark.
func (w *window) dark(on bool) {
	scheme := "light"
	if on {
		scheme = "dark"
	}
	w.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	}))
}

// Every look of the table can be shown; nothing of it overflows.
func TestLooks(t *testing.T) {
	o := exampleOffice(t, 240)
	w := o.open("")
	w.until(`document.querySelectorAll(".body [role=row]").length > 10`)
	w.shot("clients")
}
