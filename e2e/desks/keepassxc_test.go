//go:build linux

package desks

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
	"kapu/internal/wait"
)

// keepassPassword is the database's.
const keepassPassword = "titok"

// KeePassXC keeps the key as the Secret Service, as a bookkeeper may have it instead of the desktop's own keychain. It
// asks for its database when Kapu asks for the key, and again only after it has begun anew.
func TestKeePassXC(t *testing.T) {
	asked(t)
	machine := desktoptest.Start(t, desktop.Options{Display: true})
	p := &person{Desktop: machine, desk: desk{name: "XFCE"}, t: t}
	p.seat = x11{p}
	database := filepath.Join(p.Home(), "keys.kdbx")
	p.writes("keys.xml", keepassXML)
	cli := p.command("keepassxc-cli", "import", "-p", "-t", "100", filepath.Join(p.Home(), "keys.xml"), database)
	cli.Env = append(cli.Env, "QT_QPA_PLATFORM=offscreen")
	cli.Stdin = strings.NewReader(keepassPassword + "\n" + keepassPassword + "\n")
	p.must(cli.Run())
	// It is told not to ask for each item, as a person can.
	p.writes("keepassxc.ini", "[General]\nConfigVersion=2\nUpdateCheckMessageShown=true\nAutoSaveAfterEveryChange=true\n"+
		"[FdoSecrets]\nEnabled=true\nConfirmAccessItem=false\nConfirmDeleteItem=false\n")
	for range 2 {
		// In the desktop's English, by which its dialog is found.
		service, err := p.Launch(p.Command(context.Background(), "keepassxc", "--config", filepath.Join(p.Home(), "keepassxc.ini"),
			"--localconfig", filepath.Join(p.Home(), "local.ini"), database))
		p.must(err)
		p.until("the Secret Service", func() bool {
			there, err := p.HasName("org.freedesktop.secrets")
			p.must(err)
			return there
		})
		unlocked := make(chan error, 1)
		go func() {
			_, err := p.run(program, "unlock")
			unlocked <- err
		}()
		p.must(p.Answer(desktoptest.Context(t), "^Unlock Database", keepassPassword))
		p.must(wait.For(t, "kapu unlock", unlocked))
		p.kapu("lock")
		p.kapu("unlock")
		p.kapu("lock")
		service.Stop()
	}
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
