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
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"kapu/agent"
	"kapu/config"
	"kapu/exchange"
	"kapu/internal/wait"
)

var program string

// TestMain builds the program: the page is tried in the process that serves it.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "kapu-panel-")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(dir, "kapu")
	build := exec.Command("go", "build", "-o", program, "kapu")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%s\n", out)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
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

// kapu runs a command as a person without a desktop would.
func (o *office) kapu(in string, args ...string) string {
	o.t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH")}, o.env...)
	cmd.Env = append(cmd.Env, "HOME="+o.home, "KAPU_HOME="+o.home, "LANG=hu_HU.UTF-8")
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

// newBrowser starts a browser with a profile of its own.
func newBrowser(t *testing.T, flags ...chromedp.ExecAllocatorOption) *window {
	t.Helper()
	if _, err := exec.LookPath("chromium"); err != nil {
		if os.Getenv("KAPU_DESKTOP_TESTS") != "" {
			t.Fatal("no chromium: apt-get install chromium")
		}
		t.Skip("no chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath("chromium"), chromedp.WindowSize(1180, 760),
		chromedp.WSURLReadTimeout(patience))
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox) // chromium has no sandbox for root, and CI is root
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), append(options, flags...)...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	w := &window{t: t, ctx: ctx}
	messages := chromedp.Console(ctx) // starts it, for as long as the test runs
	go func() {
		for m, err := range messages {
			// That a request was refused is often what is tried.
			if err == nil && m.Source != "network" && (m.IsException() || m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleWarning) &&
				(w.forgive.Load() == nil || !strings.Contains(m.String(), *w.forgive.Load())) {
				t.Errorf("in the page: %s", m)
			}
		}
	}()
	return w
}

// open shows a view in a new browser.
func (o *office) open(view string) *window {
	o.t.Helper()
	w := newBrowser(o.t)
	w.do(chromedp.Navigate(o.link(view)))
	return w
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

// until waits for an expression of JavaScript to be true. Its values are put in as JSON.
func (w *window) until(expression string, values ...any) {
	w.t.Helper()
	for deadline := time.Now().Add(patience); !eval[bool](w, expression, values...); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			w.t.Fatalf("never: %s; the page shows:\n%s", filled(expression, values), w.text())
		}
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
