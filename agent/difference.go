package agent

import (
	"strings"

	"kapu/lang"
	"kapu/vault"
)

// DifferenceSaid says in a sentence what another version of the vault has, and what becomes of it.
func DifferenceSaid(t *lang.Texts, d vault.Difference) string {
	kind := string(d.Kind)
	secret := map[string]string{"key": "key", "deletion_code": "code"}[d.Field]
	switch {
	case secret != "":
		kind = secret + outcome(d.Taken)
	case d.Kind == vault.Conflict:
		kind += outcome(d.Taken)
	}
	quoted := func(value string) string {
		if value == "" {
			return t.T("difference-empty")
		}
		return t.T("difference-value", "Value", value)
	}
	field := ""
	if d.Field != "" {
		field = t.T("field-" + strings.ReplaceAll(d.Field, "_", "-"))
	}
	return t.T("difference-"+kind, "Client", d.Name, "Field", field, "Ours", quoted(d.Ours), "Theirs", quoted(d.Theirs))
}

func outcome(taken bool) string {
	if taken {
		return "-taken"
	}
	return "-kept"
}
