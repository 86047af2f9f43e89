//go:build linux

package panel_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"kapu/agent"
	"kapu/config"
	"kapu/exchange"
	"kapu/internal/examples"
)

// managedOffice is a person on a machine with an administrator's settings at their real place, in an /etc/xdg that only
// this person's programs see.
func managedOffice(t *testing.T, machine string, entries ...exchange.Entry) *office {
	t.Helper()
	mounts := []string{"--mount"}
	if os.Getuid() != 0 {
		mounts = []string{"--map-root-user", "--mount"}
	}
	if err := exec.Command("unshare", append(mounts, "true")...).Run(); err != nil {
		t.Skip("this system lets no test have an /etc/xdg of its own")
	}
	o := &office{t: t, home: t.TempDir()}
	dir := filepath.Join(t.TempDir(), "kapu")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "config.toml"), []byte(machine), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := examples.PasswordFile(o.home, password); err != nil {
		t.Fatal(err)
	}
	const run = `mount --bind "$0" /etc/xdg && exec "$@"`
	cmd := exec.Command("unshare", append(mounts, "sh", "-c", run, filepath.Dir(dir), program, "unlock", "--password")...)
	cmd.Env = o.environ()
	cmd.Stdin = strings.NewReader(password + "\n")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var err error
	if o.conn, err = agent.Dial(t.Context(), o.paths()); err != nil {
		t.Fatal(err)
	}
	o.conn.Authenticate(password)
	t.Cleanup(o.lock)
	if _, err := o.conn.Import(t.Context(), agent.Import{Entries: entries}); err != nil {
		t.Fatal(err)
	}
	return o
}

const decided = `[lock]
on_sleep = false
[policy]
methods         = ["pin", "password"]
idle_most       = "10m"
no_plain_export = true
office_store    = "/srv/kapu/iroda"
audit           = "system"
`

// What an administrator has decided is said, with why a field cannot be changed, and holds whoever asks for more.
func TestPolicyOnThePage(t *testing.T) {
	o := managedOffice(t, decided, client("Alfa Kft."))
	w := o.open("settings")
	w.until(`document.querySelector("[name='Lock.Idle']")?.value === "10m"`)
	for _, said := range []string{"PIN-kód vagy jelszó", "legkésőbb ennyi idő után zárolódik: 10 perc", "/srv/kapu/iroda", "titkosítatlan"} {
		w.shows(said)
	}
	w.until(`[...document.querySelector("[name='Lock.Idle']").options].map((o) => o.value).join(" ") === "1m 2m 5m 10m"`)
	w.until(`!document.querySelector("[name='Lock.OnSleep']").checked`) // a default of the machine's, for the person to change
	w.fits("policy-settings")
	w.narrow()
	w.fits("policy-settings-narrow")
	w.resize(390, 760)
	w.fits("policy-settings-telephone")
	w.resize(1180, 760)

	w.click("#protect")
	w.until(`document.querySelector("dialog [value=keychain]").getAttribute("aria-disabled") === "true"`)
	w.click("dialog [value=keychain]")
	w.until(`document.querySelector("dialog [value=password]").checked`)
	w.fits("policy-protect")
	w.keys(kb.Escape)

	w.click(`[name="Lock.OnSleep"]`)
	w.keys("Ctrl+s")
	w.shows("A beállítások elmentve")
	if text := o.settings(); text != "[lock]\non_sleep = true\n" {
		t.Errorf("of the person's own there is %q", text)
	}

	// A face that asks for more than its page offers is refused by the agent.
	now, err := o.conn.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	looser := now.Config
	looser.Lock.Idle, looser.Policy = config.Duration{}, config.Policy{}
	for what, err := range map[string]error{
		"no idle time": o.conn.Configure(t.Context(), agent.Configure{From: now.Config, To: looser}),
		"the keychain": o.conn.Protect(t.Context(), agent.Protect{Method: "keychain"}),
		"a plain export": func() error {
			_, err := o.conn.Export(t.Context(), agent.Export{Format: "csv"})
			return err
		}(),
		"another store": func() error {
			_, err := o.conn.OfficeCreate(t.Context(), agent.OfficeCreate{Store: t.TempDir(), Office: "Iroda", Name: "Anna"})
			return err
		}(),
	} {
		if err == nil || !strings.Contains(err.Error(), "administrator of this machine") {
			t.Errorf("%s: %v", what, err)
		}
	}

	export := o.open("export")
	export.until(`document.querySelector("[name=format] option[value=csv]")?.disabled === true &&
		!document.querySelector("[name=format]").selectedOptions[0].disabled`)
	export.shows("nem engedi a kulcsokat titkosítatlan fájlba menteni")
	export.fits("policy-export")
	enter := o.open("office")
	enter.until(`document.querySelector("#create [name=store]")?.value === "/srv/kapu/iroda" &&
		document.querySelector("#create [name=store]").readOnly`)
	enter.fits("policy-office")
}

// The page examines the machine as the command does.
func TestDoctorOnThePage(t *testing.T) {
	o := newOffice(t, "ntp_server = \"127.0.0.1:9\"\n", client("Alfa Kft."))
	w := o.open("settings/doctor")
	w.until(`document.querySelectorAll("#findings li").length > 10`)
	w.until(`document.querySelector("#findings li").className === "failed"`) // what is to be done stands first
	w.shows("Teendő:")
	w.shows("nem volt elérhető")
	w.until(`document.querySelector("nav.parts [aria-current]").innerText === "Ellenőrzés"`)
	for _, scheme := range []string{"light", "dark"} {
		w.dark(scheme == "dark")
		w.fits("doctor-" + scheme)
	}
	w.narrow()
	w.fits("doctor-narrow")
	w.resize(390, 760)
	w.fits("doctor-telephone")
	w.resize(1180, 760)
	w.click("#again")
	w.shows("Teendő:")
}
