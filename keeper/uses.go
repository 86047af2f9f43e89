package keeper

import (
	"context"
	"slices"

	"kapu/agent"
	"kapu/office"
	"kapu/vault"
)

// shownUses is how many of a client's last uses are told.
const shownUses = 5

// uses tells who took a client's code last, and when: by this vault's log, and for an admin of the office by what all
// its machines have written into their journals.
func (k *keeper) uses(ctx context.Context, r agent.ByID) (agent.Uses, error) {
	contents := k.contents()
	c, err := k.officeClient(r.ID)
	if err != nil {
		return agent.Uses{}, err
	}
	if err := k.saveUsage(); err != nil { // the newest belong to it
		return agent.Uses{}, err
	}
	log, _, err := k.vault.Log()
	if err != nil {
		return agent.Uses{}, err
	}
	known := agent.Uses{Uses: []agent.Use{}}
	for _, e := range log {
		if e.Client == c.ID && taking(e.Act) {
			known.Uses = append(known.Uses, agent.Use{At: e.At, Act: e.Act, By: e.By})
		}
	}
	a, _ := contents.Account(c.Account)
	if k.desk.rights().right(&a) != "" {
		if known.OwnOnly = !k.desk.admin(); !known.OwnOnly {
			k.journalUses(ctx, &c, &known)
		}
	}
	slices.SortStableFunc(known.Uses, func(a, b agent.Use) int { return b.At.Compare(a.At) })
	known.Uses = known.Uses[:min(len(known.Uses), shownUses)]
	return known, nil
}

// taking says whether an act hands a code out.
func taking(act vault.Act) bool { return act == vault.Copied || act == vault.Shown }

// journalUses adds what the other machines of the office tell of a client's account. That the store cannot be read
// hides nothing of what this machine knows.
func (k *keeper) journalUses(ctx context.Context, c *vault.Client, known *agent.Uses) {
	s := k.desk.current.Load()
	o, err := k.desk.connect()
	var lines []office.JournalLine
	if err == nil && s != nil {
		lines, err = o.Uses(ctx, c.Account)
	}
	for _, l := range lines {
		if l.By != s.Device {
			known.Uses = append(known.Uses, agent.Use{At: l.At, Act: l.Act, By: l.Member, Machine: l.Device})
		}
	}
	if err != nil {
		f, _ := agent.NewFailure(err)
		known.Problem = f.Sentence
	}
}
