package vault

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// With the identity in a file, the plain age tool turns vault.age into readable JSON: nobody depends on Kapu to get
// at their keys.
func TestPlainAgeOpensTheVault(t *testing.T) {
	tool, err := exec.LookPath("age")
	if err != nil {
		if os.Getenv("KAPU_DESKTOP_TESTS") != "" {
			t.Fatal("the age tool is missing; make test installs it")
		}
		t.Skip("the age tool is not installed")
	}
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
