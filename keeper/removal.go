package keeper

import (
	"context"

	"kapu/agent"
	"kapu/lang"
	"kapu/office"
	"kapu/vault"
)

// remove removes clients; what of them is the office's is gone for everybody in it.
func (k *keeper) remove(ctx context.Context, r agent.ByIDs) (agent.Done, error) {
	return k.changeMany(ctx, vault.Removed, r.IDs, func(tx *vault.Tx, _ []vault.Client) error {
		tx.RemoveClients(r.IDs...)
		return nil
	})
}

// planRemoval says for whom clients would be gone if they were removed: for every member with a right to one of them.
func (k *keeper) planRemoval(_ context.Context, r agent.ByIDs) (agent.Removal, error) {
	plan := agent.Removal{Members: []string{}}
	contents, rights := k.contents(), k.desk.rights()
	shared := map[string]bool{} // accounts
	for _, id := range r.IDs {
		c, ok := contents.Client(id)
		if !ok {
			continue
		}
		if err := k.mayTouch(&c); err != nil {
			return agent.Removal{}, err
		}
		plan.N++
		if a, _ := contents.Account(c.Account); rights.right(&a) != "" {
			plan.Office++
			shared[c.Account] = true
		}
	}
	s := k.desk.current.Load()
	if len(shared) == 0 || s == nil || s.Roster == nil {
		return plan, nil
	}
	o, err := k.desk.reading()
	if err != nil {
		return agent.Removal{}, err
	}
	for _, m := range s.Roster.Members {
		if m.ID == s.Member {
			continue
		}
		of, err := o.RightsOf(m.ID)
		if err != nil {
			return agent.Removal{}, err
		}
		for account := range shared {
			if of[account] != office.None {
				plan.Members = append(plan.Members, m.Name)
				break
			}
		}
	}
	lang.Sort(plan.Members, func(name string) string { return name })
	return plan, nil
}
