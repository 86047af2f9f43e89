package exchange

import (
	"encoding/json"
	"strconv"

	"kapu/lang"
	"kapu/vault"
)

// bitwarden reads the JSON export of Bitwarden and Vaultwarden, of a person or an organisation: plain, or protected
// by a password of its own. Of a login it takes the code and the user name, never the password.
type bitwarden struct{}

func (bitwarden) Name() string { return "Bitwarden" }

func (bitwarden) Detect(data []byte) bool {
	return hasKeys(data, '{', "encrypted") && (hasKeys(data, '{', "items") || hasKeys(data, '{', "data"))
}

func (b bitwarden) Read(data []byte, o ReadOptions) ([]Entry, error) {
	envelope, err := decodeFile[bitwardenEnvelope](b.Name(), data)
	if err != nil {
		return nil, err
	}
	if !envelope.Encrypted {
		return b.entries(data, o)
	}
	plain, err := envelope.open(o, b.Name())
	if err != nil {
		return nil, err
	}
	return b.entries(plain, o)
}

// login is the type of item that can have a code.
const login = 1

func (b bitwarden) entries(data []byte, o ReadOptions) ([]Entry, error) {
	file, err := decodeFile[struct{ Items, Folders, Collections items }](b.Name(), data)
	if err != nil {
		return nil, err
	}
	if file.Items == nil {
		return nil, damaged(b.Name())
	}
	names := folders(append(file.Folders, file.Collections...))
	return entriesOf(o.Budget, b.Name(), file.Items, func(x struct {
		Type                  int
		Name, Notes, FolderID string
		Favorite              bool
		CollectionIDs         []string
		DeletedDate           *string
		Login                 bitwardenLogin
		Fields                []bitwardenField
		Attachments           []json.RawMessage
	}, e *Entry,
	) (err error) {
		*e, err = readCode(x.Login.TOTP)
		e.UserName, e.Note, e.Favourite = x.Login.Username, x.Notes, x.Favorite
		e.renamed(x.Name)
		switch {
		case x.DeletedDate != nil:
			e.Skip = lang.E("import-trashed", "Format", b.Name())
		case x.Type != login:
			e.Skip = lang.E("import-no-login")
		case vault.CleanText(x.Login.TOTP) == "":
			e.Skip = lang.E("import-no-code")
		}
		for i, id := range x.CollectionIDs {
			x.CollectionIDs[i] = names[id]
		}
		e.Folder = first(append([]string{names[x.FolderID]}, x.CollectionIDs...))
		e.further("Collections", x.CollectionIDs)
		x.Login.rest(e)
		for _, f := range x.Fields {
			f.rest(e)
		}
		if len(x.Attachments) > 0 {
			e.leaveOut("attachments")
		}
		return err
	}), nil
}

type bitwardenLogin struct {
	Username, TOTP   string
	URIs             []struct{ URI string }
	Fido2Credentials []json.RawMessage
}

// rest accounts for what a login has besides the user name, the code and the password, which is never read.
func (l bitwardenLogin) rest(e *Entry) {
	for _, u := range l.URIs {
		e.keep("URI", u.URI)
	}
	if len(l.Fido2Credentials) > 0 {
		e.leaveOut("passkey")
	}
}

// bitwardenField is a field that the person has added.
type bitwardenField struct {
	Type  int
	Name  string
	Value any
}

// The types of fields.
const (
	textField = iota
	hiddenField
	booleanField
	linkedField // stands for the user name or the password
)

func (f bitwardenField) rest(e *Entry) {
	switch value, _ := f.Value.(string); f.Type {
	case textField, booleanField:
		if b, ok := f.Value.(bool); ok {
			value = strconv.FormatBool(b)
		}
		e.custom(f.Name, value, false)
	case linkedField:
	default:
		e.custom(f.Name, value, true)
	}
}
