package keeper

import (
	"slices"
	"strings"
	"sync"
	"time"

	"kapu/agent"
	"kapu/config"
	"kapu/lang"
	"kapu/vault"
)

// groups are the person's groups, and which of them have locked themselves. A client is open as long as all its groups
// are. What a locked group protects, and why the agent goes on with its keys in memory, is told in
// docs/decisions/group-locks.md.
type groups struct {
	mu      sync.Mutex
	members *config.Members
	all     []group
	lapsed  func(number int) // is told of one that has locked itself
}

type group struct {
	config.Group
	since  time.Time // the last code of one of its clients, or its unlocking
	locked bool
	timer  *time.Timer
}

func newGroups(configured []config.Group, lapsed func(int)) *groups {
	g := &groups{members: config.MembersOf(configured), all: make([]group, len(configured)), lapsed: lapsed}
	for n := range configured {
		g.all[n].Group = configured[n]
	}
	g.begin(slices.Collect(g.timed))
	return g
}

// timed are the groups with a time of their own.
func (g *groups) timed(yield func(int) bool) {
	for n := range g.all {
		if g.all[n].LockAfter.Duration > 0 && !yield(n) {
			return
		}
	}
}

// begin unlocks groups, and starts their timers.
func (g *groups) begin(numbers []int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, n := range numbers {
		g.all[n].locked = false
		g.rest(n)
	}
}

// used restarts the timers of groups, because a code of one of their clients was taken.
func (g *groups) used(numbers []int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, n := range numbers {
		if at := &g.all[n]; at.LockAfter.Duration > 0 && !at.locked {
			g.rest(n)
		}
	}
}

func (g *groups) rest(n int) {
	at := &g.all[n]
	at.since = time.Now()
	if at.timer == nil {
		at.timer = time.AfterFunc(at.LockAfter.Duration, func() {
			if g.locked()[n] {
				g.lapsed(n)
			}
		})
		return
	}
	at.timer.Reset(at.LockAfter.Duration)
}

// locked returns the groups that are locked now; nil is none. It looks at the time itself: a timer may be late, and one
// clock may have stood still while the other went on.
func (g *groups) locked() map[int]bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	var numbers map[int]bool
	now := time.Now()
	for n := range g.timed {
		at := &g.all[n]
		rested := max(now.Sub(at.since), now.Round(0).Sub(at.since.Round(0)))
		if at.locked = at.locked || rested >= at.LockAfter.Duration; at.locked {
			if numbers == nil {
				numbers = map[int]bool{}
			}
			numbers[n] = true
		}
	}
	return numbers
}

// folders returns what the locked groups are called.
func (g *groups) folders(locked map[int]bool) (names []string) {
	for n := range g.all {
		if locked[n] {
			names = append(names, g.all[n].Folder)
		}
	}
	return names
}

// lockedError is the sentence for what cannot be had, or not be told apart, because of groups that are locked. It is
// the same whatever is behind them, so that it gives nothing away.
func (g *groups) lockedError(locked map[int]bool) error {
	folders := g.folders(locked)
	return lang.E("group-locked", "Folders", strings.Join(folders, ", "), "Folder", folders[0],
		"ShellFolder", lang.Shell(folders[0])).Kind(agent.ErrGroupLocked)
}

// of returns the groups of a client.
func (g *groups) of(c *vault.Client) []int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.members.Of(c.Folder, c.Name, c.TaxNumber, c.ID)
}

// number returns the group of a folder that has a time of its own, or -1.
func (g *groups) number(folder string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := g.members.Group(folder)
	if n >= 0 && g.all[n].LockAfter.Duration == 0 {
		return -1
	}
	return n
}

func intersects(numbers []int, in map[int]bool) bool {
	return slices.ContainsFunc(numbers, func(n int) bool { return in[n] })
}
