package keeper

import (
	"strings"

	"kapu/agent"
	"kapu/lang"
	"kapu/vault"
)

// besides are the disambiguators of clients who bear a name that another client bears too, by their ids: the first of
// tax number, the account's user name, folder and id that none of the others has. Names and disambiguators are compared
// folded, tax numbers by their digits. No two labels are equal, nor is one equal to a third client's name. Clients of
// locked groups count as well, so that a label does not change when a group locks itself.
func besides(contents *vault.Contents) map[string]string {
	return besidesOf(contents, foldedNames(contents))
}

// foldedNames are the names of all clients, folded.
func foldedNames(contents *vault.Contents) []string {
	names := make([]string, len(contents.Clients))
	for i := range names {
		names[i] = lang.Fold(contents.Clients[i].Name)
	}
	return names
}

func besidesOf(contents *vault.Contents, names []string) map[string]string {
	byName := make(map[string][]*vault.Client, len(contents.Clients))
	for i, name := range names {
		byName[name] = append(byName[name], &contents.Clients[i])
	}
	beside := map[string]string{}
	for _, same := range byName {
		if len(same) > 1 {
			tellApart(contents, same, byName, beside)
		}
	}
	return beside
}

// tellApart finds the disambiguators of clients of one name.
func tellApart(contents *vault.Contents, same []*vault.Client, byName map[string][]*vault.Client, beside map[string]string) {
	marks := [][]string{make([]string, len(same)), make([]string, len(same)), make([]string, len(same))}
	counts := make([]map[string]int, len(marks))
	for kind := range marks {
		counts[kind] = map[string]int{}
	}
	for i, c := range same {
		account, _ := contents.Account(c.Account)
		marks[0][i], marks[1][i], marks[2][i] = c.TaxNumber, account.UserName, c.Folder
		for kind := range marks {
			counts[kind][markKey(kind, marks[kind][i])]++
		}
	}
	taken := map[string]bool{}
	claim := func(c *vault.Client, mark string) bool {
		label := lang.Fold(agent.Client{Name: c.Name, Beside: mark}.Label())
		if mark == "" || taken[label] || byName[label] != nil {
			return false
		}
		taken[label], beside[c.ID] = true, mark
		return true
	}
	for i, c := range same {
		for kind := range marks {
			if counts[kind][markKey(kind, marks[kind][i])] == 1 && claim(c, marks[kind][i]) {
				break
			}
		}
	}
	for _, c := range same {
		for n := shortestID; beside[c.ID] == "" && !claim(c, c.ID[:min(n, len(c.ID))]) && n < len(c.ID); n++ {
		}
	}
}

// shortestID is how many characters of an id stand beside a name where nothing else tells it apart, if no other client
// of the name has the same ones.
const shortestID = 6

// markKey is what a disambiguator is compared by. The first kind is the tax number, which is written in several ways.
func markKey(kind int, mark string) string {
	if tax := digits(mark); kind == 0 && tax != "" {
		return tax
	}
	return lang.Fold(mark)
}

// labelIn is what a client is called among some contents, for the log and for sentences.
func labelIn(contents *vault.Contents, c *vault.Client) string {
	return agent.Client{Name: c.Name, Beside: besides(contents)[c.ID]}.Label()
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
