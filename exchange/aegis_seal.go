package exchange

import (
	"encoding/json"
)

// The cost of a slot of Aegis' own.
const (
	aegisN = 1 << 15
	aegisR = 8
	aegisP = 1
)

// seal encrypts the entries by a key of their own, and that key in a slot to the passphrase.
func (f *aegisFile) seal(db aegisDB, passphrase string) error {
	plain, err := json.Marshal(db)
	if err != nil {
		return err
	}
	slot := aegisSlot{
		Type: ofPassword, UUID: newUUID(), N: aegisN, R: aegisR, P: aegisP, Salt: random(keyLength), Repaired: true,
	}
	key, err := scryptOf(slot.Salt, slot.N, slot.R, slot.P).derive(nil, passphrase)
	if err != nil {
		return err
	}
	master := random(keyLength)
	if slot.Key, slot.Params, err = aegisSeal(key, master); err != nil {
		return err
	}
	sealed, params, err := aegisSeal(master, plain)
	f.Header.Slots, f.Header.Params, f.DB = []aegisSlot{slot}, &params, []byte(sealed)
	return err
}

// aegisSeal seals by AES-256-GCM; Aegis keeps the tag apart.
func aegisSeal(key, plain []byte) (sealed hexadecimal, params aegisParams, err error) {
	gcm, err := newGCM(key)
	if err != nil {
		return nil, params, err
	}
	params.Nonce = random(gcm.NonceSize())
	sealed = gcm.Seal(nil, params.Nonce, plain, nil)
	end := len(sealed) - gcm.Overhead()
	params.Tag = sealed[end:]
	return sealed[:end:end], params, nil
}
