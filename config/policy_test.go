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

// managed is a machine with an administrator's settings, and a person with theirs.
func managed(t *testing.T, machine, person string) Paths {
	t.Helper()
	if runtime.GOOS == "windows" || os.Getuid() != 0 {
		t.Skip("only an administrator's file counts; e2e tries it at its real place")
	}
	dir := t.TempDir()
	p := Paths{Machine: filepath.Join(dir, "machine.toml"), Config: filepath.Join(dir, "config.toml")}
	for path, text := range map[string]string{p.Machine: machine, p.Config: person} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// What the machine's file sets, a person may set otherwise; what its policy wants, they may only make stricter.
func TestLayers(t *testing.T) {
	p := managed(t, "language = \"en\"\n[copy]\nfresh_for = \"8s\"\n[lock]\non_sleep = false\n[policy]\nidle_most = \"10m\"\n",
		"language = \"hu\"\n[lock]\nidle = \"1h\"\n")
	c, err := Load(p)
	if err != nil {
		t.Fatal(err)
	}
	if c.Language != "hu" || c.Copy.FreshFor.Duration != 8*time.Second || c.Lock.OnSleep || c.Lock.Idle != minutes(10) {
		t.Errorf("%+v", c)
	}
	for person, want := range map[string]Duration{
		"": minutes(10), "[lock]\nidle = \"0s\"": minutes(10), "[lock]\nidle = \"2m\"": minutes(2), "[lock]\nidle = \"10m\"": minutes(10),
	} {
		if err := os.WriteFile(p.Config, []byte(person), 0o600); err != nil {
			t.Fatal(err)
		}
		if c, err := Load(p); err != nil || c.Lock.Idle != want {
			t.Errorf("%q: locks after %v, %v", person, c.Lock.Idle, err)
		}
	}
}

// Saving writes what the person changed and nothing of the machine's; what the policy forbids is not written.
func TestSaveOverTheMachines(t *testing.T) {
	p := managed(t, "[copy]\nfresh_for = \"8s\"\n[policy]\nidle_most = \"10m\"\n", "# mine\n[lock]\nidle = \"1h\"\n")
	c, err := Load(p)
	if err != nil {
		t.Fatal(err)
	}
	c.Copy.ClearAfter = minutes(1)
	if err := Save(p, c); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(p.Config)
	if want := "# mine\n[lock]\nidle = \"1h\"\n\n[copy]\nclear_after = \"1m\"\n"; string(text) != want {
		t.Errorf("wrote %q", text)
	}
	c.Copy.FreshFor = Default().Copy.FreshFor // the documented default is another than this machine's
	if err := Save(p, c); err != nil {
		t.Error(err)
	}
	if now, err := Load(p); err != nil || !now.Equal(c) {
		t.Errorf("%+v, %v", now, err)
	}
	for _, idle := range []Duration{{}, minutes(11)} {
		c.Lock.Idle = idle
		if err := Save(p, c); !errors.Is(err, ErrPolicy) {
			t.Errorf("idle %v: %v", idle, err)
		}
	}
	c.Lock.Idle, c.Policy = minutes(11), Policy{} // as a face could send it
	if err := Save(p, c); !errors.Is(err, ErrPolicy) {
		t.Errorf("without its policy: %v", err)
	}
	c.Lock.Idle = minutes(5)
	if err := Save(p, c); err != nil {
		t.Error(err)
	}
}

// A fault in the machine's file has its line, and so has what stands in the wrong file of the two.
func TestFaultsOfTheMachine(t *testing.T) {
	for _, tt := range []struct {
		name, machine, person string
		line                  int
		want                  string
	}{
		{"unknown key", "[policy]\nidle = \"5m\"\n", "", 2, "policy.idle"},
		{"unknown method", "\n[policy]\nmethods = [\"pin\", \"fingerprint\"]\n", "", 3, "fingerprint"},
		{"too short", "[policy]\nidle_most = \"5s\"\n", "", 2, "policy.idle_most"},
		{"audit", "[policy]\naudit = \"yes\"\n", "", 2, "yes"},
		{"not https", "[policy]\nupdate_url = \"http://intranet/kapu\"\n", "", 2, "https://"},
		{"groups", "[[group]]\nfolder = \"a\"\n", "", 1, "[[group]]"},
		{"a person's policy", "", "language = \"hu\"\n[policy]\nidle_most = \"24h\"\n", 2, "[policy]"},
	} {
		_, err := Load(managed(t, tt.machine, tt.person))
		var e *lang.Error
		if !errors.As(err, &e) || e.Values["Line"] != tt.line || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want line %d and %q", tt.name, err, tt.line, tt.want)
		}
	}
}

// A file that is not an administrator's does not count; one of theirs that others can change stops everything.
func TestWhoseWordItIs(t *testing.T) {
	p := managed(t, "[policy]\nno_plain_export = true\n", "")
	if c, err := Load(p); err != nil || !c.Policy.NoPlainExport {
		t.Fatalf("%+v, %v", c.Policy, err)
	}
	dir := filepath.Dir(p.Machine)
	for _, open := range []struct {
		path string
		mode os.FileMode
	}{{p.Machine, 0o664}, {p.Machine, 0o646}, {dir, 0o777}} {
		before, err := os.Stat(open.path)
		if err != nil {
			t.Fatal(err)
		}
		check(t, os.Chmod(open.path, open.mode))
		if _, err := Load(p); err == nil || !strings.Contains(err.Error(), p.Machine) {
			t.Errorf("%s is %v: %v", open.path, open.mode, err)
		}
		check(t, os.Chmod(open.path, before.Mode().Perm()))
	}
	check(t, os.Chown(p.Machine, 12345, 12345))
	c, err := Load(p)
	_, ignored, explained := Explain(p)
	if err != nil || c.Policy.NoPlainExport || ignored == nil || explained != nil {
		t.Errorf("another's file: %+v, %v; %v, %v", c.Policy, err, ignored, explained)
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Of two policies each decision is the stricter, in whatever order they are read.
func TestStricterPolicy(t *testing.T) {
	a := Policy{Methods: []string{"pin", "password"}, IdleMost: minutes(20), Store: `\\server\kapu`}
	b := Policy{Methods: []string{"password", "keychain"}, IdleMost: minutes(10), NoPlainExport: true, Store: "/elsewhere"}
	want := Policy{Methods: []string{"password"}, IdleMost: minutes(10), NoPlainExport: true, Store: `\\server\kapu`}
	if got, err := a.with(b); err != nil || !cmp.Equal(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	want.Store = b.Store
	if got, err := b.with(a); err != nil || !cmp.Equal(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := a.with(Policy{}); err != nil || !cmp.Equal(got, a) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := (Policy{}).with(a); err != nil || !cmp.Equal(got, a) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := a.with(Policy{Methods: []string{"keychain"}}); err == nil {
		t.Error("a way of unlocking is left where none is allowed")
	}
}

func TestAllows(t *testing.T) {
	p := Policy{Methods: []string{"pin", "password"}, NoPlainExport: true, Store: "s3://b/kapu?endpoint=https://s3.example"}
	for name, tt := range map[string]struct {
		err error
		ok  bool
	}{
		"keychain": {p.AllowsMethod("keychain"), false}, "no method": {p.AllowsMethod(""), false}, "PIN": {p.AllowsMethod("pin"), true},
		"plain": {p.AllowsExport(false), false}, "sealed": {p.AllowsExport(true), true},
		"the store": {p.AllowsStore(p.Store), true}, "another": {p.AllowsStore("/srv/kapu"), false},
		"a slash more": {Policy{Store: "/srv/kapu"}.AllowsStore("/srv/kapu/"), true}, "any": {Policy{}.AllowsStore("/x"), true},
	} {
		if (tt.err == nil) != tt.ok || tt.err != nil && !errors.Is(tt.err, ErrPolicy) {
			t.Errorf("%s: %v", name, tt.err)
		}
	}
	if m := p.NewMethod(); m != "pin" {
		t.Errorf("a new vault gets %s", m)
	}
}

// Each setting says where it comes from.
func TestExplain(t *testing.T) {
	list, _, err := Explain(managed(t, "language = \"en\"\n[copy]\nfresh_for = \"8s\"\n[policy]\nidle_most = \"10m\"\nmethods = [\"pin\"]\n",
		"language = \"hu\"\n[lock]\nunused = \"1h\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]Setting{}
	for _, s := range list {
		got[s.Key] = s
	}
	for _, want := range []Setting{
		{"language", `"hu"`, FromPerson},
		{"copy.fresh_for", `"8s"`, FromMachine},
		{"lock.idle", `"10m"`, FromPolicy},
		{"lock.unused", `"1h"`, FromPerson},
		{"ntp_server", `"pool.ntp.org"`, FromDefault},
		{"policy.idle_most", `"10m"`, FromPolicy},
		{"policy.methods", `["pin"]`, FromPolicy},
	} {
		if got[want.Key] != want {
			t.Errorf("got %+v, want %+v", got[want.Key], want)
		}
	}
	if _, said := got["policy.audit"]; said {
		t.Error("a decision that nobody has made is listed")
	}
}
