package keeper

import (
	"slices"

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

// labelsAmong are the labels of clients that the vault does not hold, beside those that it does.
func labelsAmong(contents *vault.Contents, others []vault.Namesake) []string {
	byName := map[string][]vault.Namesake{}
	for _, n := range others {
		name := lang.Fold(n.Name)
		byName[name] = append(byName[name], n)
	}
	for i, name := range foldedNames(contents) {
		c := contents.Clients[i]
		a, _ := contents.Account(c.Account)
		if same := func(n vault.Namesake) bool { return n.ID == c.ID }; !slices.ContainsFunc(byName[name], same) {
			byName[name] = append(byName[name], vault.NamesakeOf(c, a))
		}
	}
	var labels []string
	for _, n := range others {
		beside := ""
		if same := byName[lang.Fold(n.Name)]; len(same) > 1 {
			beside = vault.TellApart(same, func(label string) bool { return byName[label] != nil })[n.ID]
		}
		labels = append(labels, vault.Label(n.Name, beside))
	}
	return labels
}
