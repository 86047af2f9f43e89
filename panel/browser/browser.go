// Package browser shows the page in a window.
//
// Its promise: if there is a browser that can show a page as a program's own window, it does, with a profile that
// nothing else uses, so without extensions; else the person's usual browser shows it in a tab. The link is worth
// nothing to other users of the machine, who can see it among the arguments of processes (docs/security.md).
package browser

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"kapu/config"
	"kapu/internal/disk"
	"kapu/internal/process"
	"kapu/lang"
)

// Window is what a window looks like when it is first shown.
type Window struct{ Width, Height int }

// The windows of the page.
var (
	Large = Window{1180, 760}
	Small = Window{460, 520}
)

// Show opens a link.
func Show(paths config.Paths, link string, w Window) error {
	if !Screen() {
		return lang.E("page-no-screen")
	}
	profile := filepath.Join(paths.State, "browser-"+config.Session())
	if err := disk.TrustedFolder(profile); err != nil {
		return lang.E("page-no-browser", "Reason", err)
	}
	chosen := os.Getenv(Variable)
	programs := find()
	if chosen != "" {
		programs = []string{chosen}
	}
	for _, program := range programs {
		if start(program, arguments(link, profile, w)...) == nil {
			return nil
		}
	}
	if chosen != "" {
		return lang.E("page-bad-browser", "Program", chosen, "Variable", Variable)
	}
	if err := showDefault(link); err != nil {
		return lang.E("page-no-browser", "Reason", err)
	}
	return nil
}

// Variable is that of the environment which names a browser of the Chromium kind to be used, and no other.
const Variable = "KAPU_BROWSER"

// arguments make a Chromium show one page and no more: no tour, no sync, no extensions, no calls of its own, nothing
// in a cache on the disk, no question to the keychain. A desktop session has a profile of its own, because a browser
// hands what it is told to the one that has the profile, on whatever screen that is.
func arguments(link, profile string, w Window) []string {
	return []string{
		"--app=" + link, "--user-data-dir=" + profile, fmt.Sprintf("--window-size=%d,%d", w.Width, w.Height), "--class=kapu",
		"--no-first-run", "--no-default-browser-check", "--disable-default-apps", "--disable-extensions", "--disable-sync",
		"--disable-background-mode", "--disable-background-networking", "--disable-component-update", "--disable-breakpad",
		"--disable-features=Translate,AutofillServerCommunication", "--disk-cache-size=1", "--password-store=basic",
	}
}

// refuseTime is how long a browser that cannot start may take to say so.
const refuseTime = time.Second

// start runs a program that outlives this one. One that has handed the link to another of its kind ends well.
func start(program string, args ...string) error {
	cmd := exec.Command(program, args...)
	cmd.SysProcAttr = process.Detached()
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-time.After(refuseTime):
		return nil
	}
}
