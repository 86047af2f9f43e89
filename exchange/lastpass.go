package exchange

import "encoding/json"

// lastPass reads the JSON export of LastPass Authenticator.
type lastPass struct{}

func (lastPass) Name() string { return "LastPass Authenticator" }

func (lastPass) Detect(data []byte) bool {
	return hasKeys(data, '{', "accounts", "localDeviceId", "version")
}

func (l lastPass) Read(data []byte, o ReadOptions) ([]Entry, error) {
	file, err := decodeFile[struct {
		Version  int
		Accounts items
		Folders  []struct {
			ID   int
			Name string
		}
	}](l.Name(), data)
	if err == nil {
		err = upTo(3, file.Version, l.Name())
	}
	if err == nil && file.Accounts == nil {
		err = damaged(l.Name())
	}
	if err != nil {
		return nil, err
	}
	names := map[int]string{}
	for _, f := range file.Folders {
		names[f.ID] = f.Name
	}
	return entriesOf(o.Budget, l.Name(), file.Accounts, func(x struct {
		IssuerName, UserName, OriginalIssuerName, OriginalUserName string
		Secret, Algorithm                                          string
		Digits, TimeStep                                           json.Number
		IsFavorite                                                 bool
		FolderData                                                 struct{ FolderID int }
	}, e *Entry,
	) error {
		e.called(x.UserName, x.IssuerName)
		e.Favourite, e.Folder = x.IsFavorite, names[x.FolderData.FolderID]
		e.keepOther("originalUserName", x.OriginalUserName, e.Name)
		e.keepOther("originalIssuerName", x.OriginalIssuerName, x.IssuerName)
		err := e.codeFrom(code{Secret: x.Secret, Algorithm: x.Algorithm, Digits: x.Digits, Period: x.TimeStep}, "totp")
		e.Stated.Kind = false // it knows no other
		return err
	}), nil
}
