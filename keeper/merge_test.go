package keeper

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/agent"
	"kapu/vault"
)

// pair are two clients who are the same, in a keeper of their own.
func pair(t *testing.T) (c *agent.Conn, k *keeper, keep, other agent.Client) {
	t.Helper()
	c, k, _ = running(t)
	var err error
	if keep, err = c.Add(t.Context(), agent.New{Client: agent.Client{Name: "Alfa Kft."}, Key: "KR2WG4TFORSWC3AP", Note: "egy"}); err != nil {
		t.Fatal(err)
	}
	other, err = c.Add(t.Context(), agent.New{
		Client: agent.Client{
			Name: "Alfa Könyvelő Kft.", TaxNumber: "12345678-1-42", Folder: "Kft-k", UserName: "alfa", MandateUntil: "2027-01-31", Favourite: true,
			PasswordUntil: "2027-02-28",
		},
		Key: "KR2WG4TFORSWC3BP", Note: "kettő", DeletionCode: "12345678",
	})
	if err != nil {
		t.Fatal(err)
	}
	return c, k, keep, other
}

// What the one who stays has no value of it gets from the other; name and key of the other are former ones. It is told
// before, and taken back as one.
func TestMerge(t *testing.T) {
	c, k, keep, other := pair(t)
	before := k.vault.Contents()
	m := agent.Merge{Keep: keep.ID, Other: other.ID, DryRun: true}
	plan, err := c.Merge(t.Context(), m)
	want := []string{"tax_number", "folder", "user_name", "mandate_until", "password_until", "favourite"}
	if diff := cmp.Diff(want, plan.Taken); diff != "" || err != nil || !plan.KeyGone || plan.ForAll || plan.Undo != "" {
		t.Fatalf("%s %+v, %v", diff, plan, err)
	}
	if len(k.vault.Contents().Clients) != 2 {
		t.Fatal("a dry run has merged")
	}
	m.DryRun = false
	done, err := c.Merge(t.Context(), m)
	if err != nil || done.Undo == "" || done.Other.ID != other.ID {
		t.Fatalf("%+v, %v", done, err)
	}
	got := done.Client
	wanted := agent.Client{
		ID: keep.ID, Name: "Alfa Kft.", TaxNumber: other.TaxNumber, Folder: "Kft-k", Service: keep.Service, UserName: "alfa",
		Account: keep.Account, MandateUntil: "2027-01-31", PasswordUntil: "2027-02-28", Favourite: true,
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Error(diff)
	}
	after := k.vault.Contents()
	a, _ := after.Account(keep.Account)
	formers := after.FormerKeys(keep.Account)
	if a.Key.Secret != "KR2WG4TFORSWC3AP" || a.Note != "egy\n\nkettő" || a.DeletionCode != "" || len(formers) != 1 ||
		formers[0].Key.Secret != "KR2WG4TFORSWC3BP" {
		t.Errorf("%+v, %+v", a, formers)
	}
	if len(after.Clients) != 1 || len(after.Accounts) != 1 || !slices.ContainsFunc(after.Formers, func(f vault.Former) bool {
		return f.ID == keep.ID && f.Name == "Alfa Könyvelő Kft."
	}) {
		t.Errorf("%+v", after.Formers)
	}
	log, err := c.Log(t.Context(), agent.LogRequest{Query: "konyvelo"})
	lines := log.Lines
	if err != nil || lines[0].Act != vault.Merged || lines[0].Name != "Alfa Kft. ← Alfa Könyvelő Kft." || lines[0].Client != keep.ID {
		t.Errorf("%+v, %v", lines, err)
	}
	undone, err := c.Undo(t.Context(), "")
	if err != nil || undone.Act != vault.Merged || undone.N != 2 || undone.Kept != 0 {
		t.Errorf("%+v, %v", undone, err)
	}
	again := k.vault.Contents()
	for i, client := range before.Clients {
		now, _ := again.Client(client.ID)
		account, _ := again.Account(client.Account)
		was, _ := before.Account(client.Account)
		if now != client || account != was {
			t.Errorf("%d: %+v, %+v", i, now, account)
		}
	}
}

// With the other's key its account comes along, with what belongs to it.
func TestMergeIntoTheOtherKey(t *testing.T) {
	c, k, keep, other := pair(t)
	done, err := c.Merge(t.Context(), agent.Merge{Keep: keep.ID, Other: other.ID, OtherKey: true})
	if err != nil || !done.KeyGone || done.Client.ID != keep.ID || done.Client.Account != other.Account {
		t.Fatalf("%+v, %v", done, err)
	}
	after := k.vault.Contents()
	a, _ := after.Account(other.Account)
	formers := after.FormerKeys(other.Account)
	if a.Key.Secret != "KR2WG4TFORSWC3BP" || a.Note != "kettő\n\negy" || a.DeletionCode != "12345678" || len(formers) != 1 ||
		formers[0].Key.Secret != "KR2WG4TFORSWC3AP" {
		t.Errorf("%+v, %+v", a, formers)
	}
	if _, err := c.Undo(t.Context(), done.Undo); err != nil {
		t.Error(err)
	}
	if contents := k.vault.Contents(); len(contents.Accounts) != 2 {
		t.Error("undone")
	} else if back, _ := contents.Client(keep.ID); back.Account != keep.Account {
		t.Errorf("%+v", back)
	}
}

// An account that serves others too stays theirs, whichever key is chosen; of one account there is no key to lose.
func TestMergeOfSharedAccounts(t *testing.T) {
	for _, otherKey := range []bool{false, true} {
		c, k, keep, other := pair(t)
		ofKeep := mustAdd(t, c, "Béta Bt.", "KR2WG4TFORSWC3AP")
		ofOther := mustAdd(t, c, "Gamma Bt.", "KR2WG4TFORSWC3BP")
		done, err := c.Merge(t.Context(), agent.Merge{Keep: keep.ID, Other: other.ID, OtherKey: otherKey})
		account := keep.Account
		if otherKey {
			account = other.Account
		}
		if err != nil || done.KeyGone || done.Client.Account != account {
			t.Errorf("%+v, %v", done, err)
		}
		contents := k.vault.Contents()
		b, _ := contents.Client(ofKeep.ID)
		g, _ := contents.Client(ofOther.ID)
		if b.Account != keep.Account || g.Account != other.Account || len(contents.Accounts) != 2 || len(contents.FormerKeys(account)) != 0 {
			t.Errorf("%+v, %+v", b, g)
		}
		same, err := c.Merge(t.Context(), agent.Merge{Keep: ofKeep.ID, Other: keep.ID, OtherKey: otherKey})
		if !otherKey && (err != nil || same.KeyGone || len(k.vault.Contents().Accounts) != 2) {
			t.Errorf("of one account: %+v, %v", same, err)
		}
	}
}

func TestMergeIsRefused(t *testing.T) {
	c, k, keep, _ := pair(t)
	for _, m := range []agent.Merge{{Keep: keep.ID, Other: keep.ID}, {Keep: keep.ID, Other: "nincs"}, {Keep: "", Other: keep.ID}} {
		if _, err := c.Merge(t.Context(), m); err == nil {
			t.Errorf("%+v was done", m)
		}
	}
	if len(k.vault.Contents().Clients) != 2 {
		t.Error("something was merged")
	}
}

// What a face copies that goes away at once is told to the face that shows notices, and to no other; without one it is
// said that nobody tells of it.
func TestCopyAndLeave(t *testing.T) {
	copying(t, func(t *testing.T, k *keeper, _ *memory, client agent.Client, _ func(int) string) {
		leave := agent.Copy{Query: client.ID, Announce: true}
		if done, err := k.copyOrShow(t.Context(), leave); err != nil || done.Announced {
			t.Errorf("nobody listens: %+v, %v", done, err)
		}
		time.Sleep(time.Minute)
		page, tray := k.events.listen(), k.events.subscribe(agent.EventsRequest{Notices: true})
		defer k.events.leave(page)
		defer k.events.leave(tray)
		done, err := k.copyOrShow(t.Context(), leave)
		if err != nil || !done.Announced {
			t.Errorf("%+v, %v", done, err)
		}
		if _, err := k.copyOrShow(t.Context(), leave); err != nil { // the same code: the face itself warns of it, and stays
			t.Error(err)
		}
		time.Sleep(time.Minute)
		if _, err := k.copyOrShow(t.Context(), agent.Copy{Query: client.ID}); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		count := func(l chan telling) (n int) {
			for {
				select {
				case e := <-l:
					if e.Type == agent.CodeCopied {
						n++
						if e.Copied.ID != client.ID || e.Copied.Code != "" || e.Copied.Remaining == 0 {
							t.Errorf("%+v", e.Copied)
						}
					}
				default:
					return n
				}
			}
		}
		if told, others := count(tray), count(page); told != 1 || others != 0 {
			t.Errorf("told %d times, and others %d", told, others)
		}
	})
}
