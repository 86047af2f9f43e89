//go:build linux

package panel_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kapu/agent"
	"kapu/config"
)

const written = `# Anna beállításai
ntp_server = "ido.example" # a cégé

[lock]
idle = "25m"

[[group]]
folder = "Zalai cégek" # az első
clients = ["Őrség Kft.", "Nincs Kft."]

[[group]]
folder = "Kft-k"
lock_after = "5m"
`

func (o *office) settings() string {
	o.t.Helper()
	data, err := os.ReadFile(filepath.Join(o.home, "config.toml"))
	if err != nil {
		o.t.Fatal(err)
	}
	return string(data)
}

// What is set on the page is written into the file, in which the rest stays as the person wrote it.
func TestSettings(t *testing.T) {
	o := newOffice(t, written, client("Őrség Kft."), client("Alfa Kft."))
	w := o.open("settings")
	w.until(`document.querySelector("[name='Lock.Idle']")?.value === "25m"`)
	w.shows("25 perc")
	w.shows("nincs ilyen")
	pick := func(name, value string) {
		t.Helper()
		w.until(`(() => { const s = document.getElementsByName(%s)[0]; s.value = %s; return s.value === %s })()`, name, value, value)
	}
	pick("Lock.Idle", "1h")
	pick("Copy.ClearAfter", "45s")
	pick("Copy.ShowCode", "always")
	w.click(`[name="Lock.OnSleep"]`)
	w.keys("Ctrl+s")
	w.shows("A beállítások elmentve")
	text := o.settings()
	for _, line := range []string{"# Anna beállításai", `ntp_server = "ido.example" # a cégé`, `idle = "1h"`, `on_sleep = false`, `clear_after = "45s"`, `show_code = "always"`, `folder = "Zalai cégek" # az első`} {
		if !strings.Contains(text, line) {
			t.Errorf("no %s in\n%s", line, text)
		}
	}

	// Starting at sign-in is not in the file, and counts at once.
	entry := filepath.Join(o.home, ".config", "autostart", "kapu.desktop")
	w.click("#autostart")
	w.shows("bejelentkezéskor elindul")
	if data, err := os.ReadFile(entry); err != nil || !strings.Contains(string(data), "Exec=") {
		t.Errorf("%v: %s", err, data)
	}
	w.click("#autostart")
	w.shows("ezután nem indul el")
	if o.kapu("", "autostart", "status") == "" {
		t.Error("the command says nothing")
	}

	// Groups by keyboard: the second comes first, gets a client, and there is a third.
	w.do(chromedp.Focus(".group:nth-child(2) .grip"))
	w.keys(kb.ArrowUp)
	w.until(`document.querySelector(".group [data-folder]").value === "Kft-k" && document.activeElement.matches(".group:first-child .grip")`)
	w.do(chromedp.SendKeys(".group:first-child [data-client]", "Alfa Kft."+kb.Enter))
	w.until(`document.querySelector(".group:first-child .members bdi")?.innerText === "Alfa Kft."`)
	w.click("#add-group")
	w.until(`document.activeElement.matches(".group:last-child [data-folder]")`)
	w.do(chromedp.SendKeys(".group:last-child [data-folder]", "Új mappa"))
	if strings.Contains(o.settings(), "Alfa Kft.") {
		t.Error("Enter, which adds a client, has saved the settings")
	}
	w.keys("Ctrl+s")
	w.until(`document.querySelector(".notice")?.innerText.includes("elmentve") ?? false`)
	var cfg config.Config
	for deadline := time.Now().Add(patience); len(cfg.Groups) != 3; time.Sleep(20 * time.Millisecond) {
		var err error
		if cfg, err = config.Load(config.Paths{Config: filepath.Join(o.home, "config.toml")}); err != nil || time.Now().After(deadline) {
			t.Fatalf("%v\n%s\n%s", err, o.settings(), w.text())
		}
	}
	if g := cfg.Groups; g[0].Folder != "Kft-k" || strings.Join(g[0].Clients, "|") != "Alfa Kft." || g[0].LockAfter.Duration != 5*time.Minute ||
		g[1].Folder != "Zalai cégek" || g[2].Folder != "Új mappa" {
		t.Errorf("%+v", g)
	}

	// By mouse, a group is dragged to another place.
	w.drag(".group:nth-child(3) .grip", ".group:nth-child(1)")
	w.until(`document.querySelector(".group [data-folder]").value === "Új mappa"`)

	// What somebody writes into the file meanwhile is not overwritten, and shown when asked for.
	if err := os.WriteFile(filepath.Join(o.home, "config.toml"), []byte("language = \"hu\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.click("#form [type=submit]")
	w.shows("közben megváltozott")
	if got := o.settings(); got != "language = \"hu\"\n" {
		t.Errorf("overwritten: %s", got)
	}
	w.click("#reset")
	w.until(`document.querySelectorAll(".group").length === 0 && document.querySelector("[name='Lock.Idle']").value === "15m"`)

	// A bad file is shown with its line.
	if err := os.WriteFile(filepath.Join(o.home, "config.toml"), []byte("language = \"hu\"\nkutya = 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.click("#reset")
	w.until(`/2\. sor.*kutya/.test(document.querySelector("#wrong:not([hidden])")?.innerText)`)

	if err := os.WriteFile(filepath.Join(o.home, "config.toml"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	w.do(chromedp.Navigate(o.link("settings")))
	w.until(`document.querySelector("#all:not([hidden])") !== null`)
	pick("Language", "en")
	w.click("#form [type=submit]")
	w.shows("Automatic lock")
}

// The way of unlocking is changed by who knows the PIN or the password, and what is wrong is said where it was typed.
func TestProtect(t *testing.T) {
	o := newOffice(t, "", client("Alfa Kft."))
	w := o.open("settings")
	w.until(`document.querySelector("#method")?.innerText === "Jelszó"`)
	w.click("#protect")
	w.click("[name=method][value=pin]")
	fill := func(current, secret, again string) {
		w.fill("[name=current]", current)
		w.fill("[name=secret]", secret)
		w.fill("[name=again]", again)
		w.click("#protect-dialog [value=ok]")
	}
	fill("rossz", "735194", "735195")
	w.shows("A kettő nem egyezik")
	fill("rossz", "735194", "735194")
	w.until(`(() => { const said = document.querySelector("#protect-problem").innerText; return said !== "" && !said.includes("egyezik") })()`)
	fill(password, "hosszú és új jelszavam", "hosszú és új jelszavam") // no PIN
	w.until(`/PIN/.test(document.querySelector("#protect-problem").innerText)`)
	w.click("[name=method][value=password]")
	fill(password, "hosszú és új jelszavam", "hosszú és új jelszavam")
	w.shows("megváltozott")
	if eval[bool](w, `[...document.querySelectorAll("[type=password]")].some((i) => i.value !== "")`) {
		t.Error("a password stays in the page")
	}
	o.lock()
	w.shows("Zárolva")
	if _, err := agent.Dial(t.Context(), o.paths()); !errors.Is(err, agent.ErrLocked) {
		t.Fatal(err)
	}
	o.kapu("hosszú és új jelszavam\n", "unlock")
	var err error
	if o.conn, err = agent.Dial(t.Context(), o.paths()); err != nil {
		t.Fatal(err)
	}
	o.conn.Authenticate(password)
}
