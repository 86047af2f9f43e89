package keeper

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"sync/atomic"
	"time"

	"kapu/agent"
	"kapu/config"
	"kapu/internal/audit"
	"kapu/internal/disk"
	"kapu/internal/peer"
	"kapu/internal/process"
	"kapu/lang"
	"kapu/session"
	"kapu/vault"
)

// Run is the agent's whole life: unlock, serve, and end. It returns when the vault is to be locked; the process
// must then end, because only that takes the keys out of memory. Whoever started it learns from its output how
// the unlocking went.
func Run(paths config.Paths, cfg config.Config, opts agent.StartOptions, newPage NewPage) error {
	err := run(paths, cfg, opts, newPage)
	if err != nil {
		ready(err)
	}
	return err
}

// ready tells who started the agent how the unlocking went.
func ready(err error) {
	var r agent.Report
	if err != nil {
		r.Failure, _ = agent.NewFailure(err)
	}
	r.Send()
}

func run(paths config.Paths, cfg config.Config, opts agent.StartOptions, newPage NewPage) error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	signals := watchSignals(stop)
	// Listening begins before the unlocking: a screen that is locked while the keychain still asks for a password
	// must not find the vault open afterwards.
	a := newAuditor(cfg.Policy)
	watch := watchPresence(ctx, cfg.Lock, a, stop)
	if err := readParent(&opts, a, stop); err != nil {
		return err
	}
	if err := paths.Trusted(); err != nil {
		return err
	}
	path := agent.LocatorPath(paths)
	lock, first, err := claim(ctx, paths)
	if err != nil || !first {
		return err
	}
	defer lock.Close()
	d := vault.Door{Dir: paths.Vault, State: paths.State}
	p := prompt{lang.In(cfg.Language)}
	v, err := unlock(ctx, d, opts, paths.Config, p, a)
	if err == nil && !opts.List {
		err = comply(ctx, d, v, cfg.Policy, opts.New, p)
	}
	opts.Secret, opts.New, opts.RecoveryKey, opts.Archive, opts.Passphrase = "", "", "", nil, ""
	if ctx.Err() != nil {
		return a.stayedLocked()
	}
	if err != nil {
		return err
	}
	if opts.List {
		agent.Report{Backups: v.Backups()}.Send()
		return nil
	}
	k := newKeeper(ctx, d, v, cfg, stop)
	k.paths, k.audit, k.signals = paths, a, signals
	k.begin(ctx)
	if err := serve(k, path, func(c *agent.Conn) Page { return newPage(c, paths) }); err != nil {
		return err
	}
	debug.FreeOSMemory()    // what opening the vault took is several times what it holds
	_ = process.KeepInRAM() // `kapu doctor` says where it cannot be done
	watch.sources.Sources() // until all of them listen, the vault counts as being opened
	if ctx.Err() != nil {
		ready(a.stayedLocked())
	} else {
		ready(nil)
	}
	a.log.Write(audit.Unlocked, "method", d.Method())
	<-ctx.Done()
	a.locked()
	_ = disk.Remove(path)
	if watch.left.Load() {
		k.events.last(agent.Event{Type: agent.Left})
	}
	k.page.Close()
	k.close()
	return nil
}

// readParent reads what the process that started this one writes to standard input: the handover, and with a lifeline
// nothing more; its end calls stop.
func readParent(opts *agent.StartOptions, a *auditor, stop func()) error {
	in := bufio.NewReader(os.Stdin)
	if opts.Handover {
		if err := opts.ReadHandover(in); err != nil {
			return err
		}
	}
	if opts.Lifeline {
		go func() {
			_, _ = io.Copy(io.Discard, in)
			a.ending("tray-ended")
			stop()
		}()
	}
	return nil
}

// presence is the presence detection of an agent. It ends only with the process, which is what holds up the machine's
// sleep until then.
type presence struct {
	sources *session.Watcher
	left    atomic.Bool // the person has left, and that is why the agent ends
}

func watchPresence(ctx context.Context, lock config.Lock, a *auditor, stop func()) *presence {
	p := &presence{sources: session.Watch(context.Background(), autoLock(lock))}
	go func() {
		for e := range p.sources.Events() { // two at once are as good as one
			a.ending(string(e.Reason))
			p.left.CompareAndSwap(false, ctx.Err() == nil)
			stop()
		}
	}()
	return p
}

// claim makes this process the only agent of its desktop session. One that is just ending, or just beginning, is waited
// for a moment: until it is gone or can be reached. That it has left its locator, as one that was killed does, is not
// enough. If another one serves already, of two unlocked at once, it is reported as ready: it serves both.
func claim(ctx context.Context, paths config.Paths) (lock io.Closer, first bool, err error) {
	serves := func() bool { return agent.Serves(ctx, paths) }
	lock, first, err = process.Alone(agent.LockPath(paths), aloneTime, serves)
	if err != nil || first {
		return lock, first, err
	}
	if !serves() {
		return nil, false, lang.E("unlock-under-way").Kind(agent.ErrLocked)
	}
	agent.Report{Other: true}.Send()
	return nil, false, nil
}

// begin starts what goes on beside the requests, until ctx ends.
func (k *keeper) begin(ctx context.Context) {
	go k.copies.open()
	go k.follow()
	k.watchDays(ctx)
	go k.desk.run(ctx)
}

// serve answers on a port of the loopback interface and tells the user's own programs which one. The page is one of
// them, though it lives in this process.
func serve(k *keeper, path string, newPage func(*agent.Conn) Page) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	l := agent.NewLocator(listener.Addr().String())
	k.page = newPage(l.Conn())
	g := &guests{}
	server := http.Server{Handler: newServer(k, l, g)}
	g.watch(&server)
	go func() { _ = server.Serve(peer.Own(listener)) }()
	return l.Publish(path)
}

// aloneTime is for how long another agent of the session may take to end, or to begin to serve.
const aloneTime = 3 * time.Second

// closeTime is how long the end may take: the clipboard's other end needs a moment to see that it was emptied.
const closeTime = 100 * time.Millisecond
