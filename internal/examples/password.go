package examples

import (
	"os"
	"path/filepath"

	"kapu/seal"
)

// cheap is scrypt's work factor (log2 N): next to nothing. It stands in the file, so that a program opens the file as
// it would any other.
const cheap = 2

// PasswordFile puts a wrapped-key file into the folder of a vault to come. The vault is made with that key, and a try
// of the password takes no time: thousands of a test's tries, each of which is made to be slow, cost minutes.
func PasswordFile(dir, password string) error {
	id, err := seal.NewIdentity()
	if err != nil {
		return err
	}
	sealed, err := seal.SealPassphrase([]byte(id.String()), password, cheap)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "vault.key"), sealed, 0o600)
}
