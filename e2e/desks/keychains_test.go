//go:build linux

package desks

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
)

// keychain is a program that keeps passwords, and what it asks the person, each time by a dialog.
type keychain struct {
	begin func(*person) *desktop.Process
	first []dialog // while the vault is made
	later []dialog // at the first unlocking after the keychain has begun anew
}

// dialog is a window of the keychain's and what the person answers to it.
type dialog struct {
	title string   // a regular expression
	keys  []string // after which it has gone
}

const secretsName = "org.freedesktop.secrets"

// keychains are those that a bookkeeper's desktop may have. Its usual one, a gnome-keyring that opens with the session,
// all other tests have.
var keychains = map[string]keychain{
	"KeePassXC": {keepassxc, []dialog{{"^Unlock Database", typed("Return")}}, []dialog{{"^Unlock Database", typed("Return")}}},
}

// Each keychain keeps the key; it is asked nothing that it need not be, and asks again only after it has begun anew.
func TestKeychains(t *testing.T) {
	asked(t)
	for name, k := range keychains {
		t.Run(name, func(t *testing.T) {
			machine := desktoptest.Start(t, desktop.Options{Display: true})
			p := &person{Desktop: machine, desk: desk{name: "XFCE"}, t: t, ctx: desktoptest.Context(t)}
			p.seat = x11{machine, p.environ}
			service := k.begin(p)
			p.unlocks(k.first)
			p.kapu("lock")
			p.unlocks(nil)
			p.kapu("lock")
			service.Stop()
			k.begin(p)
			p.unlocks(k.later)
			p.kapu("lock")
		})
	}
}

// unlocks runs `kapu unlock` while the person answers dialogs.
func (p *person) unlocks(dialogs []dialog) {
	p.t.Helper()
	cmd := p.Command(context.Background(), program, "unlock")
	cmd.Env = append(cmd.Env, p.environ()...)
	done := make(chan output, 1)
	go func() { done <- run(cmd) }()
	for i, d := range dialogs {
		if err := p.FocusWindow(p.ctx, d.title); err != nil {
			p.picture("dialog")
			select {
			case out := <-done:
				p.t.Fatalf("%v: without the dialog %q: %s", out.err, d.title, out.data)
			default:
				p.t.Fatal(err)
			}
		}
		time.Sleep(300 * time.Millisecond) // a dialog takes no keys in its first moment
		p.picture("dialog " + string(rune('1'+i)))
		p.must(p.Key(p.ctx, d.keys...))
	}
	select {
	case out := <-done:
		p.must(out.err)
	case <-p.ctx.Done():
		p.picture("unlock")
		p.t.Fatal("kapu unlock does not end")
	}
}

// waitName waits for a service on the bus.
func (p *person) waitName(name string) {
	p.t.Helper()
	p.until(name, func() bool {
		there, err := p.HasName(name)
		p.must(err)
		return there
	})
}

// password is the keychains' own.
const password = "titok"

// typed are the keys of the password, and others after it.
func typed(then ...string) []string { return append(strings.Split(password, ""), then...) }

// keepassxc begins KeePassXC with a database, a group of which is the Secret Service's. It is told not to ask for each
// item, as a person can.
func keepassxc(p *person) *desktop.Process {
	database := filepath.Join(p.Home(), "keys.kdbx")
	if found, _ := filepath.Glob(database); found == nil {
		p.writes("keys.xml", keepassXML)
		cli := exec.Command("keepassxc-cli", "import", "-p", "-t", "100", filepath.Join(p.Home(), "keys.xml"), database)
		cli.Env = append(p.Env(), "QT_QPA_PLATFORM=offscreen")
		cli.Stdin = strings.NewReader(password + "\n" + password + "\n")
		p.must(run(cli).err)
		p.writes("keepassxc.ini", "[General]\nConfigVersion=2\nUpdateCheckMessageShown=true\nAutoSaveAfterEveryChange=true\n"+
			"[FdoSecrets]\nEnabled=true\nConfirmAccessItem=false\nConfirmDeleteItem=false\n")
	}
	cmd := p.Command(context.Background(), "keepassxc", "--config", filepath.Join(p.Home(), "keepassxc.ini"),
		"--localconfig", filepath.Join(p.Home(), "local.ini"), database)
	daemon, err := p.Launch(cmd)
	p.must(err)
	p.waitName(secretsName)
	return daemon
}

// keepassXML is a database whose one group the Secret Service has.
const keepassXML = `<?xml version="1.0" encoding="UTF-8"?>
<KeePassFile>
  <Meta>
    <DatabaseName>keys</DatabaseName>
    <CustomData><Item><Key>FDO_SECRETS_EXPOSED_GROUP</Key><Value>{01020304-0506-0708-090a-0b0c0d0e0f10}</Value></Item></CustomData>
  </Meta>
  <Root>
    <Group><UUID>AQIDBAUGBwgJCgsMDQ4PEA==</UUID><Name>Root</Name></Group>
  </Root>
</KeePassFile>
`
