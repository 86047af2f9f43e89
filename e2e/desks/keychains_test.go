//go:build linux

package desks

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
	"kapu/internal/wait"
)

// keychain is a program that keeps passwords, and asks the person for its own one by a window.
type keychain struct {
	desktop string // as XDG_CURRENT_DESKTOP has it
	begin   func(*person) (stop func())
	window  []string   // what xdotool finds its questions by
	first   [][]string // the keys that answer each of its questions while the vault is made
	later   [][]string // at the first unlocking after it has begun anew
}

// password is that of each keychain.
var password = []string{"t", "i", "t", "o", "k"}

// twice is a new password.
var twice = slices.Concat(password, []string{"Tab"}, password, []string{"Return"})

// once is the password of what is there.
var once = slices.Concat(password, []string{"Return"})

// keychains are those that a bookkeeper's desktop may have; the bus would start GNOME's beside each. The usual one, a
// gnome-keyring whose collection `login` opens with the session, all other tests have.
var keychains = map[string]keychain{
	"KeePassXC": {
		desktop: "XFCE", begin: keepassxc, window: []string{"--name", "^Unlock Database"},
		first: [][]string{once}, later: [][]string{once},
	},
	// Its windows have a title that only window managers read. The first offers GPG; the keyboard is at the other kind.
	"KWallet": {
		desktop: "KDE", begin: kwallet, window: []string{"--class", "kwalletd5"},
		first: [][]string{{"space", "Return"}, twice}, later: [][]string{once},
	},
	"gnome-keyring without login": {
		desktop: "GNOME", begin: gnomeKeyring, window: []string{"--class", "gcr-prompter"},
		first: [][]string{twice}, later: [][]string{once},
	},
}

// Each keychain keeps the key. It asks nothing that it need not, and the same question only after it has begun anew.
func TestKeychains(t *testing.T) {
	asked(t)
	for name, k := range keychains {
		t.Run(name, func(t *testing.T) {
			p := k.sits(t)
			for _, questions := range [][][]string{k.first, k.later} {
				stop := k.begin(p)
				p.onBus("org.freedesktop.secrets")
				p.unlocks(k, questions)
				p.kapu("lock")
				p.unlocks(k, nil)
				p.kapu("lock")
				stop()
			}
		})
	}
}

// The key that is in KDE's wallet is found there also when GNOME's keychain was the first to become the Secret Service.
func TestKWalletBesideGnomeKeyring(t *testing.T) {
	asked(t)
	k := keychains["KWallet"]
	p := k.sits(t)
	stop := k.begin(p)
	p.onBus("org.freedesktop.secrets")
	p.unlocks(k, k.first)
	p.kapu("lock")
	stop()
	gnomeKeyring(p)
	p.onBus("org.freedesktop.secrets")
	k.begin(p)
	p.onBus("org.kde.kwalletd5")
	p.unlocks(k, k.later)
	p.kapu("lock")
	p.unlocks(k, nil)
}

// sits brings a person to a desktop on which the keychain can ask.
func (k keychain) sits(t *testing.T) *person {
	t.Helper()
	p := desk{name: k.desktop}.sits(t, desktop.Options{Display: true, Services: true})
	_, err := p.run("dbus-update-activation-environment", "--all") // as a session does for what the bus starts
	p.must(err)
	return p
}

// onBus waits until a service is on the bus.
func (p *person) onBus(name string) {
	p.t.Helper()
	p.until(name, func() bool {
		there, err := p.HasName(name)
		p.must(err)
		return there
	})
}

// unlocks runs `kapu unlock` while the person answers the keychain's questions.
func (p *person) unlocks(k keychain, questions [][]string) {
	p.t.Helper()
	unlocked := make(chan error, 1)
	go func() {
		_, err := p.run(program, "unlock")
		unlocked <- err
	}()
	earlier := ""
	for _, keys := range questions {
		earlier = p.question(k, earlier)
		p.picture("asks")
		p.must(p.Key(desktoptest.Context(p.t), keys...))
	}
	p.must(wait.For(p.t, "kapu unlock", unlocked))
}

// question waits until a question other than the earlier one has the keyboard, and returns its window.
func (p *person) question(k keychain, earlier string) (window string) {
	p.t.Helper()
	p.until("a question of the keychain", func() bool {
		found, _ := p.run("xdotool", append([]string{"search", "--onlyvisible"}, k.window...)...) // finding none is an error
		active, _ := p.run("xdotool", "getactivewindow")
		window = strings.TrimSpace(string(active))
		return window != earlier && slices.Contains(strings.Fields(string(found)), window)
	})
	return window
}

// keepassxc begins KeePassXC with a database, a group of which is the Secret Service's. It is told not to ask for each
// item, as a person can.
func keepassxc(p *person) (stop func()) {
	database := filepath.Join(p.Home(), "keys.kdbx")
	if found, _ := filepath.Glob(database); found == nil {
		p.writes("keys.xml", keepassXML)
		cli := p.command("keepassxc-cli", "import", "-p", "-t", "100", filepath.Join(p.Home(), "keys.xml"), database)
		cli.Env = append(cli.Env, "QT_QPA_PLATFORM=offscreen")
		cli.Stdin = strings.NewReader(strings.Repeat(strings.Join(password, "")+"\n", 2))
		p.must(cli.Run())
		p.writes("keepassxc.ini", "[General]\nConfigVersion=2\nUpdateCheckMessageShown=true\nAutoSaveAfterEveryChange=true\n"+
			"[FdoSecrets]\nEnabled=true\nConfirmAccessItem=false\nConfirmDeleteItem=false\n")
	}
	// In the desktop's English, by which its question is found.
	process, err := p.Launch(p.Command(context.Background(), "keepassxc", "--config", filepath.Join(p.Home(), "keepassxc.ini"),
		"--localconfig", filepath.Join(p.Home(), "local.ini"), database))
	p.must(err)
	return process.Stop
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

// kwallet begins KDE's wallet as the Secret Service, too, which it is from Plasma 5.27 on.
func kwallet(p *person) (stop func()) {
	p.writes(".config/kwalletrc", "[Wallet]\nFirst Use=false\nEnabled=true\n\n[org.freedesktop.secrets]\napiEnabled=true\n")
	return p.launch("kwalletd5").Stop
}

// gnomeKeyring begins gnome-keyring without a password, as a session does where the person signs in without one.
func gnomeKeyring(p *person) (stop func()) {
	p.launch("gnome-keyring-daemon", "--foreground", "--components=secrets")
	return func() {
		for _, pid := range p.processes("gnome-keyring-d") {
			p.must(syscall.Kill(pid, syscall.SIGTERM))
		}
		p.until("the keychain's end", func() bool { return len(p.processes("gnome-keyring-d")) == 0 })
	}
}
