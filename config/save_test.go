package config

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func minutes(n int) Duration { return Duration{time.Duration(n) * time.Minute} }

func TestSaveKeepsWhatThePersonWrote(t *testing.T) {
	for _, tt := range []struct {
		name, before string
		change       func(*Config)
		after        string
	}{
		{"nothing there", "", func(c *Config) { c.Lock.Idle = minutes(5) }, "[lock]\nidle = \"5m\"\n"},
		{"in its place", "# mine\n\n[lock] # when\nidle   = \"10m\"  # lunch\n", func(c *Config) { c.Lock.Idle = minutes(90) }, "# mine\n\n[lock] # when\nidle   = \"1h30m\"  # lunch\n"},
		{"at the end of its table", "[lock]\nidle = \"10m\"\n\n[copy]\n", func(c *Config) { c.Lock.OnSleep = false }, "[lock]\nidle = \"10m\"\non_sleep = false\n\n[copy]\n"},
		{"in an empty table", "[lock]\n# soon\n[copy]\nfresh_for = \"8s\"", func(c *Config) { c.Lock.OnSleep = false }, "[lock]\non_sleep = false\n# soon\n[copy]\nfresh_for = \"8s\""},
		{"before the tables", "# about copying\n[copy]\n", func(c *Config) { c.Language = "hu" }, "language = \"hu\"\n# about copying\n[copy]\n"},
		{"dotted", "copy.clear_after = '40s'\n", func(c *Config) { c.Copy.ClearAfter = Duration{50 * time.Second} }, "copy.clear_after = \"50s\"\n"},
		{"Windows lines", "[lock]\r\nidle = \"10m\"\r\n", func(c *Config) { c.Lock.Idle = minutes(5) }, "[lock]\r\nidle = \"5m\"\r\n"},
		{
			"groups in another order", "# mine\n[[group]]\nfolder = \"A\"\n# his\n[[group]]\nfolder = \"B\" # b\n[lock]\nidle = \"1m\"\n",
			func(c *Config) { c.Groups[0], c.Groups[1] = c.Groups[1], c.Groups[0] },
			"# his\n[[group]]\nfolder = \"B\" # b\n# mine\n[[group]]\nfolder = \"A\"\n[lock]\nidle = \"1m\"\n",
		},
		{
			"another group", "[[group]]\nfolder = \"A\" # a\n",
			func(c *Config) {
				c.Groups = append([]Group{{Folder: "Új \"mappa\"", Clients: []string{"x", "y"}}}, c.Groups...)
			},
			"[[group]]\nfolder = \"Új \\\"mappa\\\"\"\nclients = [\"x\", \"y\"]\n\n[[group]]\nfolder = \"A\" # a\n",
		},
		{
			"a group's members", "[[group]]\n# vip\nfolder = \"A\"\nclients = [\n  \"x\",\n]\n",
			func(c *Config) { c.Groups[0].Clients = []string{"y"} },
			"# vip\n[[group]]\nfolder = \"A\"\nclients = [\"y\"]\n\n",
		},
		{"a group less", "[[group]]\nfolder = \"A\"\n[[group]]\nfolder = \"B\"\n", func(c *Config) { c.Groups = c.Groups[:1] }, "[[group]]\nfolder = \"A\"\n"},
		{"no change", "language=\"hu\"#x", func(*Config) {}, "language=\"hu\"#x"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "sub", "config.toml")
			_ = os.MkdirAll(filepath.Dir(path), 0o700)
			if err := os.WriteFile(path, []byte(tt.before), 0o640); err != nil {
				t.Fatal(err)
			}
			c, err := Load(Paths{Config: path})
			if err != nil {
				t.Fatal(err)
			}
			tt.change(&c)
			if err := Save(Paths{Config: path}, c); err != nil {
				t.Fatal(err)
			}
			after, _ := os.ReadFile(path)
			if diff := cmp.Diff(tt.after, string(after)); diff != "" {
				t.Error(diff)
			}
			if again, err := Load(Paths{Config: path}); err != nil || !same(again, c) {
				t.Errorf("reads as %+v, %v", again, err)
			}
			if info, _ := os.Stat(path); info.Mode().Perm() != 0o640 && runtime.GOOS != "windows" {
				t.Errorf("%v", info.Mode())
			}
		})
	}
}

func TestSaveNeverSpoilsTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.toml")
	for _, text := range []string{"[lock]\nidle = \"x\"\n", "lock = {idle = \"5m\"}\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c := Default()
		c.Lock.Idle = minutes(7)
		if err := Save(Paths{Config: path}, c); err == nil {
			t.Errorf("saved over %q", text)
		}
		if now, _ := os.ReadFile(path); string(now) != text {
			t.Errorf("%q became %q", text, now)
		}
	}
	c := Default()
	c.Lock.Idle = Duration{time.Second}
	if err := Save(Paths{Config: filepath.Join(t.TempDir(), "new.toml")}, c); err == nil {
		t.Error("a bad value was saved")
	}
	if err := Save(Paths{Config: filepath.Join(path, "below")}, Default()); err == nil {
		t.Error("saved below a file")
	}
}

// Whatever a person has written, what is saved reads back, or nothing is saved; no comment is lost.
func FuzzSave(f *testing.F) {
	f.Add("# a\nlanguage = \"hu\"\n[copy]\nfresh_for=\"5s\" # b\n[[group]]\nfolder=\"x\"\n", "y", true)
	f.Add("[lock]\n\n[[group]] # g\nfolder = \"A\"\nclients = [ # c\n\"1\"]\n", "A", false)
	f.Fuzz(func(t *testing.T, text, folder string, first bool) {
		path := filepath.Join(t.TempDir(), "config.toml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := Load(Paths{Config: path})
		if err != nil {
			return
		}
		c.Lock.Idle, c.Language = minutes(3), "en"
		added := []Group{{Folder: folder, Clients: []string{"x"}}}
		if first {
			c.Groups = append(added, c.Groups...)
		} else {
			c.Groups = append(c.Groups, added...)
		}
		err = Save(Paths{Config: path}, c)
		now, _ := os.ReadFile(path)
		if err != nil {
			if string(now) != text {
				t.Fatalf("%v, but %q became %q", err, text, now)
			}
			return
		}
		if again, err := Load(Paths{Config: path}); err != nil || !same(again, c) {
			t.Fatalf("%q became %q: %v", text, now, err)
		}
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); strings.HasPrefix(line, "#") && !strings.Contains(string(now), line) {
				t.Fatalf("%q was lost of %q: %q", line, text, now)
			}
		}
	})
}
