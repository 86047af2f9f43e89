//go:build linux

package panel_test

import (
	"encoding/base32"

	"kapu/exchange"
	"kapu/vault"
)

var keys uint64

// client makes an entry with a key of its own.
func client(name string) exchange.Entry {
	keys++
	var key [10]byte
	for i := range 8 {
		key[i] = byte(keys >> (8 * i))
	}
	k, err := vault.ParseKey(base32.StdEncoding.EncodeToString(key[:]))
	if err != nil {
		panic(err)
	}
	return exchange.Entry{Name: name, Key: k}
}
