package exchange

import (
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
		return b.entries(data)
	}
	plain, err := envelope.open(o.Ask, b.Name())
	if err != nil {
		return nil, err
	}
	return b.entries(plain)
}

// login is the type of item that can have a code.
const login = 1

func (b bitwarden) entries(data []byte) ([]Entry, error) {
	file, err := decodeFile[struct{ Items, Folders, Collections items }](b.Name(), data)
	if err != nil {
		return nil, err
	}
	if file.Items == nil {
		return nil, damaged(b.Name())
	}
	names := folders(append(file.Folders, file.Collections...))
	return entriesOf(b.Name(), file.Items, func(x struct {
		Type                  int
		Name, Notes, FolderID string
		Favorite              bool
		CollectionIDs         []string
		DeletedDate           *string
		Login                 struct{ Username, TOTP string }
	}, e *Entry,
	) (err error) {
		*e, err = readCode(x.Login.TOTP)
		if vault.CleanText(x.Name) != "" {
			e.Name = x.Name
		}
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
		e.UserName, e.Note, e.Favourite = x.Login.Username, x.Notes, x.Favorite
		e.Folder = first(append([]string{names[x.FolderID]}, x.CollectionIDs...))
		return err
	}), nil
}
