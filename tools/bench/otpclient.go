//go:build linux

package main

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha512"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"kapu/internal/examples"
)

// prepareOTPClient makes a database as OTPClient up to version 3.1 writes it (a later one says that it cannot read
// it, and so does the table), and puts its password into the private keychain.
func prepareOTPClient(o *person, r *racer, dir string, wanted examples.Client) (func(), error) {
	database := filepath.Join(dir, "clients.enc")
	data, err := sealOTPClient(o.clients)
	if err == nil {
		err = os.WriteFile(database, data, 0o600)
	}
	if err == nil {
		text := fmt.Sprintf("[config]\ndb_path=%s\nuse_secret_service=true\n", database)
		err = os.WriteFile(filepath.Join(dir, "otpclient.cfg"), []byte(text), 0o600)
	}
	if err != nil {
		return nil, err
	}
	r.env = append(slices.Clone(r.env), "XDG_CONFIG_HOME="+dir)
	_, err = tool(o.b.ctx, r.env, password, "secret-tool", "store", "--label=otpclient",
		"xdg:schema", "com.github.paolostivanin.OTPClient", "string", "main_pwd")
	if err != nil {
		return nil, err
	}
	r.args = append(r.args, "show", "-m", "-a", wanted.Name)
	r.digits = lastWord
	return nil, nil
}

// sealOTPClient encrypts JSON with AES-GCM under a key from PBKDF2, after a header of nonce and salt. The password
// and the JSON each count with the zero byte that ends them in C.
func sealOTPClient(clients []examples.Client) ([]byte, error) {
	type entry struct {
		Type   string `json:"type"`
		Label  string `json:"label"`
		Issuer string `json:"issuer"`
		Secret string `json:"secret"`
		Digits int    `json:"digits"`
		Algo   string `json:"algo"`
		Period int    `json:"period"`
	}
	var entries []entry
	for _, c := range clients {
		entries = append(entries, entry{"TOTP", c.Name, "kapu", c.Key, 6, "SHA1", 30})
	}
	text, err := json.Marshal(entries)
	if err != nil {
		return nil, err
	}
	const nonceSize, saltSize, rounds = 16, 32, 100_000
	header := make([]byte, nonceSize+saltSize)
	rand.Read(header)
	key, err := pbkdf2.Key(sha512.New, password+"\x00", header[nonceSize:], rounds, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCMWithNonceSize(block, nonceSize)
	if err != nil {
		return nil, err
	}
	return append(header, gcm.Seal(nil, header[:nonceSize], append(text, 0), header)...), nil
}
