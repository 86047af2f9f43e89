package vault

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// With the identity in a file, the plain age tool turns vault.age into readable JSON: nobody depends on Kapu to get
// at their keys.
func TestPlainAgeOpensTheVault(t *testing.T) {
	tool := ageTool(t)
	v, id, dir := newVault(t)
	add(t, v, "Őrség & Társa Kft.")
	key := filepath.Join(dir, "identity.txt")
	if err := os.WriteFile(key, []byte(id.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, "-d", "-i", key, v.Path()).Output()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Body struct {
			Accounts []struct{ Key struct{ Secret string } }
			Clients  []struct{ Name string }
		}
	}
	if err := json.Unmarshal(out, &doc); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, out)
	}
	if doc.Body.Clients[0].Name != "Őrség & Társa Kft." || doc.Body.Accounts[0].Key.Secret != "JBSWY3DPEHPK3PXP" {
		t.Errorf("got %s", out)
	}
}

// The same for a backup of everything; age asks for the passphrase on a terminal, which script(1) plays.
func TestPlainAgeOpensTheArchive(t *testing.T) {
	tool := ageTool(t)
	v, id, dir := newVault(t)
	add(t, v, "Őrség & Társa Kft.")
	const passphrase = "piros alma fán"
	data, err := v.Archive("[copy]\n", passphrase, everything)
	if err != nil {
		t.Fatal(err)
	}
	file, out := filepath.Join(dir, "all.age"), filepath.Join(dir, "out")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("script", "-qec", tool+" -d -o "+out+" "+file, "/dev/null")
	cmd.Stdin = strings.NewReader(passphrase + "\n")
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	plain, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var doc archiveBody
	if err := json.Unmarshal(plain, &doc); err != nil || doc.RecoveryKey != id.String() || doc.Config != "[copy]\n" {
		t.Errorf("%v: %s", err, plain)
	}
	if !strings.Contains(string(doc.Vault), "JBSWY3DPEHPK3PXP") {
		t.Error("no key in it")
	}
}

func ageTool(t *testing.T) string {
	tool, err := exec.LookPath("age")
	if err != nil {
		if os.Getenv("KAPU_DESKTOP_TESTS") != "" {
			t.Fatal("the age tool is missing; make test installs it")
		}
		t.Skip("the age tool is not installed")
	}
	return tool
}
