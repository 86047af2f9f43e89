package exchange

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"

	"kapu/lang"
)

// extension reads the JSON of the browser extension Authenticator: an object of entries by their ids, plain or
// encrypted in any of the three ways that it has had.
type extension struct{}

func (extension) Name() string { return "Authenticator" }

func (extension) Detect(data []byte) bool {
	return hasKeys(data, '{', "dataType") && bytes.Contains(jsonOf(data), []byte(`OTPStorage"`)) ||
		hasKeys(data, '{', "hash", "index", "secret", "type", "encrypted")
}

// extensionItem is one value of the file: an entry, an entry under a key, or such a key.
type extensionItem struct {
	code
	DataType, KeyID, Data string
	Encrypted, Pinned     bool
	Type, Account, Issuer string
	Salt, Hash, Enc       string // of a key
	ID                    string
}

func (x extensionItem) isKey() bool { return x.DataType == "Key" || x.Enc != "" }

func (x extensionItem) isSealed() bool { return x.DataType == "EncOTPStorage" || x.Encrypted }

func (f extension) Read(data []byte, o ReadOptions) ([]Entry, error) {
	members, err := objectMembers(f.Name(), jsonOf(data))
	if err != nil {
		return nil, err
	}
	keys := extensionKeys{format: f.Name(), byID: map[string]extensionItem{}}
	var entries items
	sealed := false
	var enc string
	for _, m := range members {
		x, _ := decode[extensionItem](m.value)
		switch {
		case m.name == "enc": // of the second way, where the key lies open among the entries
			_ = json.Unmarshal(m.value, &enc)
			keys.old = enc
		case m.name == "hash" || m.name == "UserSettings" || m.name == "LocalStorage":
		case x.isKey():
			if x.Enc != "" {
				keys.old = x.Enc
			}
			keys.byID[x.ID] = x
		default:
			sealed = sealed || x.isSealed()
			entries = append(entries, m.value)
		}
	}
	if sealed {
		if err := keys.unlock(o, entries); err != nil {
			return nil, err
		}
	}
	return entriesOf(o.Budget, f.Name(), entries, func(x extensionItem, e *Entry) error {
		if x.isSealed() {
			e.called(x.Account, x.Issuer)
			open, err := keys.open(x)
			if err != nil {
				return err
			}
			x = open
		}
		return x.read(e)
	}), nil
}

func (x extensionItem) read(e *Entry) error {
	service, _, _ := strings.Cut(x.Issuer, "::") // behind it stands the address of its page
	e.called(x.Account, service)
	e.Favourite = x.Pinned
	secret, kind := strings.TrimSpace(x.Secret), strings.ToLower(x.Type)
	for prefix, of := range map[string]string{"blz-": "battle", "bliz-": "battle", "stm-": "steam"} {
		if hasPrefixFold(secret, prefix) {
			secret, kind = secret[len(prefix):], of
		}
	}
	switch kind {
	case "hex", "hhex":
		raw, err := hex.DecodeString(secret)
		if err != nil {
			return lang.E("key-base32")
		}
		secret = base32Raw.EncodeToString(raw)
		kind = map[string]string{"hex": "totp", "hhex": "hotp"}[kind]
	case "battle":
		kind, x.Digits = "totp", "8"
	case "", "1":
		kind = "totp"
	}
	x.code.Secret = secret
	err := e.codeFrom(x.code, kind)
	e.Stated.Kind = x.Type != ""
	return err
}

// extensionKeys are what opens the entries of a file.
type extensionKeys struct {
	format   string
	byID     map[string]extensionItem
	old      string            // the one key of the second way, under the password
	password string            // of the first way, and what the others come from
	opened   map[string]string // by their ids
}

// unlock asks for the password and looks whether it opens anything.
func (k *extensionKeys) unlock(o ReadOptions, entries items) error {
	needed := map[string]kdf{}
	var all []kdf
	for _, raw := range entries {
		x, _ := decode[extensionItem](raw)
		if key, ok := k.byID[x.KeyID]; ok && needed[x.KeyID].derive == nil {
			needed[x.KeyID] = argon2id([]byte(key.Salt), 2, 19<<10, 1)
			all = append(all, needed[x.KeyID], needed[x.KeyID]) // made, and made again to be compared
		}
	}
	if err := o.affordable(k.format, all...); err != nil {
		return err
	}
	var err error
	if k.password, err = password(o.Ask, k.format); err != nil {
		return err
	}
	if k.old != "" {
		raw, ok := openSalted(k.old, k.password)
		if !ok {
			return wrongPassword(k.format)
		}
		k.password = hex.EncodeToString(raw)
	}
	k.opened = map[string]string{}
	for id, kdf := range needed {
		made, err := kdf.from(o, k.password)
		if err != nil {
			return err
		}
		if text := base64.RawStdEncoding.EncodeToString(made); k.byID[id].matches(o.Budget, text) {
			k.opened[id] = text
		}
	}
	for _, raw := range entries {
		x, _ := decode[extensionItem](raw)
		if x.isSealed() {
			if open, err := k.open(x); err == nil && open.Secret != "" {
				return nil
			}
		}
	}
	return wrongPassword(k.format)
}

// matches says whether a key is the one whose hash the file has.
func (x extensionItem) matches(b *Budget, key string) bool {
	parts := strings.Split(x.Hash, "$") // "", "argon2id", "v=19", "m=19456,t=2,p=1", salt, hash
	if len(parts) != 6 || parts[3] != "m=19456,t=2,p=1" {
		return true // by some other setting: the entries will tell
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return true
	}
	hash, err := argon2id(salt, 2, 19<<10, 1).derive(b, key)
	return err == nil && base64.RawStdEncoding.EncodeToString(hash) == parts[5]
}

// open opens one entry.
func (k *extensionKeys) open(x extensionItem) (extensionItem, error) {
	if x.DataType == "EncOTPStorage" {
		plain, ok := openSalted(x.Data, k.opened[x.KeyID])
		if ok {
			if open, err := decode[extensionItem](plain); err == nil {
				open.Encrypted = false
				return open, nil
			}
		}
		return x, wrongPassword(k.format)
	}
	secret, ok := openSalted(x.Secret, k.password)
	if !ok || !isText(secret) {
		return x, wrongPassword(k.format)
	}
	x.Secret, x.Encrypted = string(secret), false
	return x, nil
}

// member is a name of a JSON object with its value.
type member struct {
	name  string
	value json.RawMessage
}

// objectMembers are those of an object in the order in which they stand.
func objectMembers(format string, data []byte) ([]member, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, damaged(format)
	}
	var all []member
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, damaged(format)
		}
		m := member{name: name.(string)}
		if err := d.Decode(&m.value); err != nil {
			return nil, damaged(format)
		}
		if all = append(all, m); len(all) > maxEntries {
			return nil, tooMany()
		}
	}
	if _, err := d.Token(); err != nil || len(bytes.TrimSpace(data[d.InputOffset():])) > 0 {
		return nil, damaged(format)
	}
	return all, nil
}
