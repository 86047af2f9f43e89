//go:build linux

// Command demo shows Kapu where there is no desktop: it brings up a virtual one with a panel and a keychain, starts
// kapu with thirty made-up clients, clicks one with the mouse, prints what arrived on the clipboard and leaves a
// screenshot. `make run` calls it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/examples"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// limit is for everything together; it takes about five seconds.
const limit = time.Minute

const picture = "kapu-demo.png"

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
	d, err := desktop.Start(ctx, desktop.Options{Panel: true, Keyring: true, Notifications: true})
	if err != nil {
		return err
	}
	defer d.Stop()
	kapu := func(args ...string) *exec.Cmd {
		cmd := d.Command(context.Background(), program, args...)
		cmd.Env = append(cmd.Env, "KAPU_HOME="+filepath.Join(d.Home(), "kapu"), "LANG=hu_HU.UTF-8")
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
	if err := d.Screenshot(ctx, picture); err != nil {
		return err
	}
	if err := d.CloseMenus(ctx); err != nil {
		return err
	}
	if err := tray.MousePath(ctx, path...); err != nil {
		return err
	}
	fmt.Printf("clicked: %s\n", strings.Join(path, " → "))
	notice, err := d.Notifications().Wait(ctx, func(n desktop.Notification) bool {
		return strings.Contains(n.Body, "vágólap") // a code about to expire is announced first, and waited for
	})
	if err != nil {
		return err
	}
	code, err := d.Clipboard(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("notice: %s\nclipboard: %s\nscreenshot: %s\n", notice.Body, code, picture)
	return nil
}
