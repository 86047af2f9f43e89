package cli

import (
	"context"
	"strings"

	"kapu/agent"
	"kapu/lang"
	"kapu/office"
)

// findMember is the one member that a text means: by id, by the whole name, or by a part that no other has.
func findMember(v agent.OfficeView, text string) (agent.OfficeMember, error) {
	var found []agent.OfficeMember
	for _, m := range v.Members {
		switch {
		case m.ID == text, lang.Fold(m.Name) == lang.Fold(text):
			return m, nil
		case strings.Contains(lang.Fold(m.Name), lang.Fold(text)):
			found = append(found, m)
		}
	}
	switch len(found) {
	case 0:
		return agent.OfficeMember{}, lang.E("office-member-unknown", "Name", text).Kind(agent.ErrNotFound)
	case 1:
		return found[0], nil
	}
	return agent.OfficeMember{}, lang.E("office-member-ambiguous", "Name", text).Kind(agent.ErrAmbiguous)
}

// findDevice is the one device that a text means: by id, or by its whole name.
func findDevice(v agent.OfficeView, text string) (device, error) {
	var found []device
	for _, d := range devicesOf(v) {
		if d.ID == text || lang.Fold(d.Name) == lang.Fold(text) {
			found = append(found, d)
		}
	}
	switch len(found) {
	case 0:
		return device{}, lang.E("office-device-unknown").Kind(agent.ErrNotFound)
	case 1:
		return found[0], nil
	}
	return device{}, lang.E("office-device-ambiguous", "Name", text).Kind(agent.ErrAmbiguous)
}

// findRequest is the join request that the person means: the only one, or that of a name. The store is asked first for
// those that this device has not heard of.
func (a *app) findRequest(ctx context.Context, c *agent.Conn, name string) (agent.OfficeRequest, error) {
	var none agent.OfficeRequest
	done := a.busy("office-syncing")
	_, err := c.OfficeSync(ctx)
	done()
	if err != nil {
		return none, err
	}
	v, err := c.OfficeView(ctx)
	if err != nil {
		return none, err
	}
	if !v.Admin {
		return none, lang.E("office-not-admin").Kind(office.ErrNotAdmin)
	}
	var found []agent.OfficeRequest
	var rows [][]string
	for _, r := range v.Asking {
		if r.Device == name || strings.Contains(lang.Fold(r.Name+" "+r.Machine), lang.Fold(name)) {
			found = append(found, r)
			rows = append(rows, []string{r.Name, r.Machine, r.Words, r.Device})
		}
	}
	switch len(found) {
	case 0:
		return none, lang.E("office-nobody-asks").Kind(agent.ErrNotFound)
	case 1:
		return found[0], nil
	}
	_ = printColumns(a.err, rows)
	return none, lang.E("office-several-ask").Kind(agent.ErrAmbiguous)
}
