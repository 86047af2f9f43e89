//go:build linux

package panel_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"

	"kapu/agent"
	"kapu/config"
	"kapu/exchange"
	"kapu/internal/examples"
	"kapu/internal/wait"
)

// program is the program that is tried, and races where its race detector writes what it finds, if it has one.
var program, races string

// TestMain builds the program: the page is tried in the process that serves it. Under the race detector that process
// is watched too, and all that work with it.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "kapu-panel-")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(dir, "kapu")
	build := exec.Command("go", "build", "-o", program, "kapu")
	if raceEnabled {
		races = filepath.Join(dir, "race")
		build = exec.Command("go", "build", "-race", "-o", program, "kapu")
	} else {
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
	}
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%s\n", out)
		os.Exit(1)
	}
	code := m.Run()
	if shared.stop != nil {
		shared.stop()
	}
	if found := racesFound(); found != "" {
		fmt.Fprintf(os.Stderr, "the program's race detector:\n%s\n", found)
		code = 1
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

// racesFound is what the race detectors of the program's processes have written.
func racesFound() string {
	var found strings.Builder
	reports, _ := filepath.Glob(races + ".*")
	for _, report := range reports {
		text, _ := os.ReadFile(report)
		found.Write(text)
	}
	return found.String()
}

const password = "helyes ló elem kapocs"

// office is a person with an unlocked vault.
type office struct {
	t    *testing.T
	home string
	env  []string // besides what a person without a desktop has
	conn *agent.Conn
}

// newOffice unlocks a vault with these clients. It speaks Hungarian unless settings say otherwise.
func newOffice(t *testing.T, settings string, entries ...exchange.Entry) *office {
	t.Helper()
	return newOfficeOn(t, nil, settings, entries...)
}

// newOfficeOn does it on a desktop, of which the environment tells.
func newOfficeOn(t *testing.T, env []string, settings string, entries ...exchange.Entry) *office {
	t.Helper()
	o := &office{t: t, home: t.TempDir(), env: env}
	if err := os.WriteFile(filepath.Join(o.home, "config.toml"), []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := examples.PasswordFile(o.home, password); err != nil {
		t.Fatal(err)
	}
	o.kapu(password+"\n", "unlock", "--password")
	o.dial()
	t.Cleanup(o.lock)
	if len(entries) > 0 {
		if _, err := o.conn.Import(t.Context(), agent.Import{Entries: entries, Decisions: exchange.Decisions{Doubtful: true}}); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// dial connects to the agent that runs now.
func (o *office) dial() {
	o.t.Helper()
	var err error
	if o.conn, err = agent.Dial(o.t.Context(), o.paths()); err != nil {
		o.t.Fatal(err)
	}
	o.conn.Authenticate(password)
}

func (o *office) paths() config.Paths {
	return config.Paths{Vault: o.home, Runtime: filepath.Join(o.home, "run"), State: filepath.Join(o.home, "state")}
}

func (o *office) lock() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_ = o.conn.Lock(ctx)
}

// environ is what this person's programs are started with.
func (o *office) environ() []string {
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + o.home, "KAPU_HOME=" + o.home}
	return append(append(env, o.env...), "LANG=hu_HU.UTF-8", "LC_ALL=", "GORACE="+os.Getenv("GORACE")+" log_path="+races)
}

// kapu runs a command as a person without a desktop would.
func (o *office) kapu(in string, args ...string) string {
	o.t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = o.environ()
	cmd.Stdin = strings.NewReader(in)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		o.t.Fatalf("kapu %v: %v\n%s", args, err, said.String())
	}
	return strings.TrimSpace(out.String())
}

// link asks for one as `kapu open --link` does.
func (o *office) link(view string) string {
	o.t.Helper()
	link, err := o.conn.Link(o.t.Context(), view)
	if err != nil {
		o.t.Fatal(err)
	}
	return link
}

// window is a browser that shows the page. What goes wrong in its scripts fails the test.
type window struct {
	t       *testing.T
	ctx     context.Context
	forgive atomic.Pointer[string] // what the browser may complain of, because it is what is tried
}

// shared is the browser of all tests, one program: Chromium's without a screen, or Chromium itself without one, which
// is the same engine at twice the cost. (TestQuickSearchOnADesktop and package e2e have the whole Chromium.) It is
// started by the first test that shows something, and ended by TestMain. What a test sees of it is as if it were its
// own: see newBrowser.
var shared struct {
	start sync.Once
	ctx   context.Context
	err   error
	stop  context.CancelFunc
}

// browserProgram is the path of the browser, "" if there is none.
func browserProgram() string {
	for _, name := range []string{"chromium-headless-shell", "chromium"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// startBrowser starts it.
func startBrowser() {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browserProgram()), chromedp.WindowSize(1180, 760),
		chromedp.WSURLReadTimeout(patience),
		chromedp.Flag("disable-features", "Translate,BlinkGenPropertyTrees,SpareRendererForSitePerProcess")) // a renderer that may never be used
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox) // chromium has no sandbox for root, and CI is root
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	shared.ctx, _ = chromedp.NewContext(allocator)
	shared.stop = stop
	shared.err = chromedp.Do(shared.ctx) // starts it, for as long as the program runs
}

// newBrowser opens a window of a browser of its own: a profile that shares nothing with other windows, as that of an
// incognito window is, and is forgotten with the test.
func newBrowser(t *testing.T) *window {
	t.Helper()
	if browserProgram() == "" {
		if os.Getenv("KAPU_DESKTOP_TESTS") != "" {
			t.Fatal("no chromium: apt-get install chromium-headless-shell")
		}
		t.Skip("no chromium")
	}
	if shared.start.Do(startBrowser); shared.err != nil {
		t.Fatal(shared.err)
	}
	ctx, cancel := chromedp.NewContext(shared.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	w := &window{t: t, ctx: ctx}
	messages := chromedp.Console(ctx) // opens it, for as long as the test runs
	go func() {
		for m, err := range messages {
			// That a request was refused is often what is tried.
			if err == nil && m.Source != "network" && (m.IsException() || m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleWarning) &&
				(w.forgive.Load() == nil || !strings.Contains(m.String(), *w.forgive.Load())) {
				t.Errorf("in the page: %s (%s:%d)", m, m.URL, m.Line+1)
			}
		}
	}()
	return w
}

// open shows a view in a new browser.
func (o *office) open(view string) *window {
	o.t.Helper()
	w := newBrowser(o.t)
	w.enter(o.link(view))
	return w
}

// enter opens a link and waits until the page has left what exchanges it: what is asked of that is gone with it.
func (w *window) enter(link string) {
	w.t.Helper()
	w.do(chromedp.Navigate(link))
	w.until(`document.readyState === "complete" && document.querySelector("script[src='/static/open.js']") === null`)
}

// patience is the watchdog's limit of whatever is waited for.
const patience = wait.Hang

func (w *window) do(actions ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		w.t.Fatalf("%v; the page shows:\n%s", err, w.text())
	}
}

// text is what stands on the page.
func (w *window) text() string {
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	text, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body?.innerText ?? ""`))
	return text
}

// html is the whole page as it is now. One that is only beginning has nothing yet.
func (w *window) html() (html string) {
	w.t.Helper()
	wait.Until(w.t, "a page", func() bool {
		html = eval[string](w, `document.documentElement?.outerHTML ?? ""`)
		return html != ""
	})
	return html
}

// until waits for an expression of JavaScript to be true. Its values are put in as JSON.
func (w *window) until(expression string, values ...any) {
	w.t.Helper()
	if !wait.Poll(func() bool { return eval[bool](w, expression, values...) }) {
		w.t.Fatalf("never: %s; the page shows:\n%s", filled(expression, values), w.text())
	}
}

// eval returns the value of an expression.
func eval[T any](w *window, expression string, values ...any) T {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](filled(expression, values)))
	if err != nil && strings.Contains(err.Error(), "navigated") { // it was asked of a page that was just leaving
		return eval[T](w, expression, values...)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return value
}

func filled(expression string, values []any) string {
	if len(values) == 0 {
		return expression
	}
	texts := make([]any, len(values))
	for i, v := range values {
		data, _ := json.Marshal(v)
		texts[i] = string(data)
	}
	return fmt.Sprintf(expression, texts...)
}

// resize gives the page another size, and waits until it has arranged itself in it: before a frame is drawn, those who
// observe the size are told.
func (w *window) resize(width, height int64) {
	w.t.Helper()
	w.do(chromedp.EmulateViewport(width, height))
	w.until(`innerWidth === %s`, width)
	w.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		const drawn = `new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(() => go(true))))`
		_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](drawn, chromedp.EvalAwaitPromise))
		return err
	}))
}

func (w *window) shows(text string) {
	w.t.Helper()
	w.until(`(document.body?.innerText ?? "").includes(%s)`, text)
}

// drag moves something with the mouse as a person does: what listens hears of dragging, not of clicks.
func (w *window) drag(what, onto string) {
	w.t.Helper()
	eval[bool](w, `(() => {
		const [from, to] = [document.querySelector(%s), document.querySelector(%s)];
		const data = new DataTransfer();
		from.dispatchEvent(new DragEvent("dragstart", { bubbles: true, dataTransfer: data }));
		const over = new DragEvent("dragover", { bubbles: true, cancelable: true, dataTransfer: data });
		if (to.dispatchEvent(over)) return false; // it takes nothing
		to.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));
		return from.dispatchEvent(new DragEvent("dragend", { bubbles: true, dataTransfer: data }));
	})()`, what, onto)
}
