package config

import (
	"slices"
	"strings"

	"kapu/lang"
)

// Page says how the page's table of clients looks.
type Page struct {
	// HideColumns are the columns that are not shown, by the names of their fields: "service user_name".
	HideColumns string `toml:"hide_columns"`
	// FoldColumns hides those too that say nothing: they are empty, or the same for all clients.
	FoldColumns bool `toml:"fold_columns"`
}

// hideable are the columns that a person may do without.
func hideable() []string {
	return strings.Fields("tax_number folder user_name service mandate_until password_until used")
}

func (p Page) check() error {
	for _, name := range strings.Fields(p.HideColumns) {
		if !slices.Contains(hideable(), name) {
			return lang.E("config-hide-columns", "Value", name, "Names", strings.Join(hideable(), ", "))
		}
	}
	return nil
}
