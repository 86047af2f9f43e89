//go:build linux

package vault

import (
	"bytes"
	"os"
	"testing"
)

// The keys to a store are guarded as the vault is, can be replaced, and leave no trace.
func TestDoorKeepsStoreKeys(t *testing.T) {
	const address = "s3://iroda/kapu?endpoint=https://s3.example.com"
	d, v := newDoor(t)
	for _, method := range []string{Keychain, PIN, Password} {
		mustProtect(t, d, v, method, secrets[method])
		if access, secret, err := d.StoreKeys(t.Context(), v, address); access != "" || secret != "" || err != nil {
			t.Errorf("%s: before: %q, %q, %v", method, access, secret, err)
		}
		for _, secret := range []string{"first", "second"} {
			check(t, d.KeepStoreKeys(t.Context(), v, address, "AKIA", secret))
		}
		check(t, d.KeepStoreKeys(t.Context(), v, "s3://other", "OTHER", "other"))
		if access, secret, err := d.StoreKeys(t.Context(), v, address); access != "AKIA" || secret != "second" || err != nil {
			t.Errorf("%s: %q, %q, %v", method, access, secret, err)
		}
		file, err := os.ReadFile(d.storeKeysPath())
		if inFile := err == nil; inFile == (method == Keychain) || bytes.Contains(file, []byte("AKIA")) {
			t.Errorf("%s: in a file: %v", method, inFile)
		}
		if opensBy(t, d) != method { // the item is not taken for a vault's key
			t.Errorf("%s: the vault opens in another way", method)
		}
		check(t, d.DropStoreKeys(t.Context(), v, address))
		check(t, d.DropStoreKeys(t.Context(), v, "s3://other"))
		check(t, d.DropStoreKeys(t.Context(), v, "s3://other"))
		if _, err := os.Stat(d.storeKeysPath()); err == nil {
			t.Errorf("%s: the file stays", method)
		}
	}
}
