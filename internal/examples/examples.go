// Package examples makes up clients of an accounting office: businesses with names of the real kind, filed in
// folders, each with a key. The same number always gives the same clients. Tests, the demo and the benchmarks
// use them; none of them exists.
package examples

import (
	"encoding/base32"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
)

// Client is a made-up client.
type Client struct{ Name, Folder, Key string }

var (
	first = strings.Fields(`Ági Aranykéz Árvíztűrő Balaton Bástya Borostyán Citrus Csillag Délibáb Duna Ébredő Élan
		Erdőszél Északi Fáklya Fehér Gólya Gyöngyös Hajnal Hársfa Holló Ibolya Jégvirág Kékfestő Kőris Lótusz Liget
		Magas Mátra Nefelejcs Nyírfa Óbuda Öböl Őrség Pannon Pipacs Róna Sárkány Somogyi Szamos Szőlő Tavasz Tisza
		Tölgy Újhíd Üveg Vadvíz Viharsarok Zala Zsálya`)
	second = strings.Fields(`Autó Bau Büfé Consulting Dental Design Élelmiszer Energia Fodrászat Food Fuvar Ház
		Ingatlan Invest Kereskedelmi Kert Könyvelő Logisztika Média Méz Mobil Műhely Nyomda Optika Pékség Pharma
		Print Sport Szerviz Szolgáltató Szövetkezet Textil Trans Vendéglő Virág`)
	form = []string{"Kft.", "Kft.", "Kft.", "Bt.", "Bt.", "Zrt.", "Kkt.", "e.v.", "Nyrt.", "Egyesület"}
	// Names that programs have stumbled over.
	odd = []string{
		"Kovács & Társa Bt.", "Nagy_és_Fia Kft.", `"Aranyszarvas" Vendéglő Kft.`, "O'Brien Tanácsadó Kft.",
		"Bűvös Kocka <Játék> Kft.", "100% Magyar Kft.", "Szabó, Tóth és Társai Ügyvédi Iroda",
	}
)

// Clients makes n clients in so many folders; with none they are not filed.
func Clients(n, folders int) []Client {
	r := rand.New(rand.NewPCG(2025, 115))
	pick := func(words []string) string { return words[r.IntN(len(words))] }
	seen := map[string]bool{}
	list := make([]Client, 0, n)
	for i := range n {
		name := fmt.Sprintf("%s %s %s", pick(first), pick(second), pick(form))
		if i < len(odd) && i < n/4 {
			name = odd[i]
		}
		if seen[name] {
			name = fmt.Sprintf("%s %d", name, i)
		}
		seen[name] = true
		key := make([]byte, 10)
		for j := range key {
			key[j] = byte(r.Uint32())
		}
		c := Client{Name: name, Key: base32.StdEncoding.EncodeToString(key)}
		if folders > 0 {
			c.Folder = folder(i % folders)
		}
		list = append(list, c)
	}
	return list
}

func folder(i int) string {
	names := []string{"Kft-k", "Betéti társaságok", "Egyéni vállalkozók", "Civil szervezetek", "Őstermelők"}
	if i < len(names) {
		return names[i]
	}
	return fmt.Sprintf("%d. csoport", i+1)
}

// Export writes clients as Ente Auth exports them: the folder is a tag.
func Export(clients []Client) []byte {
	var b strings.Builder
	for _, c := range clients {
		tags := "[]"
		if c.Folder != "" {
			tags = fmt.Sprintf("[%q]", c.Folder)
		}
		fmt.Fprintf(&b, "otpauth://totp/%s:%s?secret=%s&issuer=%s&codeDisplay=%s\n",
			escape("Ügyfélkapu+"), escape(c.Name), c.Key, escape("Ügyfélkapu+"), escape(`{"pinned":false,"tags":`+tags+`}`))
	}
	return []byte(b.String())
}

func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
