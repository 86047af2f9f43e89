package exchange

import (
	"bytes"
	"encoding/json"
	"strings"
)

// twoFAuth reads the export of 2FAuth: JSON of its own, or a list of otpauth URIs in such.
type twoFAuth struct{}

func (twoFAuth) Name() string { return "2FAuth" }

func (twoFAuth) Detect(data []byte) bool {
	return hasKeys(data, '{', "app", "data", "datetime") && bytes.Contains(jsonOf(data), []byte(`"2fauth`))
}

func (f twoFAuth) Read(data []byte, o ReadOptions) ([]Entry, error) {
	file, err := decodeFile[struct {
		Schema int
		Data   items
	}](f.Name(), data)
	if err == nil {
		err = upTo(1, file.Schema, f.Name())
	}
	if err == nil && file.Data == nil {
		err = damaged(f.Name())
	}
	if err != nil {
		return nil, err
	}
	return entriesOf(o.Budget, f.Name(), file.Data, twoFAuthItem.read), nil
}

// twoFAuthItem is an account, either as an object or as a URI alone.
type twoFAuthItem struct {
	code
	Type             string `json:"otp_type"`
	Account, Service string
	Group            string
	uri              string
}

// UnmarshalJSON reads either.
func (x *twoFAuthItem) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(data, []byte(`"`)) {
		return json.Unmarshal(data, &x.uri)
	}
	type object twoFAuthItem
	return json.Unmarshal(data, (*object)(x))
}

func (x twoFAuthItem) read(e *Entry) (err error) {
	if x.uri != "" {
		*e, err = readCode(x.uri)
		return err
	}
	e.called(x.Account, x.Service)
	e.Folder = x.Group
	return e.codeFrom(x.code, strings.Replace(strings.ToLower(x.Type), "steamtotp", "steam", 1))
}
