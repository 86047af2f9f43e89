package agent

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/lang"
	"kapu/vault"
)

// at is one moment on which machines elsewhere disagree about the day: in Budapest it is the 1st of January.
var at = time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)

// elsewhere runs the test once more in a process whose clock is in another part of the world, and says whether this is
// that process. To set time.Local would be a data race with the connections of other tests, which may be ending yet.
func elsewhere(t *testing.T) bool {
	t.Helper()
	const zone = "TZ=America/New_York"
	if slices.Contains(os.Environ(), zone) {
		return true
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), zone)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	return false
}

// A sheet says the same day and time on every machine.
func TestSheetsOnAMachineElsewhere(t *testing.T) {
	if !elsewhere(t) {
		return
	}
	texts := lang.In("en")
	for name, tt := range map[string]struct {
		write func(*strings.Builder) error
		want  string
	}{
		"log": {
			func(b *strings.Builder) error {
				return WriteLog(b, texts, Log{[]vault.LogEntry{{At: at, Act: vault.Copied, Name: "Alfa Kft.", By: "anna@pc"}}, nil})
			},
			"Time;What;Client or object;Number of clients;Who, on which machine\r\n" +
				"2027-01-01 00:30:00;code copied;Alfa Kft.;;anna@pc\r\n",
		},
		"work list": {
			func(b *strings.Builder) error {
				return WriteWorklist(b, texts, []OfficeTodo{
					{Clients: []string{"Alfa Kft.", "Béta Bt."}, Service: "Ügyfélkapu+", User: "kb", Member: "Anna", Device: "anna@pc", Since: at},
				})
			},
			"Clients;Service;User name;Who knows the key;Machine;Since\r\n" +
				"Alfa Kft., Béta Bt.;Ügyfélkapu+;kb;Anna;anna@pc;2027-01-01\r\n",
		},
		"deadlines": {
			func(b *strings.Builder) error {
				return WriteDeadlines(b, texts, []Deadline{
					{Client: Client{Name: "Alfa Kft.", TaxNumber: "12345678-1-42", Folder: "Kft-k"}, Kind: MandateEnds, Day: "2027-01-01"},
					{Client: Client{Name: "=1+1", Beside: "Kft-k"}, Kind: PasswordEnds, Day: "2027-01-02", Others: 2},
				})
			},
			"Last day;What runs out;Name;Tax number;Folder;Further clients of the account\r\n" +
				"2027-01-01;mandate;Alfa Kft.;12345678-1-42;Kft-k;\r\n" +
				"2027-01-02;portal password;'=1+1 (Kft-k);;;2\r\n",
		},
		"journal": {
			func(b *strings.Builder) error {
				return WriteJournal(b, texts, OfficeJournal{
					Lines: []OfficeLine{{At: at, Member: "Anna", Device: "anna@pc", Act: "exported", Name: "aegis", N: 3}},
					Gaps:  []OfficeGap{{Member: "Béla", Device: "bela@pc", From: 4, To: 6}},
				})
			},
			"Time;What;Client or object;Number of clients;Member;Machine\r\n" +
				"2027-01-01 00:30:00;exported;aegis;3;Anna;anna@pc\r\n" +
				";missing pages: 4–6;;;Béla;bela@pc\r\n",
		},
	} {
		var b strings.Builder
		if err := tt.write(&b); err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimPrefix(b.String(), "\ufeff"); got != tt.want {
			t.Errorf("%s:\n%q, want\n%q", name, got, tt.want)
		}
	}
}

// The days that the log is asked for are the office's, not the machine's.
func TestLogOfOnAMachineElsewhere(t *testing.T) {
	if !elsewhere(t) {
		return
	}
	r, err := LogOf("alfa", "2027-01-01", "2027-01-01")
	if err != nil {
		t.Fatal(err)
	}
	for moment, want := range map[string]bool{
		"2026-12-31T22:59:59Z": false, "2026-12-31T23:00:00Z": true, "2027-01-01T22:59:59Z": true, "2027-01-01T23:00:00Z": false,
	} {
		m, err := time.Parse(time.RFC3339, moment)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Covers(m); got != want {
			t.Errorf("%s is covered: %v", moment, got)
		}
	}
	if _, err := LogOf("", "", "2027-02-30"); err == nil || !strings.Contains(err.Error(), "2027-02-30") {
		t.Errorf("got %v", err)
	}
}
