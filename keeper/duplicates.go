package keeper

import (
	"slices"

	"kapu/agent"
	"kapu/lang"
	"kapu/vault"
)

// duplicates are the possible duplicates among the clients, whose folded names are given, as equivalence classes: each
// client of a class of two or more has the id of the class's first. The rule stands here alone. Two clients may be one
//
//   - if they have the same tax id (the first eight digits of the tax number), whatever they are called;
//   - or if they have the same folded name in the same folder, unless both have tax ids and these differ.
//
// The classes are the transitive closure of that: one without a tax number brings those together that it may be.
func duplicates(contents *vault.Contents, names []string) map[string]string {
	parent := make([]int, len(contents.Clients)) // union-find
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	unite := func(i, j int) {
		i, j = root(i), root(j)
		parent[max(i, j)] = min(i, j)
	}
	type place struct{ name, folder string }
	byTax, taxes := map[string]int{}, make([]string, len(contents.Clients))
	byPlace := map[place][]int{}
	for i := range contents.Clients {
		c := &contents.Clients[i]
		if taxes[i] = vault.TaxID(c.TaxNumber); taxes[i] != "" {
			if first, known := byTax[taxes[i]]; known {
				unite(first, i)
			} else {
				byTax[taxes[i]] = i
			}
		}
		at := place{names[i], lang.Fold(c.Folder)}
		byPlace[at] = append(byPlace[at], i)
	}
	for _, same := range byPlace {
		uniteNamesakes(same, taxes, unite)
	}
	return classes(contents, root)
}

// uniteNamesakes unites clients of one name in one folder. One without a tax id may be any of the others; if all have
// one, those with the same have been united by it.
func uniteNamesakes(same []int, taxes []string, unite func(i, j int)) {
	if !slices.ContainsFunc(same, func(i int) bool { return taxes[i] == "" }) {
		return
	}
	for _, i := range same[1:] {
		unite(same[0], i)
	}
}

// classes names each class of two or more by the id of its first client.
func classes(contents *vault.Contents, root func(int) int) map[string]string {
	size := map[int]int{}
	for i := range contents.Clients {
		size[root(i)]++
	}
	found := map[string]string{}
	for i := range contents.Clients {
		if at := root(i); size[at] > 1 {
			found[contents.Clients[i].ID] = contents.Clients[at].ID
		}
	}
	return found
}

// onlyDuplicates keeps of a list the clients of a class of which two or more are in it, those of a class together, in
// the order of each class's first.
func onlyDuplicates(clients []agent.Client) []agent.Client {
	members := map[string][]agent.Client{}
	var order []string
	for _, c := range clients {
		if c.Duplicate == "" {
			continue
		}
		if members[c.Duplicate] == nil {
			order = append(order, c.Duplicate)
		}
		members[c.Duplicate] = append(members[c.Duplicate], c)
	}
	found := []agent.Client{}
	for _, class := range order {
		if len(members[class]) > 1 {
			found = append(found, members[class]...)
		}
	}
	return found
}
