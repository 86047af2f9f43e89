package keeper

import (
	"context"

	"kapu/agent"
	"kapu/office"
	"kapu/vault"
)

// What the log tells of the office: each decision by which somebody may come to a key, with the names as they are then,
// and that the vault has entered an office or left it.

// noteDeed writes lines about what is done already. That they cannot be written is told, and undoes nothing.
func (k *keeper) noteDeed(ctx context.Context, lines ...vault.LogEntry) {
	if len(lines) > 0 {
		k.reportProblem(k.vault.Note(context.WithoutCancel(ctx), lines...))
	}
}

// memberName is the name of a member of the office; "" of nobody.
func (k *keeper) memberName(id string) string {
	s := k.desk.current.Load()
	if s == nil {
		return ""
	}
	return s.nameOf(id)
}

// requestName is who waits to be let in with a device, and with which machine.
func (k *keeper) requestName(device string) string {
	s := k.desk.current.Load()
	if s == nil {
		return ""
	}
	for _, r := range requests(s) {
		if r.Device == device {
			return r.Name + " (" + r.Machine + ")"
		}
	}
	return ""
}

// rightAct is what the log calls the giving of a right.
func rightAct(r office.Right) vault.Act {
	switch r {
	case office.Codes:
		return vault.Granted
	case office.Use:
		return vault.GaveUse
	}
	return vault.GaveEdit
}

// rightLines tell of a right that members are given, to clients one by one; none of one that is taken away.
func (k *keeper) rightLines(right office.Right, members []string, to agent.OfficeScopes) (lines []vault.LogEntry) {
	if right == office.None {
		return nil
	}
	contents := k.contents()
	beside := besides(contents)
	for _, id := range members {
		name := k.memberName(id) + " ← "
		for _, client := range to.Clients {
			if c, ok := contents.Client(client); ok {
				line := name + vault.Label(c.Name, beside[c.ID])
				lines = append(lines, vault.LogEntry{Act: rightAct(right), Client: c.ID, Name: line})
			}
		}
		for _, folder := range to.Folders {
			lines = append(lines, vault.LogEntry{Act: rightAct(right), Name: name + folder})
		}
		if to.All {
			lines = append(lines, vault.LogEntry{Act: rightAct(right), Name: name + k.prompt().texts.T("office-everything")})
		}
	}
	return lines
}

// standInLine tells of a right to all that another member has.
func (k *keeper) standInLine(s office.Substitution) vault.LogEntry {
	return vault.LogEntry{Act: rightAct(s.Right), Name: k.memberName(s.Member) + " ← " + k.memberName(s.For)}
}

// belonging is how the vault stands to an office.
type belonging struct {
	membership agent.Membership
	office     string // name
}

// belonging is that of the last snapshot.
func (d *desk) belonging() belonging {
	s := d.current.Load()
	switch {
	case s == nil:
		return belonging{agent.Outside, ""}
	case s.Expelled:
		return belonging{agent.Outside, s.Office}
	case s.Joining:
		return belonging{agent.Applied, s.Office}
	}
	return belonging{agent.Inside, s.Office}
}

// tellMembership tells the faces and the log if the vault has entered an office since the last call, or left it. act is
// what the log calls that, "" where nobody here has done it.
func (d *desk) tellMembership(act vault.Act) {
	if s := d.current.Load(); s != nil && s.broken != nil {
		return // nothing is known
	}
	d.telling.Lock()
	before, now := d.told, d.belonging()
	d.told = now
	d.telling.Unlock()
	if before.membership == now.membership {
		return
	}
	switch {
	case act != "":
	case now.membership == agent.Inside:
		act = vault.Entered
	case now.membership == agent.Applied:
		act = vault.AskedIn
	default:
		act = vault.Left
	}
	if now.office == "" {
		now.office = before.office
	}
	d.keeper.noteDeed(d.keeper.ending, vault.LogEntry{Act: act, Name: now.office})
	d.keeper.events.send(agent.Event{Type: agent.Belongs, Membership: now.membership, Office: now.office})
}
