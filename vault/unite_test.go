package vault

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// branch is a vault that two machines have changed apart from each other.
type branch struct {
	t        *testing.T
	one, two *Vault
}

// apart lets both machines change a vault that holds what before puts, and shows machine 1 the other's.
func apart(t *testing.T, before, ours, theirs func(*Tx) error, lost bool) *branch {
	id, doors := replicas(t, 2)
	b := &branch{t, unlocked(t, doors[0], id), unlocked(t, doors[1], id)}
	change := func(v *Vault, f func(*Tx) error) {
		_, err := v.Update(t.Context(), f)
		check(t, err)
	}
	change(b.one, before)
	must(b.two.Refresh())
	old := must(os.ReadFile(b.one.Path()))
	change(b.one, theirs)
	check(t, os.WriteFile(b.one.Path(), old, 0o600))
	change(b.two, ours)
	if lost {
		check(t, os.RemoveAll(filepath.Join(b.one.Dir(), "backups")))
	}
	must(b.one.Refresh())
	return b
}

const (
	keyBefore = "JBSWY3DPEHPK3PXP"
	keyOurs   = "GEZDGNBVGY3TQOJQ"
	keyTheirs = "MFRGGZDFMZTWQ2LK"
)

func clientNamed(c *Contents, name string) Client {
	i := slices.IndexFunc(c.Clients, func(c Client) bool { return c.Name == name })
	if i < 0 {
		return Client{}
	}
	return c.Clients[i]
}

// edit changes a client and its account by its name.
func edit(name string, change func(*Client, *Account)) func(*Tx) error {
	return func(tx *Tx) error {
		c := clientNamed(tx.Contents, name)
		a, _ := tx.Account(c.Account)
		change(&c, &a)
		if was, _ := tx.Account(c.Account); was != a {
			if _, err := tx.PutAccount(a); err != nil {
				return err
			}
		}
		_, err := tx.PutClient(c)
		return err
	}
}

func all(changes ...func(*Tx) error) func(*Tx) error {
	return func(tx *Tx) error {
		for _, change := range changes {
			if err := change(tx); err != nil {
				return err
			}
		}
		return nil
	}
}

func adding(names ...string) func(*Tx) error {
	return func(tx *Tx) error {
		for _, name := range names {
			if _, err := put(tx, name); err != nil {
				return err
			}
		}
		return nil
	}
}

func removing(name string) func(*Tx) error {
	return func(tx *Tx) error {
		tx.Undoable(Removed, name)
		tx.RemoveClients(clientNamed(tx.Contents, name).ID)
		return nil
	}
}

func setKey(secret string) func(*Client, *Account) {
	return func(_ *Client, a *Account) { a.Key.Secret = secret }
}

func TestUnite(t *testing.T) {
	note := func(text string) func(*Client, *Account) { return func(_ *Client, a *Account) { a.Note = text } }
	folder := func(text string) func(*Client, *Account) { return func(c *Client, _ *Account) { c.Folder = text } }
	nothing := func(*Tx) error { return nil }
	for name, tt := range map[string]struct {
		ours, theirs func(*Tx) error
		want         []Difference // without ids
		names        []string
		keys         []string // of Alfa: that it has, and the former ones, newest first
		check        func(*Contents) bool
	}{
		"theirs is missing": {
			nothing, adding("Új"),
			[]Difference{{Name: "Új", Kind: Missing, Taken: true}},
			[]string{"Alfa", "Béta", "Új"},
			[]string{keyBefore},
			nil,
		},
		"removed here": {
			removing("Béta"), adding("Új"),
			[]Difference{{Name: "Béta", Kind: Gone}, {Name: "Új", Kind: Missing, Taken: true}},
			[]string{"Alfa", "Új"},
			[]string{keyBefore},
			nil,
		},
		"removed here and changed there": {
			removing("Béta"), edit("Béta", folder("Kft-k")),
			[]Difference{{Name: "Béta", Kind: Missing, Taken: true}},
			[]string{"Alfa", "Béta"},
			[]string{keyBefore},
			nil,
		},
		"removed there": {
			nothing, removing("Béta"), []Difference{{Name: "Béta", Kind: GoneThere}}, []string{"Alfa", "Béta"}, []string{keyBefore}, nil,
		},
		"changed only there": {
			adding("Mi"), all(edit("Alfa", folder("Kft-k")), edit("Alfa", setKey(keyTheirs))),
			[]Difference{{Name: "Alfa", Kind: ChangedThem, Field: "key", Taken: true}, {Name: "Alfa", Kind: ChangedThem, Field: "folder", Theirs: "Kft-k", Taken: true}},
			[]string{"Alfa", "Béta", "Mi"},
			[]string{keyTheirs, keyBefore},
			nil,
		},
		"changed only here": {
			all(edit("Alfa", folder("Bt-k")), edit("Alfa", setKey(keyOurs))), adding("Új"),
			[]Difference{{Name: "Új", Kind: Missing, Taken: true}},
			[]string{"Alfa", "Béta", "Új"},
			[]string{keyOurs, keyBefore},
			func(c *Contents) bool { return clientNamed(c, "Alfa").Folder == "Bt-k" },
		},
		"both changed, ours later": {
			edit("Alfa", func(c *Client, a *Account) { c.Folder, a.Key.Secret, a.DeletionCode = "Bt-k", keyOurs, "111" }),
			edit("Alfa", func(c *Client, a *Account) { c.Folder, a.Key.Secret, a.DeletionCode = "Kft-k", keyTheirs, "222" }),
			[]Difference{
				{Name: "Alfa", Kind: Conflict, Field: "deletion_code"},
				{Name: "Alfa", Kind: Conflict, Field: "key"},
				{Name: "Alfa", Kind: Conflict, Field: "folder", Ours: "Bt-k", Theirs: "Kft-k"},
			},
			[]string{"Alfa", "Béta"},
			[]string{keyOurs, keyTheirs, keyBefore},
			nil,
		},
		"both notes": {
			edit("Alfa", note("mi")), edit("Alfa", note("ők")),
			[]Difference{{Name: "Alfa", Kind: BothNotes, Field: "note", Ours: "mi", Theirs: "ők", Taken: true}},
			[]string{"Alfa", "Béta"},
			[]string{keyBefore},
			func(c *Contents) bool { return c.Accounts[0].Note == "mi\n\nők" },
		},
		"another name": {
			edit("Alfa", func(c *Client, _ *Account) { c.Name = "Alfa Bt." }), edit("Alfa", func(c *Client, _ *Account) { c.Name = "Alfa Kft." }),
			[]Difference{{Name: "Alfa Bt.", Kind: Conflict, Field: "name", Ours: "Alfa Bt.", Theirs: "Alfa Kft."}},
			[]string{"Alfa Bt.", "Béta"},
			nil,
			func(c *Contents) bool {
				return slices.ContainsFunc(c.Formers, func(f Former) bool { return f.Name == "Alfa Kft." })
			},
		},
		"at another account there": {
			adding("Mi"), func(tx *Tx) error {
				a, err := tx.PutAccount(Account{Key: must(ParseKey(keyTheirs))})
				c := clientNamed(tx.Contents, "Alfa")
				tx.removeUnserved(map[string]bool{})
				c.Account = a.ID
				_, err2 := tx.PutClient(c)
				return all(func(*Tx) error { return err }, func(*Tx) error { return err2 })(tx)
			},
			nil,
			[]string{"Alfa", "Béta", "Mi"},
			[]string{keyTheirs, keyBefore},
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			before := adding("Alfa", "Béta")
			b := apart(t, before, tt.ours, tt.theirs, false)
			got := unite(t, b.one)
			for i := range got {
				got[i].Client = ""
			}
			if diff := cmp.Diff(tt.want, got); diff != "" && tt.want != nil {
				t.Error(diff)
			}
			c := open(t, b.one.Dir(), b.one.id).Contents()
			var names, keys []string
			for _, client := range c.Clients {
				names = append(names, client.Name)
			}
			if alfa := clientNamed(c, "Alfa"); alfa.ID != "" {
				a, _ := c.Account(alfa.Account)
				keys = append(keys, a.Key.Secret)
				for _, f := range c.FormerKeys(a.ID) {
					keys = append(keys, f.Key.Secret)
				}
			}
			if !slices.Equal(names, tt.names) || !slices.Equal(keys, tt.keys) || tt.check != nil && !tt.check(c) {
				t.Errorf("%v, keys %v, %+v", names, keys, c.Accounts)
			}
			if b.one.Warning() != nil {
				t.Error(b.one.Warning())
			}
		})
	}
}

// Where no copy of what the two have in common is left, nothing is taken for unchanged: what differs is a conflict, and
// no key and no client is lost.
func TestUniteWithoutTheFork(t *testing.T) {
	b := apart(t, adding("Alfa", "Béta"), all(edit("Alfa", setKey(keyOurs)), removing("Béta")), all(edit("Béta", setKey(keyTheirs)), adding("Új")), true)
	found := unite(t, b.one)
	c := b.one.Contents()
	a, _ := c.Account(clientNamed(c, "Alfa").Account)
	if a.Key.Secret != keyOurs || len(c.FormerKeys(a.ID)) != 1 || clientNamed(c, "Új").ID == "" || clientNamed(c, "Béta").ID == "" {
		t.Errorf("%+v\n%+v", found, c.Accounts)
	}
}

// A counter goes on from the further place: no code is made twice.
func TestUniteCounters(t *testing.T) {
	counter := func(n uint64) func(*Tx) error {
		return edit("Alfa", func(_ *Client, a *Account) { a.Key.Kind, a.Key.Period, a.Key.Counter = HOTP, 0, n })
	}
	for _, n := range [][2]uint64{{7, 9}, {9, 7}} {
		b := apart(t, all(adding("Alfa"), counter(5)), counter(n[0]), counter(n[1]), false)
		unite(t, b.one)
		if a := b.one.Contents().Accounts[0]; a.Key.Counter != 9 || len(b.one.Contents().FormerKeys(a.ID)) != 0 {
			t.Errorf("%+v", a)
		}
	}
}

// What is taken over can be taken back, and what is discarded is told no more.
func TestUniteIsUndone(t *testing.T) {
	b := apart(t, adding("Alfa"), adding("Mi"), adding("Ők"), false)
	_, other, base, err := b.one.Version("")
	check(t, err)
	_, err = b.one.Update(t.Context(), func(tx *Tx) error {
		tx.Undoable(United, "")
		_, err := tx.Unite(other, base, func(*Account) bool { return false })
		return err
	})
	check(t, err)
	_, err = b.one.Update(t.Context(), func(tx *Tx) error { _, _, err := tx.Undo(""); return err })
	check(t, err)
	if got := names(b.one); !slices.Equal(got, []string{"Alfa", "Mi"}) || b.one.Warning() != nil {
		t.Errorf("%v, %v", got, b.one.Warning())
	}
	d := apart(t, adding("Alfa"), adding("Mi"), adding("Ők"), false)
	_, other, _, err = d.one.Version("")
	check(t, err)
	_, err = d.one.Update(t.Context(), func(tx *Tx) error { tx.Discard(other); return nil })
	check(t, err)
	if got := names(d.one); !slices.Equal(got, []string{"Alfa", "Mi"}) || d.one.Warning() != nil {
		t.Errorf("%v, %v", got, d.one.Warning())
	}
	if _, _, _, err := d.one.Version(""); err == nil {
		t.Error("it is still to be united")
	}
}

// Of what this machine has seen no copy is left: the person is told until they decide to go on without it.
func TestDiscardWhatIsLost(t *testing.T) {
	b := apart(t, adding("Alfa"), adding("Mi"), adding("Ők"), false)
	check(t, os.RemoveAll(b.one.memory.door.versionDir()))
	if _, err := b.one.Refresh(); err != nil || b.one.Warning() == nil {
		t.Fatalf("nothing is told: %v", err)
	}
	if _, _, _, err := b.one.Version(""); err == nil {
		t.Error("a copy is left")
	}
	_, other, err := b.one.Lost()
	check(t, err)
	_, err = b.one.Update(t.Context(), func(tx *Tx) error { tx.Discard(other); return nil })
	check(t, err)
	if got := names(b.one); !slices.Equal(got, []string{"Alfa", "Mi"}) || b.one.Warning() != nil {
		t.Errorf("%v, %v", got, b.one.Warning())
	}
	if _, _, err := b.one.Lost(); err == nil {
		t.Error("still to be decided")
	}
}
