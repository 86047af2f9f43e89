package agent

import (
	"kapu/lang"
	"kapu/vault"
)

// Deed names a change as a person would who takes it back: "removal of “Kis Kft.”".
func (u Undoable) Deed(t *lang.Texts) string {
	switch {
	case u.Act == vault.Merged:
		return t.T("deed-merged", "Name", u.Name)
	case u.Act == vault.Imported && u.Name != "":
		return t.N("deed-imported-n", u.N) + " (" + u.Name + ")"
	case u.Act == vault.Imported:
		return t.N("deed-imported-n", u.N)
	case u.Act == vault.Removed && u.Name != "":
		return t.T("deed-removed", "Client", u.Name)
	case u.Act == vault.Removed:
		return t.N("deed-removed-n", u.N)
	case u.Name != "": // of an account's only fields too, which touch no client
		return t.T("deed-edited", "Client", u.Name)
	default:
		return t.N("deed-edited-n", u.N)
	}
}

// Said says what was taken back, and how much of it stays because it was changed again since.
func (u Undone) Said(t *lang.Texts) string {
	said := t.T("deed-undone", "Deed", u.Deed(t))
	if u.Kept > 0 {
		said += " " + t.N("undone-kept", u.Kept)
	}
	return said
}
