package vault

import (
	"kapu/lang"
)

// Namesake is a client among those of one name, by what can tell it from them.
type Namesake struct{ ID, Name, TaxNumber, UserName, Folder string }

// NamesakeOf is a client as one of several of its name.
func NamesakeOf(c Client, a Account) Namesake {
	return Namesake{c.ID, c.Name, c.TaxNumber, a.UserName, c.Folder}
}

// Label is a client's name as it is shown: with what stands beside it to tell it from others of the name, if anything.
func Label(name, beside string) string {
	if beside == "" {
		return name
	}
	return name + " (" + beside + ")"
}

// TellApart finds the disambiguators of clients of one name, by their ids: the first of tax number, the account's user
// name, folder and id that none of the others has. Names and disambiguators are compared folded, tax numbers by their
// digits. No two labels are equal, nor is one equal to a third client's name, which taken says of a folded label.
func TellApart(same []Namesake, taken func(label string) bool) map[string]string {
	marks := make([][]string, len(same))
	counts := [3]map[string]int{{}, {}, {}}
	for i, n := range same {
		marks[i] = []string{n.TaxNumber, n.UserName, n.Folder}
		for kind, mark := range marks[i] {
			counts[kind][markKey(kind, mark)]++
		}
	}
	beside, labels := map[string]string{}, map[string]bool{}
	claim := func(n Namesake, mark string) bool {
		label := lang.Fold(Label(n.Name, mark))
		if mark == "" || labels[label] || taken(label) {
			return false
		}
		labels[label], beside[n.ID] = true, mark
		return true
	}
	for i, n := range same {
		for kind, mark := range marks[i] {
			if counts[kind][markKey(kind, mark)] == 1 && claim(n, mark) {
				break
			}
		}
	}
	for _, n := range same {
		for size := shortestID; beside[n.ID] == "" && !claim(n, n.ID[:min(size, len(n.ID))]) && size < len(n.ID); size++ {
		}
	}
	return beside
}

// shortestID is how many characters of an id stand beside a name where nothing else tells it apart, if no other client
// of the name has the same ones.
const shortestID = 6

// markKey is what a disambiguator is compared by. The first kind is the tax number, which is written in several ways.
func markKey(kind int, mark string) string {
	if tax := lang.Digits(mark); kind == 0 && tax != "" {
		return tax
	}
	return lang.Fold(mark)
}
