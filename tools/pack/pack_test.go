package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"
)

func someRelease(t *testing.T) *release {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return &release{out: t.TempDir(), work: t.TempDir(), root: root, version: "1.2.3", at: time.Unix(1_800_000_000, 0).UTC()}
}

// Both pages name every command and option, in their language, and no text of theirs is a command of the formatter.
func TestManual(t *testing.T) {
	for language, words := range map[string][]string{
		"en": {".SH COMMANDS", `.B kapu autostart on`, `\fB\-\-json\fR`, "Start Kapu at sign"},
		"hu": {".SH PARANCSOK", `.B kapu autostart on`, `\fB\-\-json\fR`, "A Kapu induljon el"},
	} {
		page, err := someRelease(t).manual(language)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range append(words, `"kapu 1.2.3"`) {
			if !bytes.Contains(page, []byte(w)) {
				t.Errorf("%s: no %s", language, w)
			}
		}
		for _, w := range []string{"help-", "flag-", "<no value>"} {
			if bytes.Contains(page, []byte(w)) {
				t.Errorf("%s: %s", language, w)
			}
		}
	}
	if got := roff(".a\n'b\\-c"); got != "\\&.a\n\\&'b\\e\\-c" {
		t.Errorf("%q", got)
	}
}

func TestArchivesAreTheSameTwice(t *testing.T) {
	files := []file{{"bin/kapu", 0o755, []byte("x")}, {"share/doc/kapu/README.md", 0o644, []byte("y")}}
	var first [][]byte
	for range 2 {
		r := someRelease(t)
		for _, err := range []error{r.writeTar(targets[0], files), r.writeZip(targets[2], files), writeSums(r.out)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		var all [][]byte
		for _, path := range []string{r.path(targets[0], ".tar.gz"), r.path(targets[2], ".zip"), filepath.Join(r.out, sumsName)} {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, data)
		}
		if first != nil && !slices.EqualFunc(first, all, bytes.Equal) {
			t.Error("they differ")
		}
		first = all
	}
	if lines := bytes.Count(first[2], []byte("\n")); lines != 2 {
		t.Errorf("%d checksums:\n%s", lines, first[2])
	}
}

func TestParts(t *testing.T) {
	info := &debug.BuildInfo{GoVersion: "go1.26.0", Main: debug.Module{Path: "kapu"}, Deps: []*debug.Module{
		{Path: "example.org/a", Version: "v1.0.0+incompatible", Sum: "h1:x"},
		{Path: "example.org/b", Version: "v1.0.0", Replace: &debug.Module{Path: "example.org/c", Version: "v2.0.0"}},
	}}
	data, err := json.Marshal(partsOf(info, sha256.Sum256([]byte("kapu")), "1.2.3", time.Unix(0, 0).UTC()))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"purl":"pkg:golang/kapu@1.2.3"`, `"purl":"pkg:golang/std@1.26.0"`, `"pkg:golang/example.org/a@v1.0.0%2Bincompatible"`,
		`"pkg:golang/example.org/c@v2.0.0"`, `"timestamp":"1970-01-01T00:00:00Z"`,
	} {
		if !strings.Contains(string(data), want) {
			t.Errorf("no %s in %s", want, data)
		}
	}
	if strings.Contains(string(data), "example.org/b") {
		t.Error("a part that was replaced is listed")
	}
}

// The installer removes the files it brought, one by one, and no folder that may hold something else.
func TestInstallerRemovesOnlyItsOwn(t *testing.T) {
	files := []file{{"docs/a.md", 0o644, nil}, {"docs/pictures/b.png", 0o644, nil}, {"kapu.exe", 0o755, nil}}
	got := string(removeLines(files))
	want := `!insertmacro Remove "docs\a.md"
!insertmacro Remove "docs\pictures\b.png"
!insertmacro Remove "kapu.exe"
RMDir "$INSTDIR\docs\pictures"
RMDir "$INSTDIR\docs"
`
	if got != want {
		t.Error(got)
	}
	if bytes.Contains(installerScript, []byte("RMDir /r")) {
		t.Error("a whole folder is removed")
	}
	install := string(installLines("/x", files))
	if !strings.Contains(install, "SetOutPath \"$INSTDIR\\docs\\pictures\"\n") || !strings.Contains(install, "SetOutPath \"$INSTDIR\\\"\n") {
		t.Error(install)
	}
}

// TestReproducible makes a whole release of this commit twice, in two folders, and compares.
func TestReproducible(t *testing.T) {
	if os.Getenv("KAPU_PACKAGE_TESTS") != "1" {
		t.Skip("takes minutes: make test-packages")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	var sums []string
	for _, name := range []string{"one", "another/deeper"} {
		dir := filepath.Join(t.TempDir(), name)
		for _, c := range []*exec.Cmd{
			exec.Command("git", "clone", "-q", root, dir), exec.Command("go", "run", "./tools/pack", "-out", "dist"),
		} {
			if c.Args[0] == "go" {
				c.Dir = dir
			}
			if err := run(c); err != nil {
				t.Fatal(err)
			}
		}
		data, err := os.ReadFile(filepath.Join(dir, "dist", sumsName))
		if err != nil {
			t.Fatal(err)
		}
		sums = append(sums, string(data))
	}
	if sums[0] != sums[1] || strings.Count(sums[0], "\n") != 16 {
		t.Errorf("two builds of one commit:\n%s\n%s", sums[0], sums[1])
	}
}
