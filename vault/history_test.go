package vault

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kapu/seal"
)

// replicas are machines with a state of their own that share a vault.
func replicas(t testing.TB, n int) (*seal.Identity, []Door) {
	t.Helper()
	_, id, dir := newVault(t)
	doors := make([]Door, n)
	for i := range doors {
		doors[i] = Door{Dir: dir, State: t.TempDir()}
	}
	return id, doors
}

func unlocked(t testing.TB, d Door, id *seal.Identity) *Vault {
	t.Helper()
	v, err := d.open(id, Keychain)
	check(t, err)
	return v
}

// unite takes over the newest version that the vault does not descend from.
func unite(t testing.TB, v *Vault) (found []Difference) {
	t.Helper()
	_, other, base, err := v.Version("")
	check(t, err)
	_, err = v.Update(t.Context(), func(tx *Tx) (err error) {
		found, err = tx.Unite(other, base, func(*Account) bool { return false })
		return err
	})
	check(t, err)
	return found
}

// The owner of the file server shows machine 2 an old vault; both save a vault of the same generation, and machine 1 is
// shown the other's. It says so, has kept its own, saves on top of the other's without losing either, and unites them.
func TestForkedVault(t *testing.T) {
	id, doors := replicas(t, 2)
	one, two := unlocked(t, doors[0], id), unlocked(t, doors[1], id)
	add(t, one, "Közös")
	old := must(os.ReadFile(one.Path()))
	add(t, one, "Egy")
	check(t, os.WriteFile(one.Path(), old, 0o600))
	add(t, two, "Kettő")
	if two.Warning() != nil {
		t.Errorf("machine 2 has seen nothing else: %v", two.Warning())
	}
	if _, err := one.Refresh(); err != nil || !slices.Equal(names(one), []string{"Közös", "Kettő"}) {
		t.Fatalf("%v, %v", names(one), err)
	}
	if w := one.Warning(); w == nil || !strings.Contains(w.Error(), "restore --merge") {
		t.Errorf("warned: %v", w)
	}
	if _, apart := doors[0].Apart(); !apart {
		t.Error("the check-up does not see it")
	}
	check(t, os.RemoveAll(filepath.Join(doors[0].Dir, "backups"))) // the stranger's too
	add(t, one, "Három")
	one = unlocked(t, doors[0], id)
	if one.Warning() == nil {
		t.Error("forgotten after a save")
	}
	found := unite(t, one)
	if len(found) != 1 || found[0].Kind != Missing || found[0].Name != "Egy" {
		t.Errorf("%+v", found)
	}
	want := []string{"Közös", "Kettő", "Három", "Egy"}
	for i, v := range []*Vault{one, two} {
		if _, err := v.Refresh(); err != nil || !slices.Equal(names(v), want) || v.Warning() != nil {
			t.Errorf("machine %d: %v, %v, %v", i+1, names(v), err, v.Warning())
		}
	}
	if _, apart := doors[0].Apart(); apart {
		t.Error("still apart")
	}
	if kept := one.Backups(); !slices.ContainsFunc(kept, func(b Backup) bool { return b.Here && !b.Apart }) {
		t.Errorf("the version that was united is not to be had: %+v", kept)
	}
}

// What the person puts back is no fork for any machine, whether the vault is there, damaged or gone.
func TestRestoreIsNoFork(t *testing.T) {
	for name, harm := range map[string]func(path string) error{
		"there": func(string) error { return nil }, "damaged": func(path string) error { return os.Truncate(path, 99) }, "gone": os.Remove,
	} {
		id, doors := replicas(t, 3)
		one, two, three := unlocked(t, doors[0], id), unlocked(t, doors[1], id), unlocked(t, doors[2], id)
		for _, client := range []string{"Alfa", "Béta", "Gamma"} {
			add(t, two, client)
		}
		for _, v := range []*Vault{one, three} {
			must(v.Refresh())
		}
		check(t, harm(one.Path()))
		one = doors[0].at(id, Keychain)
		_, _ = one.Refresh()
		beside := slices.DeleteFunc(one.Backups(), func(b Backup) bool { return b.Here })
		must(one.Restore(t.Context(), beside[1].Name))
		for i, v := range []*Vault{one, two, three} {
			if _, err := v.Refresh(); err != nil || v.Warning() != nil || len(names(v)) != 1 {
				t.Errorf("%s: machine %d: %v, %v, %v", name, i+1, names(v), err, v.Warning())
			}
		}
	}
}

// A machine that slept through ten thousand saves still knows where they come from, and the vault has not grown by any.
func TestLongSleep(t *testing.T) {
	c := newContents(nil, nil)
	c.by, c.Generation, c.digest = "w0", 1, "d1"
	slept := c.Mark()
	branch := newContents(nil, nil)
	branch.follow(c)
	branch.by, branch.Generation, branch.digest = "x", 2, "e2"
	for g := uint64(2); g <= 10_000; g++ {
		next := newContents(nil, nil)
		next.follow(c)
		next.by, next.Generation, next.digest = fmt.Sprint("w", g%7), g, fmt.Sprint("d", g)
		c = next
	}
	if !c.descends(slept) || c.descends(branch.Mark()) || len(c.forerunners) != 7 {
		t.Errorf("descends %v, from the branch %v, %d forerunners", c.descends(slept), c.descends(branch.Mark()), len(c.forerunners))
	}
	if common, ok := fork(c, branch); !ok || common != slept {
		t.Errorf("they have %+v in common", common)
	}
}

// Machines without a memory of their own, as new each day, do not make the vault grow for ever.
func TestManyReplicas(t *testing.T) {
	c := newContents(nil, nil)
	c.by, c.Generation, c.digest = "w1", 1, "d1"
	first := c.Mark()
	for g := uint64(2); g <= 1000; g++ {
		next := newContents(nil, nil)
		next.follow(c)
		next.by, next.Generation, next.digest = fmt.Sprint("w", g), g, fmt.Sprint("d", g)
		c = next
	}
	if len(c.forerunners) != maxForerunners || !c.MayDescend(first) || c.descends(first) || c.MayDescend(Mark{"?", 999, "?"}) {
		t.Errorf("%d forerunners", len(c.forerunners))
	}
}

// A machine whose last save is hidden from it takes a new name, so that its next one cannot pass for the successor of
// what was hidden.
func TestHiddenSaveOfOnesOwn(t *testing.T) {
	id, doors := replicas(t, 2)
	one, two := unlocked(t, doors[0], id), unlocked(t, doors[1], id)
	add(t, one, "Közös")
	old := must(os.ReadFile(one.Path()))
	add(t, one, "Egy")
	must(two.Refresh())
	check(t, os.WriteFile(one.Path(), old, 0o600))
	add(t, one, "Kettő")
	add(t, one, "Három")
	if must(two.Refresh()); two.Warning() == nil {
		t.Error("machine 2 has seen what is gone, and says nothing")
	}
	if one.Warning() == nil {
		t.Error("machine 1 has saved what is gone, and says nothing")
	}
}

// The copy of a machine with its memory is another replica as soon as they have both saved.
func TestCopyOfAMachine(t *testing.T) {
	id, doors := replicas(t, 2)
	one := unlocked(t, doors[0], id)
	add(t, one, "Közös")
	check(t, os.CopyFS(filepath.Join(doors[1].State, "copy"), os.DirFS(doors[0].State)))
	doors[1].State = filepath.Join(doors[1].State, "copy")
	two := unlocked(t, doors[1], id)
	old := must(os.ReadFile(one.Path()))
	add(t, one, "Egy")
	check(t, os.WriteFile(one.Path(), old, 0o600))
	add(t, two, "Kettő")
	if must(one.Refresh()); one.Warning() == nil {
		t.Error("the copy's save passes for a successor")
	}
}

// A folder that cannot be written, or a lost memory, keeps nobody from their vault, and claims nothing.
func TestNoMemory(t *testing.T) {
	id, doors := replicas(t, 1)
	blocked := filepath.Join(t.TempDir(), "file")
	check(t, os.WriteFile(blocked, nil, 0o600))
	doors[0].State = filepath.Join(blocked, "state")
	v := unlocked(t, doors[0], id)
	add(t, v, "Alfa")
	add(t, v, "Béta")
	if w := unlocked(t, doors[0], id).Warning(); w != nil {
		t.Error(w)
	}
	doors[0].State = t.TempDir()
	v = unlocked(t, doors[0], id)
	add(t, v, "Gamma")
	for _, lost := range []string{"", "{", `{"vault":"elsewhere"}`} {
		check(t, os.WriteFile(doors[0].seenFile(), []byte(lost), 0o600))
		v = unlocked(t, doors[0], id)
		add(t, v, "Delta")
		if v.Warning() != nil {
			t.Errorf("%q: %v", lost, v.Warning())
		}
	}
}

// Another vault in the same place, made by the person, is no fork of the one before.
func TestAnotherVaultInItsPlace(t *testing.T) {
	id, doors := replicas(t, 1)
	add(t, unlocked(t, doors[0], id), "Alfa")
	check(t, os.RemoveAll(doors[0].Dir))
	other := must(seal.NewIdentity())
	must(Create(doors[0].Dir, other))
	if w := unlocked(t, doors[0], other).Warning(); w != nil {
		t.Error(w)
	}
}

// Machines save in any order. While the place is honest nobody is ever warned; where it forks the vault, exactly those
// are who have seen what the vault they are shown does not descend from; and uniting loses no client and no key.
func TestHistoryOfAnyOrder(t *testing.T) {
	rounds := 12
	if testing.Short() {
		rounds = 1
	}
	for range rounds {
		seed := rand.Uint64()
		t.Run(fmt.Sprint(seed), func(t *testing.T) { runHistory(t, rand.New(rand.NewPCG(seed, 0))) })
	}
}

// world is what a test knows of all saves: of each by digest its forerunners.
type world struct {
	t         *testing.T
	r         *rand.Rand
	machines  []*Vault
	seen      []map[string]bool // by each machine, and not united
	ancestors map[string]map[string]bool
	files     [][]byte // of all saves
	keys      map[string]bool
	n         int
}

func runHistory(t *testing.T, r *rand.Rand) {
	id, doors := replicas(t, 3)
	w := &world{t: t, r: r, ancestors: map[string]map[string]bool{}, keys: map[string]bool{}}
	for _, d := range doors {
		w.machines, w.seen = append(w.machines, unlocked(t, d, id)), append(w.seen, map[string]bool{})
	}
	w.ancestors[w.machines[0].Contents().digest] = map[string]bool{}
	for i := range w.machines {
		w.look(i)
	}
	for range 25 {
		w.save(r.IntN(3))
		w.look(r.IntN(3))
	}
	for i, v := range w.machines {
		if v.Warning() != nil {
			t.Errorf("machine %d is warned of an honest place: %v", i, v.Warning())
		}
	}
	for range 40 {
		switch r.IntN(4) {
		case 0:
			check(t, os.WriteFile(w.machines[0].Path(), w.files[r.IntN(len(w.files))], 0o600))
			w.look(r.IntN(3))
		default:
			w.save(r.IntN(3))
		}
	}
	for i, v := range w.machines {
		for w.look(i); v.Warning() != nil; w.look(i) {
			before := v.Contents()
			unite(t, v)
			w.saved(i, before, v.Contents())
		}
	}
	w.nothingIsLost(w.machines[2].Contents())
}

func (c *Contents) descendsFrom(w *world, digest string) bool {
	return c.digest == digest || w.ancestors[c.digest][digest]
}

// look lets a machine see what is there, and compares what it says with what is true.
func (w *world) look(i int) {
	v := w.machines[i]
	must(v.Refresh())
	w.seen[i][v.Contents().digest] = true
	apart := false
	for d := range w.seen[i] {
		apart = apart || !v.Contents().descendsFrom(w, d)
	}
	if got := v.Warning() != nil; got != apart {
		w.t.Fatalf("machine %d: warned %v, want %v: %v", i, got, apart, v.Warning())
	}
}

func (w *world) save(i int) {
	w.look(i)
	v := w.machines[i]
	before := v.Contents()
	w.n++
	_, err := v.Update(w.t.Context(), func(tx *Tx) error {
		if len(tx.Accounts) > 0 && w.r.IntN(2) == 0 {
			a := tx.Accounts[w.r.IntN(len(tx.Accounts))]
			if len(tx.FormerKeys(a.ID)) < keepFormers-2 {
				a.Key.Secret = w.key()
				_, err := tx.PutAccount(a)
				return err
			}
		}
		a, err := tx.PutAccount(Account{Key: must(ParseKey(w.key()))})
		if err == nil {
			_, err = tx.PutClient(Client{Name: fmt.Sprint("Ügyfél ", w.n), Account: a.ID})
		}
		return err
	})
	check(w.t, err)
	w.saved(i, before, v.Contents())
}

func (w *world) key() string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	secret := make([]byte, 16)
	for i := range secret {
		secret[i] = letters[w.r.IntN(len(letters))]
	}
	w.keys[string(secret)] = true
	return string(secret)
}

// saved notes a save with where it comes from: of one that unites, what the machine had seen of the version too.
func (w *world) saved(i int, before, after *Contents) {
	from := map[string]bool{before.digest: true}
	maps.Copy(from, w.ancestors[before.digest])
	for d := range w.ancestors {
		if slices.ContainsFunc(after.forerunners, func(m Mark) bool { return m.Digest == d }) {
			from[d] = true
			maps.Copy(from, w.ancestors[d])
		}
	}
	w.ancestors[after.digest] = from
	w.files = append(w.files, must(os.ReadFile(w.machines[i].Path())))
	w.seen[i][after.digest] = true
}

// nothingIsLost looks for every key of every save that the contents descend from among keys and former keys.
func (w *world) nothingIsLost(c *Contents) {
	have := map[string]bool{}
	for _, a := range c.Accounts {
		have[a.Key.Secret] = true
	}
	for _, f := range c.Formers {
		have[f.Key.Secret] = true
	}
	for _, file := range w.files {
		old, err := w.machines[2].unseal(file)
		check(w.t, err)
		if !c.descendsFrom(w, old.digest) {
			continue
		}
		for _, a := range old.Accounts {
			if now, ok := c.Account(a.ID); !ok || !have[a.Key.Secret] && len(c.FormerKeys(now.ID)) < keepFormers {
				w.t.Errorf("a key of generation %d is lost: account there %v", old.Generation, ok)
			}
		}
	}
}
