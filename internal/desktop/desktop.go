//go:build linux

package desktop

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
)

// startLimit bounds Start and each later start of one part: a part that needs longer is broken.
const startLimit = 2 * time.Minute

// Options say what a desktop consists of. The zero value is a session bus and a private home, no more.
type Options struct {
	Keyring       bool   // a Secret Service with an unlocked collection "login"
	Display       bool   // an X server with a window manager
	Panel         *Panel // what hosts the tray; implies Display
	Notifications bool   // a stand-in that records notifications, see Desktop.Notifications
	Swing         bool   // SwingField will be called; implies Display, starts nothing by itself
	Sway          bool   // StartSway will be called; starts nothing by itself
	Screen        bool   // an X server with nothing on it, for a session that brings its own window manager
	Services      bool   // the bus starts the machine's services when they are asked for, as a person's own bus does

	// Dir holds the desktop's home and logs and is left in place by Stop. When it is empty,
	// they are in a temporary folder that Stop removes.
	Dir string
}

func (o Options) display() bool { return o.Display || o.Panel != nil || o.Swing }

// Desktop is a running virtual desktop. Its methods may be called from several goroutines,
// but there is one mouse and one keyboard.
type Desktop struct {
	opts      Options
	dir       string // home, logs
	runtime   string // XDG_RUNTIME_DIR; short, since it holds sockets
	temporary []string
	bus       *dbus.Conn

	mu            sync.Mutex
	display       string     // ":7"
	address       string     // of the bus
	processes     []*Process // in the order they were started
	panel         *Process
	keyring       *Process
	notifications *Notifications
	metrics       metrics
	counter       int // of log files
	repairs       []string
	stopped       bool
}

// Start brings a desktop up and returns when every part of it answers.
// The context bounds the start only; the desktop runs until Stop.
func Start(ctx context.Context, opts Options) (*Desktop, error) {
	if missing := Missing(opts); len(missing) > 0 {
		return nil, &MissingError{Packages: missing}
	}
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()

	d := &Desktop{opts: opts}
	if err := d.start(ctx); err != nil {
		d.Stop()
		return nil, err
	}
	return d, nil
}

func (d *Desktop) start(ctx context.Context) error {
	if err := d.makeFolders(); err != nil {
		return err
	}
	// The X server and the bus know nothing of each other; everything else needs one of them or both.
	x := make(chan error, 1)
	go func() {
		if !d.opts.display() && !d.opts.Screen {
			x <- nil
			return
		}
		x <- d.startX(ctx)
	}()
	err := d.startBus(ctx)
	if err := errors.Join(err, <-x); err != nil {
		return err
	}

	var parts []func(context.Context) error
	if d.opts.Notifications {
		parts = append(parts, func(context.Context) error {
			n, err := d.StartNotifications()
			d.mu.Lock()
			d.notifications = n
			d.mu.Unlock()
			return err
		})
	}
	if d.opts.Keyring {
		parts = append(parts, d.StartKeyring)
	}
	if d.opts.display() {
		parts = append(parts, d.startWindowManager)
	}
	errs := make(chan error, len(parts))
	for _, part := range parts {
		go func() { errs <- part(ctx) }()
	}
	for range parts {
		err = errors.Join(err, <-errs)
	}
	return err
}

func (d *Desktop) makeFolders() error {
	d.dir = d.opts.Dir
	if d.dir == "" {
		dir, err := os.MkdirTemp("", "kapu-desktop-")
		if err != nil {
			return fmt.Errorf("desktop: making its folder: %w", err)
		}
		d.dir = dir
		d.temporary = append(d.temporary, dir)
	}
	dir, err := filepath.Abs(d.dir)
	if err != nil {
		return fmt.Errorf("desktop: making its folder: %w", err)
	}
	d.dir = dir

	// A unix socket's path holds 107 bytes, and tests like long folder names.
	d.runtime = filepath.Join(d.dir, "run")
	if len(d.runtime) > 60 {
		run, err := os.MkdirTemp("/tmp", "kapu-run-")
		if err != nil {
			return fmt.Errorf("desktop: making its folder: %w", err)
		}
		d.runtime = run
		d.temporary = append(d.temporary, run)
	}
	for _, dir := range []string{d.runtime, d.Home(), d.logDir(), d.configDir(), d.dataDir(), d.cacheDir(), d.stateDir()} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fmt.Errorf("desktop: making its folder: %w", err)
		}
	}
	return nil
}

// Stop ends what the desktop started, newest first, and waits until it is gone.
// It may be called more than once.
func (d *Desktop) Stop() {
	d.mu.Lock()
	if d.stopped {
		d.mu.Unlock()
		return
	}
	d.stopped = true
	processes := d.processes
	notifications := d.notifications
	d.mu.Unlock()

	if notifications != nil {
		notifications.Stop()
	}
	if d.bus != nil {
		d.bus.Close()
	}
	for i := len(processes) - 1; i >= 0; i-- {
		processes[i].Stop()
	}
	for _, dir := range d.temporary {
		os.RemoveAll(dir)
	}
}

// Home is the desktop's home folder.
func (d *Desktop) Home() string { return filepath.Join(d.dir, "home") }

// RuntimeDir is the desktop's XDG_RUNTIME_DIR, the folder of its sockets.
func (d *Desktop) RuntimeDir() string { return d.runtime }

// Display is the X display, such as ":7", or "" when there is none.
func (d *Desktop) Display() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.display
}

// BusAddress is the address of the private session bus.
func (d *Desktop) BusAddress() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.address
}

// Connect opens a connection of its own to the private bus. The caller closes it.
func (d *Desktop) Connect() (*dbus.Conn, error) {
	conn, err := dbus.Connect(d.BusAddress())
	if err != nil {
		return nil, fmt.Errorf("desktop: connecting to the session bus: %w", err)
	}
	return conn, nil
}

// Notifications is the stand-in that Options.Notifications asked for, else nil.
func (d *Desktop) Notifications() *Notifications {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.notifications
}

// Logs returns the end of what every process on the desktop printed, for the message of a failed test.
func (d *Desktop) Logs() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var b strings.Builder
	for _, p := range d.processes {
		if tail := p.tail(); tail != "" {
			fmt.Fprintf(&b, "--- %s (process %d)\n%s\n", p.name, p.Pid(), tail)
		}
	}
	return b.String()
}

// Repairs tells of faults of the panel itself that were met and mended by starting it again. They are no
// fault of the program under test, but a test should log them.
func (d *Desktop) Repairs() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.repairs)
}

func (d *Desktop) repaired(what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.repairs = append(d.repairs, what)
}

func (d *Desktop) logDir() string    { return filepath.Join(d.dir, "logs") }
func (d *Desktop) configDir() string { return filepath.Join(d.Home(), ".config") }
func (d *Desktop) dataDir() string   { return filepath.Join(d.Home(), ".local", "share") }
func (d *Desktop) stateDir() string  { return filepath.Join(d.Home(), ".local", "state") }
func (d *Desktop) cacheDir() string  { return filepath.Join(d.Home(), ".cache") }
