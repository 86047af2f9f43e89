package keeper

import (
	"encoding/base32"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"testing"

	"kapu/agent"
	"kapu/exchange"
	"kapu/vault"
)

// Whichever way a text that looks like a key is to get among what everybody sees, the person is asked first; what they
// confirm is done, and what was so before is not asked about again.
func TestKeysAmongTexts(t *testing.T) {
	const looks = "mfzw 2zth nbvg w3lq"
	k := testKeeper(t, t.TempDir())
	ctx := t.Context()
	c, err := k.add(ctx, agent.New{Client: agent.Client{Name: "Alfa", UserName: "alfa"}, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	text := func(s string) *string { return &s }
	edit := func(change func(*agent.Edit)) func(bool) error {
		return func(confirmed bool) error {
			e := agent.Edit{ID: c.ID, Confirmed: confirmed}
			change(&e)
			_, err := k.edit(ctx, e)
			return err
		}
	}
	for what, change := range map[string]func(confirmed bool) error{
		"name":                 edit(func(e *agent.Edit) { e.Name = text("Alfa " + looks) }),
		"invisible characters": edit(func(e *agent.Edit) { e.Name = text("MFZW2ZTH\u200bNBVGW3LQ") }),
		"its own key":          edit(func(e *agent.Edit) { e.TaxNumber = text(strings.ToLower(key)) }),
		"user name":            edit(func(e *agent.Edit) { e.UserName = text(looks) }),
		"folder":               edit(func(e *agent.Edit) { e.Folder = text(looks) }),
		"service":              edit(func(e *agent.Edit) { e.Service = text("otpauth://totp/x?secret=" + key) }),
		"note":                 edit(func(e *agent.Edit) { e.Note = text("a régi:\n" + looks) }),
		"folder of many": func(confirmed bool) error {
			_, err := k.editMany(ctx, agent.EditMany{IDs: []string{c.ID}, Folder: text("x " + looks), Confirmed: confirmed})
			return err
		},
		"added": func(confirmed bool) error {
			_, err := k.add(ctx, agent.New{Client: agent.Client{Name: looks + " Bt."}, Key: "GEZDGNBVGY3TQOJQ", Confirmed: confirmed})
			return err
		},
	} {
		before := k.contents().Generation
		if err := change(false); !errors.Is(err, agent.ErrDoubtful) || k.contents().Generation != before {
			t.Errorf("%s: %v", what, err)
		}
		if err := change(true); err != nil {
			t.Errorf("%s, confirmed: %v", what, err)
		}
		if what != "added" {
			if err := change(false); err != nil {
				t.Errorf("%s, as it is already: %v", what, err)
			}
		}
	}
	if _, err := k.edit(ctx, agent.Edit{ID: c.ID, Name: text("Alfa 2024 Zrt."), UserName: text("kovacsbela1972"), Note: text("Vasvari utca 23")}); err != nil {
		t.Errorf("what does not look like a key: %v", err)
	}
}

// An import says so too of a client who is there already: what would be moved, and what would be noted.
func TestKeysAmongTextsOfAnImport(t *testing.T) {
	const looks = "MFZW2ZTHNBVGW3LQ"
	k := testKeeper(t, t.TempDir())
	ctx := t.Context()
	if _, err := k.add(ctx, agent.New{Client: agent.Client{Name: "Alfa"}, Key: key}); err != nil {
		t.Fatal(err)
	}
	parsed, err := vault.ParseKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for what, e := range map[string]exchange.Entry{
		"folder": {Folder: looks}, "user name": {UserName: looks}, "note": {Note: "kulcs: " + looks},
	} {
		e.Name, e.Key = "Alfa", parsed
		done, err := k.importEntries(ctx, agent.Import{Entries: []exchange.Entry{e}, DryRun: true})
		if err != nil || done.Counts[exchange.Doubtful] != 1 {
			t.Errorf("%s: %+v, %v", what, done, err)
		}
		done, err = k.importEntries(ctx, agent.Import{Entries: []exchange.Entry{e}, DryRun: true, Decisions: exchange.Decisions{Doubtful: true}})
		if err != nil || done.Counts[exchange.Changed] != 1 {
			t.Errorf("%s, accepted: %+v, %v", what, done, err)
		}
	}
}

// transferPart is the first of two QR codes of a transfer of Google Authenticator.
func transferPart(t *testing.T) string {
	t.Helper()
	secret, err := base32.StdEncoding.DecodeString(key)
	if err != nil {
		t.Fatal(err)
	}
	account := append([]byte{0x0a, byte(len(secret))}, secret...)
	account = append(account, 0x12, 4, 'A', 'l', 'f', 'a', 0x20, 1, 0x28, 1, 0x30, 2)
	m := append([]byte{0x0a, byte(len(account))}, account...)
	m = append(m, 0x10, 1, 0x18, 2, 0x20, 0, 0x28, 7)
	return "otpauth-migration://offline?data=" + url.QueryEscape(base64.StdEncoding.EncodeToString(m))
}

// The only key of a file or of a QR code comes with what speaks against it, and with what it states of its codes.
func TestAddingHearsTheDoubt(t *testing.T) {
	ctx := t.Context()
	for _, way := range []string{"staged", "scanned"} {
		k := testKeeper(t, t.TempDir())
		add := func(data string, confirmed bool) error {
			t.Helper()
			n := agent.New{Client: agent.Client{Name: "Alfa"}, Confirmed: confirmed}
			if way == "staged" {
				s, err := k.stage(ctx, agent.Stage{Data: []byte(data)})
				if err != nil || s.Only == nil {
					t.Fatalf("%+v, %v", s, err)
				}
				n.Staged = s.ID
			} else {
				_, entries, err := exchange.Read([]byte(data), exchange.ReadOptions{})
				if err != nil {
					t.Fatal(err)
				}
				e, err := exchange.One(entries, "")
				if err != nil {
					t.Fatal(err)
				}
				n.Scanned = &e
			}
			_, err := k.add(ctx, n)
			return err
		}
		if err := add(transferPart(t), false); !errors.Is(err, agent.ErrDoubtful) || !strings.Contains(err.Error(), "2") {
			t.Errorf("%s: a part of a transfer: %v", way, err)
		}
		if err := add(transferPart(t), true); err != nil {
			t.Errorf("%s: a part of a transfer, confirmed: %v", way, err)
		}
		if err := add("otpauth://totp/Beta?digits=8&secret="+key, false); !errors.Is(err, agent.ErrDoubtful) {
			t.Errorf("%s: the same key with other digits: %v", way, err)
		}
	}
}
