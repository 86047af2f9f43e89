package exchange

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"os"
	"strings"

	"kapu/lang"
)

// ReadKeyFile reads the key file of a KeePass database.
func ReadKeyFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	defer f.Close()
	data, err := readAll(path, f, nil)
	if err == nil && len(data) == 0 {
		return nil, lang.E("key-file-empty", "Path", path)
	}
	return data, err
}

// compositeKey joins the password and the key file, of which there is at least one, as KeePassXC does: an empty
// password is none where there is a key file.
func compositeKey(password string, keyFile []byte) []byte {
	var parts []byte
	if password != "" || keyFile == nil {
		sum := sha256.Sum256([]byte(password))
		parts = append(parts, sum[:]...)
	}
	if keyFile != nil {
		parts = append(parts, keyOfFile(keyFile)...)
	}
	sum := sha256.Sum256(parts)
	return sum[:]
}

// keyOfFile is the key in a key file: an XML text of version 1 or 2, 32 bytes, or these in hexadecimal digits. Of any
// other file it is the hash.
func keyOfFile(data []byte) []byte {
	if bytes.Contains(data[:min(len(data), 1<<10)], []byte("<KeyFile>")) {
		var file struct {
			Meta struct{ Version string }
			Key  struct{ Data string }
		}
		if xml.Unmarshal(bytes.TrimPrefix(data, []byte("\ufeff")), &file) == nil {
			text := strings.Join(strings.Fields(file.Key.Data), "")
			key, err := base64.StdEncoding.DecodeString(text)
			if strings.HasPrefix(file.Meta.Version, "2.") {
				key, err = hex.DecodeString(text)
			}
			if err == nil && len(key) == keyLength {
				return key
			}
		}
	}
	if len(data) == keyLength {
		return data
	}
	if key, err := hex.DecodeString(string(data)); err == nil && len(key) == keyLength {
		return key
	}
	sum := sha256.Sum256(data)
	return sum[:]
}
