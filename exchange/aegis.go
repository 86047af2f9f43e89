package exchange

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
)

// aegis reads Aegis' JSON export, plain or encrypted.
type aegis struct{}

func (aegis) Name() string { return "Aegis" }

func (aegis) Detect(data []byte) bool { return hasKeys(data, '{', "header", "slots", "db") }

func (a aegis) Read(data []byte, o ReadOptions) ([]Entry, error) {
	file, err := decodeFile[struct {
		Version int
		Header  aegisHeader
		DB      json.RawMessage
	}](a.Name(), data)
	if err != nil {
		return nil, err
	}
	if err := upTo(1, file.Version, a.Name()); err != nil {
		return nil, err
	}
	if bytes.HasPrefix(file.DB, []byte("{")) {
		return a.entries(file.DB, o)
	}
	var sealed string
	if json.Unmarshal(file.DB, &sealed) != nil || sealed == "" {
		return nil, damaged(a.Name())
	}
	db, err := file.Header.open(o, a.Name(), sealed)
	if err != nil {
		return nil, err
	}
	return a.entries(db, o)
}

func (a aegis) entries(data []byte, o ReadOptions) ([]Entry, error) {
	db, err := decodeFile[struct {
		Version         int
		Entries, Groups items
	}](a.Name(), data)
	if err != nil {
		return nil, err
	}
	if db.Entries == nil {
		return nil, damaged(a.Name())
	}
	if err := upTo(3, db.Version, a.Name()); err != nil {
		return nil, err
	}
	groups := folders(db.Groups)
	return entriesOf(o.Budget, a.Name(), db.Entries, func(x struct {
		Type, Name, Issuer, Note string
		Favorite                 bool
		Group                    string   // until version 2: a name
		Groups                   []string // since version 3: ids
		Info                     struct {
			code
			Algo string
		}
	}, e *Entry,
	) error {
		e.called(x.Name, x.Issuer)
		e.Note, e.Favourite, e.Folder = x.Note, x.Favorite, x.Group
		for i, id := range x.Groups {
			x.Groups[i] = groups[id]
		}
		if e.Folder == "" {
			e.Folder = first(x.Groups)
		}
		e.further("Groups", x.Groups)
		x.Info.Algorithm = x.Info.Algo
		return e.codeFrom(x.Info.code, x.Type)
	}), nil
}

// aegisHeader holds the key that opens the entries: once in each slot, sealed to that slot's password.
type aegisHeader struct {
	Slots  []aegisSlot
	Params aegisParams
}

type aegisSlot struct {
	Type     int         `json:"type"`
	UUID     string      `json:"uuid"`
	Key      hexadecimal `json:"key"`
	Params   aegisParams `json:"key_params"`
	N        uint64      `json:"n"`
	R        uint64      `json:"r"`
	P        uint64      `json:"p"`
	Salt     hexadecimal `json:"salt"`
	Repaired bool        `json:"repaired"` // of a fault that old versions had
}

type aegisParams struct {
	Nonce hexadecimal `json:"nonce"`
	Tag   hexadecimal `json:"tag"`
}

// ofPassword is the type of slot that a person can open elsewhere; the others hang on the telephone.
const ofPassword = 1

func (h aegisHeader) open(o ReadOptions, format, sealed string) ([]byte, error) {
	db, err := base64.StdEncoding.DecodeString(sealed)
	var slots []aegisSlot
	var kdfs []kdf
	for _, s := range h.Slots {
		if s.Type == ofPassword {
			slots, kdfs = append(slots, s), append(kdfs, scryptOf(s.Salt, s.N, s.R, s.P))
		}
	}
	if err != nil || len(slots) == 0 {
		return nil, damaged(format)
	}
	if err := o.affordable(format, kdfs...); err != nil {
		return nil, err
	}
	password, err := password(o.Ask, format)
	if err != nil {
		return nil, err
	}
	for i, s := range slots {
		key, err := kdfs[i].from(o, password)
		if err != nil {
			return nil, damaged(format)
		}
		if key, ok := openGCM(key, s.Params.Nonce, append(s.Key, s.Params.Tag...), ""); ok {
			if plain, ok := openGCM(key, h.Params.Nonce, append(db, h.Params.Tag...), ""); ok {
				return plain, nil
			}
			return nil, damaged(format) // the password was right
		}
	}
	return nil, wrongPassword(format)
}

// hexadecimal is bytes as hexadecimal digits.
type hexadecimal []byte

// UnmarshalText reads the digits.
func (h *hexadecimal) UnmarshalText(text []byte) (err error) {
	*h, err = hex.DecodeString(string(text))
	return err
}

// MarshalText writes them.
func (h hexadecimal) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h), nil }
