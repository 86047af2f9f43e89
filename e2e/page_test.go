//go:build linux

package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"kapu/internal/pagetest"
	"kapu/internal/wait"
)

// page is a browser that shows what the tray has opened.
type page struct {
	p   *person
	ctx context.Context
}

// browser stands in for the person's: it writes the link that it is to show into a file, whose path is returned. The
// programs that are started from then on use it.
func (p *person) browser() (link string) {
	p.t.Helper()
	dir := p.t.TempDir()
	link, program := filepath.Join(dir, "link"), filepath.Join(dir, "browser")
	script := "#!/bin/sh\nfor a; do case $a in --app=*) echo \"${a#--app=}\" >" + link + ".new; mv " + link + ".new " + link + ";; esac; done\n"
	p.must(os.WriteFile(program, []byte(script), 0o700))
	p.env = append(p.env, "KAPU_BROWSER="+program)
	return link
}

// opened shows the link that the browser was given, once it was.
func (p *person) opened(link string) page {
	p.t.Helper()
	var address []byte
	wait.Until(p.t, "the page to be opened", func() (there bool) {
		address, _ = os.ReadFile(link)
		return len(address) > 0
	})
	p.must(os.Remove(link))
	return p.shown(string(address[:len(address)-1]))
}

// shown is a browser that shows an address.
func (p *person) shown(address string) page {
	p.t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(p.t)), chromedp.WSURLReadTimeout(wait.Hang))
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox) // chromium has no sandbox for root, and CI is root
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	p.t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	p.t.Cleanup(cancel)
	p.must(chromedp.Do(ctx, chromedp.Navigate("about:blank"))) // starts it, for as long as the test runs
	w := page{p, ctx}
	w.do(chromedp.Navigate(address))
	return w
}

func chromium(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("KAPU_DESKTOP_TESTS") != "" {
			t.Fatal("no chromium: apt-get install chromium")
		}
		t.Skip("no chromium")
	}
	return program
}

func (w page) do(actions ...chromedp.Action[chromedp.Void]) {
	w.p.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, wait.Hang)
	defer cancel()
	w.p.must(chromedp.Do(ctx, actions...))
}

// shows waits until a text stands on the page.
func (w page) shows(text string) {
	w.p.t.Helper()
	w.until(fmt.Sprintf(`(document.body?.innerText ?? "").includes(%q)`, text))
}

// until waits for an expression of JavaScript to be true.
func (w page) until(expression string) {
	w.p.t.Helper()
	wait.Until(w.p.t, expression, func() bool {
		holds, err := chromedp.Run(w.ctx, chromedp.Evaluate[bool](expression))
		return err == nil && holds
	})
	w.p.step()
}

// take imports a file of n new clients.
func (w page) take(path string, n int) {
	w.p.t.Helper()
	w.until(`document.activeElement?.id === "files"`) // its script listens
	w.do(chromedp.SetUploadFiles("#files", []string{path}))
	w.shows(fmt.Sprintf("%d bejegyzés importálása", n))
	w.do(pagetest.Press(".confirm .main"))
	w.shows(fmt.Sprintf("Kész: %d bejegyzés bekerült", n))
}

// undo takes the import back that was just made.
func (w page) undo(n int) {
	w.p.t.Helper()
	w.do(pagetest.Press(".card [type=button]"))
	w.shows(fmt.Sprintf("%d ügyfél importálása", n))
	w.shows("visszavonva.")
}
