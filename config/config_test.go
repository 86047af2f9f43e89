package config

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/lang"
)

func loadText(t testing.TB, text string) (Config, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load(Paths{Config: path})
}

func TestMissingFileMeansDefaults(t *testing.T) {
	got, err := Load(Paths{Config: filepath.Join(t.TempDir(), "none.toml")})
	if diff := cmp.Diff(Default(), got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if empty, err := loadText(t, ""); err != nil || !cmp.Equal(empty, got) {
		t.Errorf("an empty file: %+v, %v", empty, err)
	}
}

func TestGoodFile(t *testing.T) {
	got, err := loadText(t, `
language = "hu"        # always Hungarian
ntp_server = "time.example"
[copy]
fresh_for = "8s"
clear_after = "1m30s"
show_code = "always"
[lock]
idle = "0s"
on_screen_lock = false
unlock_with_session = true
[[group]]
folder = "Kiemelt"
clients = ["Alfa Kft.", "12345678-1-42"]
[[group]]
folder = "Kft-k"
lock_after = "5m"
`)
	want := Default()
	want.Language, want.NTPServer = "hu", "time.example"
	want.Copy = Copy{Duration{8 * time.Second}, Duration{90 * time.Second}, ShowAlways}
	want.Lock.Idle, want.Lock.OnScreenLock, want.Lock.UnlockWithSession = Duration{}, false, true
	want.Groups = []Group{{Folder: "Kiemelt", Clients: []string{"Alfa Kft.", "12345678-1-42"}}, {Folder: "Kft-k", LockAfter: Duration{5 * time.Minute}}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

// Every fault is named with its line, in the words of both languages.
func TestFaultsHaveTheirLine(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		line       int
		want       string
	}{
		{"syntax", "language = \"hu\"\n\n[copy\n", 3, ""},
		{"no value", "language =\n", 1, ""},
		{"unknown key", "# mine\nlangauge = \"hu\"\n", 2, "langauge"},
		{"key in other letters", "[[group]]\nfolder = \"a\"\n[[Group]]\nfolder = \"b\"\n", 3, "Group"},
		{"unknown table", "[look]\nidle = \"5m\"\n", 1, "look"},
		{"an idle time that never lets one work", "[lock]\nidle = \"5s\"\n", 2, "30s"},
		{"unknown key in the first group", "[[group]]\nfoldr = \"a\"\nfolder = \"a\"\n[[group]]\nfolder = \"b\"\n", 2, "group.foldr"},
		{"wrong type", "language = 3\n", 1, "language"},
		{"wrong type in the first group", "[[group]]\nfolder = 1\n[[group]]\nfolder = \"b\"\n", 2, "group.folder"},
		{"no language", "\n\nlanguage = \"de\"\n", 3, "de"},
		{"no time", "[copy]\nfresh_for = \"soon\"\n", 2, "soon"},
		{"a bare number", "[copy]\nfresh_for = 5\n", 2, "5"},
		{"too long", "[copy]\n\n\nfresh_for = \"16s\"\n", 4, "15s"},
		{"too short", "[copy]\nclear_after = \"1s\"\n", 2, "5s"},
		{"no way of showing", "[copy]\nshow_code = \"sometimes\"\n", 2, "sometimes"},
		{"a column that there is not", "[page]\nfold_columns = false\nhide_columns = \"used name\"\n", 3, "“name”"},
		{"a group without a folder", "[[group]]\nfolder = \"a\"\n[[group]]\nclients = []\n", 3, "2"},
		{"two groups of a folder", "[[group]]\nfolder = \"a\"\n[[group]]\nfolder = \"a\"\n", 4, "a"},
		{"two groups of what counts as one folder", "[[group]]\nfolder = \"Kft-k\"\n[[group]]\nfolder = \"KFT-K\"\n", 4, "KFT-K"},
		{"a group that never lets one work", "[[group]]\nfolder = \"a\"\nlock_after = \"5s\"\n", 3, "group.lock_after"},
		{"a key twice", "language = \"hu\"\nlanguage = \"hu\"\n", 2, ""},
		{"over several lines", "[[group]]\nfolder = \"a\"\nclients = [\n \"x\",\n 1,\n]\n", 6, "group.clients"},
	} {
		_, err := loadText(t, tt.text)
		var e *lang.Error
		if !errors.As(err, &e) {
			t.Errorf("%s: got %v", tt.name, err)
			continue
		}
		if e.Values["Line"] != tt.line || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %q, want line %d and %q", tt.name, err, tt.line, tt.want)
		}
		if hu := lang.In(lang.Hungarian).Error(err); hu == err.Error() {
			t.Errorf("%s: no Hungarian: %q", tt.name, hu)
		}
	}
}

func TestUnreadableFile(t *testing.T) {
	if _, err := Load(Paths{Config: t.TempDir()}); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("got %v", err)
	}
}

func TestHomeMovesEverything(t *testing.T) {
	home := t.TempDir()
	t.Setenv("KAPU_HOME", home)
	p := Locate()
	for _, path := range []string{p.Config, p.Vault, p.Runtime} {
		if !strings.HasPrefix(path, home) {
			t.Errorf("%s is not below %s", path, home)
		}
	}
}

func TestSessionNamesAreFileNames(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("sessions are named by their display on Linux only")
	}
	t.Setenv("WAYLAND_DISPLAY", "")
	for display, want := range map[string]string{":10.0": "_10.0", "host:0": "host_0", "../../x": ".._.._x", "": Console} {
		t.Setenv("DISPLAY", display)
		if got := Session(); got != want {
			t.Errorf("%q: got %q, want %q", display, got, want)
		}
	}
	t.Setenv("WAYLAND_DISPLAY", "wayland-0")
	if got := Session(); got != "wayland-0" {
		t.Errorf("got %q", got)
	}
}

func TestMembersOfGroups(t *testing.T) {
	m := MembersOf([]Group{
		{Folder: "Kiemelt", Clients: []string{"alfa kft.", "12345678-1-42", "x1", "Őrség Bt."}},
		{Folder: "Kft-k", Clients: []string{"orseg bt."}},
	})
	for _, tt := range []struct {
		folder, name, tax, id string
		want                  []int
	}{
		{"KFT-K", "Alfa Kft.", "", "a", []int{0, 1}},
		{"kiemelt", "Alfa Kft.", "12345678-1-42", "x1", []int{0}},
		{"Bt-k", "Örség Bt.", "", "b", []int{0, 1}},
		{"", "Béta", "12345678-1-42", "c", []int{0}},
		{"", "Alfa Kft. Pécs", "12345678", "x", nil},
		{"", "", "", "", nil},
	} {
		if got := m.Of(tt.folder, tt.name, tt.tax, tt.id); !cmp.Equal(got, tt.want) {
			t.Errorf("%+v: got %v", tt, got)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("language = \"hu\"\n[copy]\nfresh_for = \"5s\"\n[[group]]\nfolder = \"a\"\nclients = [\"b\"]\n")
	f.Add("[[group]]\nfolder = 1\n")
	f.Add("a.b.c = 1\n[x]\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := loadText(t, text)
		if err == nil {
			if c.check() != nil {
				t.Errorf("accepted %+v", c)
			}
			return
		}
		var e *lang.Error
		if !errors.As(err, &e) {
			t.Fatalf("no sentence: %v", err)
		}
		if line, _ := e.Values["Line"].(int); line < 1 || line > strings.Count(text, "\n")+2 {
			t.Errorf("line %d of %q", line, text)
		}
	})
}
