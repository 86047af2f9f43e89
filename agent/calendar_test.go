package agent

import (
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"kapu/lang"
)

// dueList has what is hard in an iCalendar file: text to be escaped, a line to be folded between letters of two bytes,
// a day after which a month begins, one account for several clients, a name that would like to be another property.
func dueList() []Deadline {
	return []Deadline{
		{Client: Client{ID: "aaaa", Account: "kkkk", Name: `Kis, Nagy; és \ Társa Kft.`, UserName: "titkos.anna", TaxNumber: "12345678-1-42"}, Kind: MandateEnds, Day: "2026-12-31"},
		{Client: Client{ID: "bbbb", Account: "llll", Name: strings.Repeat("Árvíztűrő tükörfúrógép ", 8), Beside: "Kft-k"}, Kind: PasswordEnds, Day: "2028-02-29", Others: 2},
		{Client: Client{ID: "cccc", Account: "mmmm", Name: "Ő\r\nATTENDEE:mailto:x@y\x07"}, Kind: MandateEnds, Day: "2027-01-01", Left: -3},
	}
}

func written(t *testing.T, now time.Time, list []Deadline) string {
	t.Helper()
	var b strings.Builder
	if err := WriteCalendar(&b, lang.In("hu"), list, now); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestCalendar(t *testing.T) {
	now := time.Date(2026, 11, 29, 17, 0, 5, 0, time.UTC)
	text := written(t, now, dueList())
	if path := os.Getenv("KAPU_ICS"); path != "" { // to be tried with calendars
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.HasSuffix(text, "END:VCALENDAR\r\n") || strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\n") {
		t.Errorf("lines do not end as they should: %q", text)
	}
	for line := range strings.SplitSeq(text, "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) {
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
	}
	whole := "\n" + strings.ReplaceAll(strings.ReplaceAll(text, "\r\n ", ""), "\r\n", "\n")
	for _, want := range []string{
		"VERSION:2.0", "METHOD:PUBLISH", "DTSTAMP:20261129T170005Z",
		"UID:mandate-aaaa@kapu.invalid", "DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270101",
		`SUMMARY:Lejár a meghatalmazás: Kis\, Nagy\; és \\ Társa Kft.`,
		"UID:password-llll@kapu.invalid", "DTSTART;VALUE=DATE:20280229", "DTEND;VALUE=DATE:20280301",
		"SUMMARY:Lejár a portáljelszó: " + strings.Repeat("Árvíztűrő tükörfúrógép ", 8) + " (Kft-k) (és még 2 ügyfél)",
		`SUMMARY:Lejár a meghatalmazás: Ő\nATTENDEE:mailto:x@y`,
	} {
		if !strings.Contains(whole, "\n"+want+"\n") {
			t.Errorf("no line %q in\n%s", want, whole)
		}
	}
	for _, secret := range []string{"titkos", "12345678", "\nATTENDEE"} {
		if strings.Contains(whole, secret) {
			t.Errorf("%q is in it:\n%s", secret, whole)
		}
	}
	if n := strings.Count(whole, "BEGIN:"); n != 7 || strings.Count(whole, "END:") != n {
		t.Errorf("%d components in\n%s", n, whole)
	}
	// Another day of the same thing is the same event, and newer.
	later := dueList()
	later[0].Day = "2027-12-31"
	moved := written(t, now.Add(time.Hour), later)
	if strings.Count(moved, "UID:mandate-aaaa@kapu.invalid") != 1 || !strings.Contains(moved, "VALUE=DATE:20271231") {
		t.Error(moved)
	}
	if sequence(text) >= sequence(moved) {
		t.Errorf("the newer one is %s, the older %s", sequence(moved), sequence(text))
	}
}

func sequence(text string) string {
	_, rest, _ := strings.Cut(text, "SEQUENCE:")
	number, _, _ := strings.Cut(rest, "\r\n")
	return number
}
