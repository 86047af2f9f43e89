//go:build linux

package e2e

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"

	"kapu/internal/desktop/desktoptest"
)

// Each run of the program pays for the initialisation of every package, so ours make nothing in it that only some runs
// use: a regular expression is some fifty allocations.
func TestPackageInitialisation(t *testing.T) {
	const most = 100 // allocations of a package: the values of its errors and tables
	cmd := exec.CommandContext(desktoptest.Context(t), program, "version")
	cmd.Env = append(os.Environ(), "KAPU_HOME="+t.TempDir(), "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	packages := regexp.MustCompile(`(?m)^init (kapu/\S+) .* (\d+) allocs$`).FindAllSubmatch(out, -1)
	if len(packages) == 0 {
		t.Fatalf("it names none of our packages:\n%s", out)
	}
	for _, p := range packages {
		if n, _ := strconv.Atoi(string(p[2])); n > most {
			t.Errorf("%s makes %d allocations", p[1], n)
		}
	}
}
