package exchange

import (
	"strings"

	"kapu/lang"
	"kapu/vault"
)

// bitwardenAuth reads the CSV export of Bitwarden Authenticator. Its rows have more cells than its heading has; its
// JSON is that of Bitwarden.
type bitwardenAuth struct{}

func (bitwardenAuth) Name() string { return "Bitwarden Authenticator" }

func (bitwardenAuth) Detect(data []byte) bool {
	text := plainText(data[:min(len(data), 1<<10)])
	return hasHeadings(text, "folder", "favorite", "type", "name", "login_totp") && !hasHeadings(text, "login_username")
}

func (b bitwardenAuth) Read(data []byte, o ReadOptions) ([]Entry, error) {
	rows, err := cutRows(plainText(data), ',', o.Budget)
	if err != nil || len(rows) == 0 {
		return nil, damaged(b.Name())
	}
	column := map[string]int{}
	for i, heading := range rows[0].cells {
		column[strings.ToLower(strings.TrimSpace(heading))] = i
	}
	var entries []Entry
	for _, r := range rows[1:] {
		cell := func(name string) string {
			i, ok := column[name]
			if !ok {
				return ""
			}
			return r.cell(i)
		}
		totp := cell("login_totp")
		if totp == "" && cell("name") == "" {
			continue
		}
		if len(entries) == maxEntries {
			return nil, tooMany()
		}
		e, err := readCode(totp)
		e.Line = r.line
		e.renamed(cell("name"))
		e.Folder, e.Favourite = cell("folder"), cell("favorite") == "1" || cell("favorite") == "true"
		if totp == "" {
			e = Entry{Line: r.line, Name: shorten(vault.CleanText(cell("name")), vault.MaxName), Skip: lang.E("import-no-code")}
		} else if err == nil {
			e.wholeKey()
			err = e.fit()
		}
		if err != nil {
			e.refused(err)
		}
		entries = append(entries, e)
	}
	return entries, nil
}
