//go:build linux

package wine

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kapu/internal/wine"
)

// rooms have files of their own for Windows, or a promise about files that has to hold there too.
var rooms = []string{
	"config", "internal/disk", "lang", "icons", "seal", "vault", "internal/autostart", "clip", "session", "agent", "keeper", "internal/process", "panel", "tray",
}

// decided is what the agent decides of an office and asks its person, and what the vault makes of saves and logs that
// met. It is the same on every system, and `make unit` and `make single` have it; here each takes ten times as long.
// What stays shows that an office works here, and that saves do.
const decided = "^(TestAdminsScreenAsks|TestOwnStaysOwn|TestFilingForOthersAsks|TestStrangersInvitation|" +
	"TestFoundingAsks|TestForkedVaultInAnOffice|TestForWhomAClientWouldBeGone|TestMergeInAnOffice|TestUnitedStaysOwn|" +
	"TestTheQuestionOutlivesItsFiles|TestOfficeRights|TestOfficeKeepsInStep|TestOfficeStaysInTheOffice|TestOfficeTakenOut|" +
	"TestOfficeTellsWhoAsks|TestOfficeAfterARestore|TestOfficeHoldsNoClickUp|TestOfficeJoinAgain|TestOfficeOutOfReach|" +
	"TestUsesOfColleagues|TestHistoryOfAnyOrder|TestUnite|TestUniteIsUndone|TestGapsInTheLog|TestReachOfAnAssignment|TestRightsAreDaysAndOneAmendment|TestRightsRefused|TestNameBeforeOthers)$"

// rooms runs their tests as Windows programs, with fewer rounds: each call of a system costs more here.
func (m *machine) rooms(t *testing.T) {
	args := []string{"test", "-count=1", "-short", "-vet=off", "-p=1", "-timeout=20m", "-skip", decided, "-exec", "wine", "-overlay", overlay(t)}
	for _, room := range rooms {
		args = append(args, "kapu/"+room)
	}
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Env = append(os.Environ(), wine.ForWindows...)
	cmd.Env = append(cmd.Env, "KAPU_DESKTOP_TESTS=", // what they compare with are programs of Linux
		"LC_ALL=C.UTF-8") // without it Wine finds no file whose name has an accent
	for _, v := range m.Prefix.Env {
		if strings.HasPrefix(v, "WINE") || strings.HasPrefix(v, "DISPLAY=") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// overlay gives Go's library a Wine in which a test can remove its folder: Wine answers a question about files by
// "not implemented", which Go knows in another form only.
func overlay(t *testing.T) string {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(strings.TrimSpace(string(root)), "src/internal/syscall/windows/at_windows.go")
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const known = "\tcase STATUS_INVALID_INFO_CLASS,"
	changed := bytes.Replace(source, []byte(known), []byte("\tcase NTStatus(0xC0000002), STATUS_INVALID_INFO_CLASS,"), 1)
	if bytes.Equal(source, changed) {
		t.Fatalf("%s is not what it was: see whether this is still needed", path)
	}
	dir := t.TempDir()
	with := filepath.Join(dir, "at_windows.go")
	plan, err := json.Marshal(map[string]any{"Replace": map[string]string{path: with}})
	if err == nil {
		err = os.WriteFile(with, changed, 0o600)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "overlay.json"), plan, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "overlay.json")
}
