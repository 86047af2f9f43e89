package agent

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"kapu/config"
	"kapu/internal/disk"
	"kapu/lang"
	"kapu/session"
)

// Run is the agent's whole life: unlock, serve, and end. It returns when the vault is to be locked; the process
// must then end, because only that takes the keys out of memory. Whoever started it learns from its output how
// the unlocking went.
func Run(paths config.Paths, cfg config.Config, opts StartOptions, newPage NewPage) error {
	err := run(paths, cfg, opts, newPage)
	if err != nil {
		ready(err)
	}
	return err
}

func run(paths config.Paths, cfg config.Config, opts StartOptions, newPage NewPage) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	in := bufio.NewReader(os.Stdin)
	if opts.Handover {
		if err := opts.takeOver(in); err != nil {
			return err
		}
	}
	if opts.Lifeline {
		go func() {
			_, _ = io.Copy(io.Discard, in) // nothing more is ever written: this ends when the parent does
			stop()
		}()
	}
	// Listening begins before the unlocking: a screen that is locked while the keychain still asks for a password
	// must not find the vault open afterwards.
	// It ends only with the process, which is what holds up the machine's sleep until then.
	away := session.Watch(context.Background(), autoLock(cfg.Lock))
	var left atomic.Bool
	go func() {
		for range away.Events() { // two at once are as good as one
			left.CompareAndSwap(false, ctx.Err() == nil)
			stop()
		}
	}()
	only, first, err := alone(paths.Runtime)
	if err != nil {
		return err
	}
	if !first {
		if _, err := os.Stat(endpointPath(paths.Runtime, config.Session())); err != nil {
			return lang.E("unlock-under-way").Kind(ErrLocked)
		}
		ready(nil) // two unlocked at once; the other one's agent serves both
		return nil
	}
	defer only.Close()

	d := door(paths)
	opts.config = paths.Config
	v, err := unlock(ctx, d, opts, prompt{lang.In(cfg.Language)})
	opts.Secret, opts.RecoveryKey, opts.Passphrase = "", "", ""
	if ctx.Err() != nil {
		return lang.E("locked-meanwhile").Kind(ErrLocked)
	}
	if err != nil {
		return err
	}
	if opts.List {
		report{Backups: v.Backups()}.send()
		return nil
	}
	k := newKeeper(ctx, d, v, cfg, stop)
	k.path = paths.Config
	go k.copies.open()
	go k.follow()
	k.watchDays(ctx)
	go k.desk.run(ctx)
	path := endpointPath(paths.Runtime, config.Session())
	if err := serve(k, path, func(c *Conn) Page { return newPage(c, paths) }); err != nil {
		return err
	}
	debug.FreeOSMemory() // what opening the vault took is several times what it holds
	_ = KeepInRAM()      // `kapu doctor` says where it cannot be done
	away.Sources()       // until all of them listen, the vault counts as being opened
	if ctx.Err() != nil {
		ready(lang.E("locked-meanwhile").Kind(ErrLocked))
	} else {
		ready(nil)
	}
	<-ctx.Done()
	_ = disk.Remove(path)
	if left.Load() {
		k.events.last(Event{Type: Left})
	}
	k.close()
	return nil
}

// serve answers on a port of the loopback interface and tells the user's own programs which one. The page is one of
// them, though it lives in this process.
func serve(k *keeper, path string, newPage func(*Conn) Page) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	e := endpoint{apiVersion, listener.Addr().String(), newToken(), os.Getpid()}
	k.page = newPage(&Conn{endpoint: e})
	g := &guests{}
	server := http.Server{Handler: newServer(k, e, g)}
	g.watch(&server)
	go func() { _ = server.Serve(listener) }()
	return e.publish(path)
}

// alone makes sure that a desktop session has one agent. The lock is the system's: it goes with the process. One
// that is just ending, or just beginning, is waited for a moment: until it is gone or can be reached.
func alone(dir string) (*flock.Flock, bool, error) {
	if err := disk.Folder(dir); err != nil {
		return nil, false, err
	}
	l := flock.New(filepath.Join(dir, endpointStart+config.Session()+".lock"), flock.SetPermissions(0o600))
	for deadline := time.Now().Add(aloneTime); ; time.Sleep(10 * time.Millisecond) {
		first, err := l.TryLock()
		_, missing := os.Stat(endpointPath(dir, config.Session()))
		if first || err != nil || missing == nil || time.Now().After(deadline) {
			return l, first, err
		}
	}
}

const aloneTime = 3 * time.Second

// closeTime is how long the end may take: the clipboard's other end needs a moment to see that it was emptied.
const closeTime = 100 * time.Millisecond
