// Package tray is the menu in the desktop's tray through which a person copies clients' codes.
//
// Its promise: what the menu shows is a pure function of what the agent says (menu.go), and the desktop is brought
// there as a virtual DOM is brought to a screen. While locked no client's name is anywhere in the menu, hidden rows
// included. A click on a row copies the code of the client whose name the person saw there, or nothing. One goroutine
// owns the menu (an event loop); whatever may take time runs beside it.
//
// The owner and what it hears:
//
//	tray.go       the event loop; watch.go tells it of a changed settings file, back.go of a person who has come back
//	attachment.go attaching to the agent and following its events
//	click.go      what a click does; actions.go has those that open something
//
// From state to menu, pure:
//
//	menu.go       the three zones
//	folders.go    the submenus; split.go files what is too long in submenus of its own
//	office.go     what is said of the office; recovery.go asks for the recovery key to be put away
//
// From menu to desktop:
//
//	screen.go     icon, title, and the surface that the rows are on
//	served.go     on Linux: panels read the rows over the bus (dbusmenu), whole and each time anew, and the icon
//	              (icon_linux.go); host_linux.go has each panel that begins show it
//	zones.go      elsewhere the rows are pooled, in three zones: systray's menu can only grow at its end. reconcile.go
//	              makes the fewest changes, place.go finds them (dynamic programming), pool.go has the reusable rows,
//	              clicks.go receives the clicks
//
// Beside the menu:
//
//	update.go     learns of a newer version, where an administrator has named an address to ask
//	unheard.go    tells once that this desktop does not say when the screen is locked
//	notice.go     notifications; prompt.go, dialog.go questions in a process of their own; hotkey.go the search's keys
package tray

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"time"

	"kapu/agent"
	"kapu/config"
	"kapu/internal/process"
	"kapu/lang"
)

// Run shows the tray until the person quits or the session ends. It must be called on the main goroutine.
func Run(ctx context.Context, paths config.Paths, cfg config.Config, texts *lang.Texts) error {
	return run(ctx, paths, cfg, texts, realAgents{paths}, dialogs{texts})
}

// tray is the state of the event loop (an actor). Only the owner's goroutine touches it; what runs beside hands its
// results over by post.
type tray struct {
	ctx     context.Context
	paths   config.Paths
	cfg     config.Config
	texts   *lang.Texts
	agents  agents
	prompts prompter
	notices *notices
	screen  *screen
	work    chan func()
	done    chan struct{} // closed when the owner has ended
	stop    func()

	attached *attachment // nil while locked
	starting bool        // an agent
	dialing  bool        // looking whether there is an agent
	redial   bool        // and there may be news since
	left     bool        // the vault was locked because the person left the screen
	back     bool        // who has come back since, before the agent was gone
	empty    bool        // there was no vault when the menu was last shown locked
	returns  <-chan struct{}
	asking   func()              // closes the dialog that is open; nil if none is
	askNext  func()              // what was asked for while that one was ending
	office   *agent.OfficeStatus // as the menu shows it
	newer    string              // version than this one; "" if there is none, or nobody asks
	found    *searchResult
	hotkey   hotkey
	cuts     cuts
	tidy     *time.Timer
	copies   int // made so far: the newest copy counts
}

func run(ctx context.Context, paths config.Paths, cfg config.Config, texts *lang.Texts, a agents, p prompter) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	only, err := alone(paths.Runtime)
	if err != nil {
		return err
	}
	defer only.Close()
	d, err := openDesktop(ctx)
	if err != nil {
		return err
	}
	defer d.close()

	t := &tray{
		ctx: ctx, paths: paths, cfg: cfg, texts: texts, agents: a, prompts: p, stop: stop,
		work: make(chan func(), 16), done: make(chan struct{}),
		tidy: time.AfterFunc(tidyTime, debug.FreeOSMemory),
	}
	debug.SetGCPercent(gcPercent)
	t.notices = newNotices(newSink(d))
	present(t.makeMenu, func() { go t.own(d) }, t.done)
	stop()
	<-t.done
	return nil
}

// gcPercent trades a little time for memory that the clients' machine has better uses for: the menu itself is
// some megabytes, and what a panel's reading of it leaves behind would double that.
const gcPercent = 50

// alone makes sure that a desktop session has one tray. The lock is the system's: it goes with the process.
func alone(dir string) (io.Closer, error) {
	lock, first, err := process.Alone(filepath.Join(dir, "tray-"+config.Session()+".lock"), 0, func() bool { return true })
	switch {
	case err != nil:
		return nil, lang.E("tray-no-lock", "Path", dir, "Reason", err)
	case !first:
		return nil, lang.E("tray-running")
	}
	return lock, nil
}

// makeMenu makes the places of the menu and shows it locked. It must not take time: panels wait for it.
func (t *tray) makeMenu() {
	t.screen = newDesktopScreen()
	st := t.state()
	t.empty = !st.vault
	t.screen.show(build(st), true, time.Now())
}

// own is the event loop. It ends with the context.
func (t *tray) own(d *desktop) {
	defer close(t.done)
	defer t.screen.close()
	t.report(t.screen.announce())
	t.report(d.keepHosted(t.ctx, filepath.Join(t.paths.Runtime, "icons")))
	if err := d.checkHost(t.ctx); err != nil && t.ctx.Err() == nil {
		fmt.Fprintln(os.Stderr, t.texts.Error(err))
	}
	agentNews, err := t.agents.watch(t.ctx)
	t.report(err)
	t.watchReturns()
	t.holdHotkey()
	go t.watchUpdates()
	t.tellUnheard()
	settings := watchFile(t.ctx, t.paths.Config)
	clicks := t.screen.clicks()
	t.findAgent()
	for {
		select {
		case c := <-clicks:
			t.click(c)
		case f := <-t.work:
			f()
		case <-agentNews:
			t.findAgent()
		case <-t.returns:
			t.comeBack()
		case <-settings:
			t.reload()
		case <-d.gone():
			t.stop()
		case <-t.ctx.Done():
			t.end()
			return
		}
	}
}

// post queues a function for the event loop; after its end it does nothing. It blocks while 16 are waiting.
func (t *tray) post(f func()) {
	select {
	case t.work <- f:
	case <-t.done:
	}
}

// state is what the menu is made of while there is no list of clients.
func (t *tray) state() state {
	exists, err := agent.HasVault(t.paths)
	return state{
		locked: true,
		vault:  exists || err != nil, // unlocking will say what is wrong
		newer:  t.newer, texts: t.texts, groups: t.cfg.Groups, prompts: t.prompts.available(),
	}
}

// reload is a hot reload of the settings; a file that does not parse changes nothing and is reported.
func (t *tray) reload() {
	cfg, err := config.Load(t.paths)
	if err != nil {
		t.report(err)
		return
	}
	if cfg.Language != t.cfg.Language {
		t.texts = lang.In(cfg.Language)
	}
	t.cfg = cfg
	t.watchReturns()
	t.holdHotkey()
	t.redraw()
}

// redraw builds the menu again, of what the agent says now.
func (t *tray) redraw() {
	if t.attached != nil {
		t.refresh(t.attached)
	} else {
		t.showLocked()
	}
}

// report shows an error to the person; nil is nothing.
func (t *tray) report(err error) {
	if err != nil && t.ctx.Err() == nil {
		t.notices.show(note{text: t.texts.Error(err), problem: true})
	}
}

// refused tells the person why what was asked for was not done. The sentence may name a client, except when it
// is that the vault was locked meanwhile.
func (t *tray) refused(err error) {
	if err != nil && t.ctx.Err() == nil {
		t.notices.show(note{text: t.texts.Error(err), problem: true, private: !errors.Is(err, agent.ErrLocked)})
	}
}

// end locks what this tray unlocked, and takes every name off the desktop.
func (t *tray) end() {
	t.letHotkeyGo()
	if t.asking != nil {
		t.asking()
	}
	if s := t.attached; s != nil {
		t.attached = nil
		s.conn.Close()
		if s.ours {
			select {
			case <-s.ended:
			case <-time.After(endTime):
			}
		}
		s.leave()
	}
	t.notices.close()
}

// endTime is how long the agent may take to clear the clipboard and end.
const endTime = 2 * time.Second
