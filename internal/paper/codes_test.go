package paper

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/lang"
)

// office is so many clients, with names that are hard to print among them.
func office(n int) Codes {
	names := []string{
		"Alfa Kft.", "Őrség & Társa Bt.", "שלום בע״מ", "Űrhajó 😀 Zrt.", "",
		strings.Repeat("Árvíztűrő Tükörfúrógép Kereskedelmi ", 20), strings.Repeat("Megszakíthatatlan", 20),
	}
	c := Codes{Made: time.Date(2026, 11, 22, 19, 5, 0, 0, time.UTC)}
	for i := range n {
		name := names[i%len(names)]
		key := strings.Repeat("JBSWY3DPEHPK3PXP", 1+i%5)
		c.Cards = append(c.Cards, Card{
			Name: name, TaxNumber: fmt.Sprintf("%08d-1-42", i), Service: "Ügyfélkapu+", UserName: "anna", Key: key,
			URI: fmt.Sprintf("otpauth://totp/K:%s?secret=%s&n=%d", url.PathEscape(name[:min(len(name), 40)]), key, i),
		})
	}
	return c
}

// Every client of an office is on a page, to be read and to be scanned.
func TestCodes(t *testing.T) {
	c := office(300)
	r := read(t, same(t, func() ([]byte, error) { return c.PDF(hungarian) }))
	properties, said := r.properties(), r.text()
	if !regexp.MustCompile(`Pages: +38\n`).MatchString(properties) || strings.Contains(properties, "Alfa") {
		t.Errorf("the file's properties:\n%s", properties)
	}
	for _, card := range c.Cards {
		if !strings.Contains(said, card.TaxNumber) {
			t.Errorf("%s is on no page", card.TaxNumber)
		}
	}
	for _, want := range []string{"JBSW Y3DP EHPK 3PXP", "Őrség & Társa Bt.", "Űrhajó □ Zrt.", "38 / 38", "2026. 11. 22.", "…"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is on no page", want)
		}
	}
	for page, cards := range map[string][]Card{"1": c.Cards[:8], "38": c.Cards[296:]} {
		var want []string
		for _, card := range cards {
			want = append(want, card.URI)
		}
		slices.Sort(want)
		if got := r.codes(page); !slices.Equal(got, want) {
			t.Errorf("page %s: a camera reads\n%q, want\n%q", page, got, want)
		}
	}
}

func TestCodeTooLong(t *testing.T) {
	c := office(2)
	c.Cards[1].URI = strings.Repeat("é", 3000)
	if _, err := c.PDF(hungarian); err == nil || !strings.Contains(hungarian.Error(err), "Őrség") {
		t.Errorf("said %v", err)
	}
}

func BenchmarkCodes300(b *testing.B) {
	c, texts := office(300), lang.In(lang.Hungarian)
	b.ReportAllocs()
	for b.Loop() {
		pdf, err := c.PDF(texts)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(pdf)), "bytes")
	}
}
