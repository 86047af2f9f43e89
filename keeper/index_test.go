package keeper

import (
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"testing"

	"kapu/agent"
	"kapu/vault"
)

// What a query means: a whole name, id or tax number goes before parts; what several match is never chosen from.
func TestResolve(t *testing.T) {
	c, _, _ := running(t)
	ids := map[string]string{}
	add := func(number string, n agent.Client) {
		t.Helper()
		sum := sha256.Sum256([]byte(number))
		added, err := c.Add(t.Context(), agent.New{Client: n, Key: base32.StdEncoding.EncodeToString(sum[:10])})
		if err != nil {
			t.Fatal(err)
		}
		ids[added.ID] = number
	}
	add("1", agent.Client{Name: "Halász–Vörös Kft.", TaxNumber: "HU23456789", Folder: "Bér"})
	add("2", agent.Client{Name: "Halász–Vörös Kft. Győr", TaxNumber: "23456789-2-08"})
	add("3", agent.Client{Name: "Szalai és Fiai"})
	add("4", agent.Client{Name: "Szalai & Fiai"})
	add("5", agent.Client{Name: "Szalai & Fiai Bt."})
	add("6", agent.Client{Name: "Tóth Péter e. v.", TaxNumber: "8123456789", Service: "Minta Portál"})
	add("7", agent.Client{Name: "Évi Kft.", TaxNumber: "81234567-8-90", Folder: "Tóth Péter"})
	add("8", agent.Client{Name: "34567891"})
	add("9", agent.Client{Name: "Könyv Bt.", TaxNumber: "34567891-1-42", UserName: "kovacs.anna"})
	add("10", agent.Client{Name: "Kovács Bt.", TaxNumber: "45678912-1-42"})
	add("11", agent.Client{Name: "Gál’s Műhely", TaxNumber: "56789123-1-42", Folder: "45678912"})
	add("12", agent.Client{Name: "???"})
	const several, none = "several", "none"
	for query, want := range map[string]string{
		"halász-vörös kft": "1", "halasz voros k.f.t.": "1", "halász-vörös": several, "halász győr": "2",
		"HU23456789": several, "23 456 789": several, "23456789-2-08": "2", "23456789208": "2", // 8 digits are both
		"Szalai és Fiai": "3", "Szalai & Fiai": "4", "szalai + fiai": several, "szalai and fiai bt": "5",
		"Tóth Péter e.v.": "6", "toth peter EV": "6", "tóth péter": several, "e.v.": "6", "8123456789": "6", "81234567890": "7",
		"34567891": "8", "34567891-1-42": "9", "HU34567891": "9",
		"45678912": "10", "kovács": several, "kovacs.anna": "9", "KOVACS ANNA": "9", "minta portál": "6", "gal's": "11", "gáls": "11",
		"???": "12", "?": "12", ",": none, "&": several, "kovács,bt": "10", "szalai vagy fiai": none, "bér": "1",
	} {
		found, err := c.Find(t.Context(), query)
		got := ids[found.ID]
		if errors.Is(err, agent.ErrAmbiguous) {
			got = several
		} else if errors.Is(err, agent.ErrNotFound) {
			got = none
		}
		if got != want {
			t.Errorf("%q is %s, want %s; %v", query, got, want, err)
		}
	}
}

// The log and the journal are searched by words too.
func TestNamedLike(t *testing.T) {
	for query, want := range map[string]bool{
		"": true, "halász-vörös": true, "vörös k.f.t.": true, "halász & vörös": false, "kék": false, ",": false,
	} {
		if got := namedLike(query)("Halász–Vörös Kft."); got != want {
			t.Errorf("%q: %v", query, got)
		}
	}
}

// manyClients are the contents of a vault with n clients.
func manyClients(n int) *vault.Contents {
	c := &vault.Contents{}
	for i := range n {
		c.Clients = append(c.Clients, vault.Client{
			ID: fmt.Sprintf("c%06d", i), Name: fmt.Sprintf("Ügyfél–%c%c és Társa %d Kereskedelmi Kft.", 'A'+i%26, 'a'+i/26%26, i),
			TaxNumber: fmt.Sprintf("%08d-2-41", 10000000+i*733), Folder: fmt.Sprintf("%d. csoport", i%30),
		})
	}
	return c
}

func BenchmarkIndex(b *testing.B) {
	for _, n := range []int{5_000, 100_000} {
		contents := manyClients(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				newIndex(contents, nil, func(*vault.Client) []int { return nil })
			}
		})
	}
}

func BenchmarkSearch(b *testing.B) {
	for _, n := range []int{5_000, 100_000} {
		x := newIndex(manyClients(n), nil, func(*vault.Client) []int { return nil })
		for _, query := range []string{"k", "tarsa & 4999", "HU10003665", "zz e.v."} {
			b.Run(fmt.Sprint(n, " ", query), func(b *testing.B) {
				for b.Loop() {
					x.search(query)
				}
			})
		}
	}
}
