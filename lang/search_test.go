package lang

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
)

// searchVectors is testdata/search.json.
type searchVectors struct {
	Clients []struct {
		Name      string   `json:"name"`
		TaxNumber string   `json:"tax_number"`
		Folder    string   `json:"folder"`
		UserName  string   `json:"user_name"`
		Service   string   `json:"service"`
		Finds     []string `json:"finds"`
		Misses    []string `json:"misses"`
	} `json:"clients"`
	Same      [][]string `json:"same"`
	Different [][]string `json:"different"`
}

func TestSearch(t *testing.T) {
	data, err := os.ReadFile("testdata/search.json")
	if err != nil {
		t.Fatal(err)
	}
	var v searchVectors
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	for _, c := range v.Clients {
		k := NewSearchKey(c.Name, c.TaxNumber, c.Folder, c.UserName, c.Service)
		for want, queries := range map[bool][]string{true: c.Finds, false: c.Misses} {
			for _, s := range queries {
				if q := NewQuery(s); q.Finds(&k) != want {
					t.Errorf("%q finds %q: %v; %+v in %+v", s, c.Name, !want, q, k)
				}
			}
		}
		if whole := NewQuery(c.Name); !whole.Names(&k) || !whole.Finds(&k) {
			t.Errorf("%q does not name itself", c.Name)
		}
	}
	for want, lists := range map[bool][][]string{true: v.Same, false: v.Different} {
		for _, names := range lists {
			for _, a := range names {
				for _, b := range names {
					k := NewSearchKey(a, "")
					if q := NewQuery(b); (want || a != b || a == "") && q.Names(&k) != want {
						t.Errorf("%q is the whole name of %q: %v", b, a, !want)
					}
				}
			}
		}
	}
}

// A whole tax number is known in every dress; a part of one is no whole.
func TestWholeTaxNumber(t *testing.T) {
	for _, tt := range []struct {
		stored, query string
		want          bool
	}{
		{"23456789-2-41", "23456789241", true},
		{"23456789-2-41", "HU 23456789", true},
		{"HU23456789", "23456789", true},
		{"8123456789", "812-345-6789", true},
		{"81234567-8-90", "8123456789", false},
		{"23456789-2-41", "2345678", false},
		{"23456789-2-41", "23456789-2", false},
		{"23456789-2-41", "23456789-2-42", false},
		{"23456789", "23456789-2-42", false}, // it is found, but one that says all goes first
		{"", "", false},
		{"", "234", false},
	} {
		k := NewSearchKey("Alfa", tt.stored)
		if q := NewQuery(tt.query); q.Numbers(&k) != tt.want {
			t.Errorf("%q is the whole of %q: %v", tt.query, tt.stored, !tt.want)
		}
	}
}

// Whatever a name is, it finds itself, and so does each of its words.
func FuzzSearch(f *testing.F) {
	for _, s := range []string{"Szabó & Fiai", "K.F.T. e. v.", "’´` +&+ -", "İı ẞ ς ﷺ ½", "24/7 HU 22 345"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		k := NewSearchKey(s, s, s)
		if q := NewQuery(s); !q.Finds(&k) {
			t.Errorf("%q does not find itself: %+v in %+v", s, q, k)
		}
		for _, w := range split(s) {
			if q := NewQuery(w.canonical()); w.text != "" && !q.Finds(&k) {
				t.Errorf("%q does not find %q: %+v in %+v", w.text, s, q, k)
			}
		}
	})
}

func BenchmarkSearchKey(b *testing.B) {
	b.ReportAllocs()
	for i := range b.N {
		user := fmt.Sprint("ugyfel.", i)
		NewSearchKey("Árvíztűrő és Fiai Kereskedelmi Kft.", "12345678-1-42", "Bér – Éva", user, "Ügyfélkapu+")
	}
}
