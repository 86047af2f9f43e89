package exchange

import (
	"encoding/json"
	"fmt"

	"kapu/vault"
)

// aegisWriter writes Aegis' JSON export as its version 3 does, plain or sealed to a passphrase.
type aegisWriter struct{ sealed bool }

func (aegisWriter) Name() string    { return aegis{}.Name() }
func (w aegisWriter) Sealed() bool  { return w.sealed }
func (aegisWriter) Fits(Entry) bool { return true }

type aegisFile struct {
	Version int `json:"version"`
	Header  struct {
		Slots  []aegisSlot  `json:"slots"`
		Params *aegisParams `json:"params"`
	} `json:"header"`
	DB any `json:"db"` // an aegisDB, or this sealed
}

type aegisDB struct {
	Version int          `json:"version"`
	Entries []aegisEntry `json:"entries"`
	Groups  []aegisGroup `json:"groups"`
}

type aegisGroup struct {
	UUID string `json:"uuid"`
	Name string `json:"name"`
}

type aegisEntry struct {
	Type     string    `json:"type"`
	UUID     string    `json:"uuid"`
	Name     string    `json:"name"`
	Issuer   string    `json:"issuer"`
	Note     string    `json:"note"`
	Favorite bool      `json:"favorite"`
	Icon     *string   `json:"icon"`
	Info     aegisInfo `json:"info"`
	Groups   []string  `json:"groups"`
}

type aegisInfo struct {
	Secret  string  `json:"secret"`
	Algo    string  `json:"algo"`
	Digits  int     `json:"digits"`
	Period  int     `json:"period,omitempty"`
	Counter *uint64 `json:"counter,omitempty"`
}

func (w aegisWriter) Write(entries []Entry, o Options) ([][]byte, error) {
	db := aegisDB{Version: 3, Entries: make([]aegisEntry, len(entries)), Groups: []aegisGroup{}}
	ids := map[string]string{}
	for i, e := range entries {
		k := e.Key
		x := aegisEntry{
			Type: string(k.Kind), UUID: newUUID(), Name: e.Name, Issuer: e.Service, Note: e.Note, Favorite: e.Favourite,
			Info: aegisInfo{Secret: k.Secret, Algo: k.Algorithm, Digits: k.Digits, Period: k.Period}, Groups: []string{},
		}
		if k.Kind == vault.HOTP {
			x.Info.Counter = &k.Counter
		}
		if e.Folder != "" {
			if ids[e.Folder] == "" {
				ids[e.Folder] = newUUID()
				db.Groups = append(db.Groups, aegisGroup{ids[e.Folder], e.Folder})
			}
			x.Groups = []string{ids[e.Folder]}
		}
		db.Entries[i] = x
	}
	file := aegisFile{Version: 1, DB: db}
	if w.sealed {
		if err := file.seal(db, o.Passphrase); err != nil {
			return nil, err
		}
	}
	data, err := json.MarshalIndent(file, "", "    ")
	return [][]byte{data}, err
}

// newUUID is a random one.
func newUUID() string {
	b := random(16)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
