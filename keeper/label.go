package keeper

import (
	"kapu/lang"
	"kapu/vault"
)

// besides are what tells clients who bear a name that another client bears too from each other (vault.TellApart), by
// their ids. Clients of locked groups count as well, so that a label does not change when a group locks itself.
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
	for _, clients := range byName {
		if len(clients) < 2 {
			continue
		}
		same := make([]vault.Namesake, len(clients))
		for i, c := range clients {
			a, _ := contents.Account(c.Account)
			same[i] = vault.NamesakeOf(*c, a)
		}
		for id, mark := range vault.TellApart(same, func(label string) bool { return byName[label] != nil }) {
			beside[id] = mark
		}
	}
	return beside
}

// labelIn is what a client is called among some contents, for the log and for sentences.
func labelIn(contents *vault.Contents, c *vault.Client) string {
	return vault.Label(c.Name, besides(contents)[c.ID])
}
