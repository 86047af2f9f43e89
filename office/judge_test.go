package office

import (
	"context"
	"strings"
	"testing"
)

// revoked is an office in which Béla has changed a client before he knew that he may no longer, and in which the boss
// has a second machine that came after that: it has never seen the roster that Béla's edit cites.
func revoked(t *testing.T) (anna, béla, laptop *kapu) {
	w := newWorld(t)
	ctx := context.Background()
	anna = w.founder("Anna")
	anna.add("Alma Kft.", "Kft-k")
	anna.sync()
	béla = w.enters(anna, NewMember{Name: "Béla", Role: Staff})
	for _, right := range []Right{Edit, Use} {
		if err := anna.Grant(ctx, Grant{Member: béla.member(), Right: right}); err != nil {
			t.Fatal(err)
		}
		if right == Edit {
			anna.sync()
			béla.sync()
			béla.change("Alma Kft.", noteTax("11111111"))
		}
	}
	anna.sync()
	laptop = w.enters(anna, NewMember{Member: anna.member(), Name: "laptop"})
	laptop.sync()
	béla.sync()
	return anna, béla, laptop
}

// bundles are the names of those in the store.
func (k *kapu) bundles() string {
	var list []string
	for name := range k.st.List(context.Background(), prefixAccounts, "") {
		list = append(list, name)
	}
	return strings.Join(list, "\n")
}

func (k *kapu) tax() string { return k.home.tx.Clients[0].TaxNumber }

// What a device came too late to judge it neither takes nor deletes: another that has seen the time decides.
func TestUnjudged(t *testing.T) {
	anna, béla, laptop := revoked(t)
	for range 3 {
		for _, k := range []*kapu{laptop, béla, laptop, anna} {
			k.relist = true
			k.sync()
		}
	}
	for name, k := range map[string]*kapu{"Anna": anna, "Béla": béla, "the laptop": laptop} {
		if k.tax() != "11111111" {
			t.Errorf("%s has %q", name, k.tax())
		}
	}
}

// Where nobody is left who could judge it, its author gives it up, and all show the same again.
func TestNobodyJudges(t *testing.T) {
	anna, béla, laptop := revoked(t)
	if err := laptop.RemoveDevice(context.Background(), anna.state.Device); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		for _, k := range []*kapu{laptop, béla} {
			k.relist = true
			k.sync()
		}
	}
	if béla.tax() != "" || laptop.tax() != "" {
		t.Errorf("Béla has %q, the laptop %q", béla.tax(), laptop.tax())
	}
	before := laptop.bundles()
	for _, k := range []*kapu{béla, laptop} {
		k.relist = true
		k.sync()
		if got := laptop.bundles(); got != before {
			t.Errorf("the store is not at rest:\n%s\nwas\n%s", got, before)
		}
	}
}
