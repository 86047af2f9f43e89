//go:build linux

// Command demo shows Kapu where there is no desktop: it brings up a virtual one with a panel and a keychain, starts
// kapu with thirty made-up clients, clicks one with the mouse, prints what arrived on the clipboard and leaves a
// screenshot. `make run` calls it, and `make pictures`, in both languages.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/examples"
	"kapu/lang"
)

var (
	language = flag.String("language", lang.Hungarian, "of kapu: hu or en")
	picture  = flag.String("picture", "kapu-demo.png", "where the open menu's picture goes")
	notice   = flag.String("notice", "", "take a picture of the notice too; needs xfce4-notifyd")
)

func main() {
	flag.Parse()
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// limit is for everything together; it takes about five seconds.
const limit = time.Minute

// run is what a person would do, from the import to the paste, one step after the other and so in one piece.
func run() error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	program, err := filepath.Abs("kapu")
	if err != nil {
		return err
	}
	if _, err := os.Stat(program); err != nil {
		return errors.New("there is no ./kapu here: run this by `make run`, which builds it first")
	}
	fmt.Println("There is no desktop here, so kapu is shown on a virtual one.")
	d, err := desktop.Start(ctx, desktop.Options{Panel: desktop.Xfce, Keyring: true, Notifications: *notice == ""})
	if err != nil {
		return err
	}
	defer d.Stop()
	if *notice != "" {
		if err := startNotices(ctx, d); err != nil {
			return err
		}
	}
	kapu := func(args ...string) *exec.Cmd {
		cmd := d.Command(context.Background(), program, args...)
		cmd.Env = append(cmd.Env, "KAPU_HOME="+filepath.Join(d.Home(), "kapu"), "LANGUAGE="+*language, "LANG=hu_HU.UTF-8")
		return cmd
	}
	defer func() { _ = kapu("lock").Run() }()

	clients := examples.Clients(30, 3)
	list := filepath.Join(d.Home(), "export.txt")
	if err := os.WriteFile(list, examples.Export(clients), 0o600); err != nil {
		return err
	}
	out, err := kapu("import", list).CombinedOutput()
	if err != nil {
		return fmt.Errorf("importing: %w: %s", err, out)
	}
	fmt.Printf("$ kapu import export.txt\n%s", out)

	process, err := d.Launch(kapu())
	if err != nil {
		return err
	}
	fmt.Println("$ kapu")
	tray, err := d.WaitTray(ctx, process.Pid())
	if err != nil {
		return err
	}
	wanted := clients[1]
	path := []string{wanted.Folder, wanted.Name}
	if _, err := tray.WaitItem(ctx, path...); err != nil {
		return err
	}
	if err := tray.HoverPath(ctx, path...); err != nil {
		return err
	}
	if err := d.Screenshot(ctx, *picture); err != nil {
		return err
	}
	if err := d.CloseMenus(ctx); err != nil {
		return err
	}
	if err := tray.MousePath(ctx, path...); err != nil {
		return err
	}
	fmt.Printf("clicked: %s\n", strings.Join(path, " → "))
	said, err := heard(ctx, d)
	if err != nil {
		return err
	}
	code, err := d.Clipboard(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("notice: %s\nclipboard: %s\nscreenshot: %s\n", said, code, *picture)
	return nil
}

// heard returns the notice of a copied code, or takes its picture.
func heard(ctx context.Context, d *desktop.Desktop) (string, error) {
	if *notice != "" {
		return *notice, shootNotice(ctx, d, *notice)
	}
	n, err := d.Notifications().Wait(ctx, func(n desktop.Notification) bool {
		// A code about to expire is announced first, and waited for.
		return strings.Contains(n.Body, "vágólap") || strings.Contains(n.Body, "clipboard")
	})
	return n.Body, err
}
