package exchange

import "encoding/json"

// raivo reads the JSON that Raivo OTP exports within a zip archive behind a password; of the archive see winauth.go.
type raivo struct{}

func (raivo) Name() string { return "Raivo OTP" }

func (raivo) Detect(data []byte) bool {
	return hasKeys(data, '[', "issuer", "account", "secret", "kind", "timer")
}

func (r raivo) Read(data []byte, o ReadOptions) ([]Entry, error) {
	list, err := decodeFile[items](r.Name(), data)
	if err != nil {
		return nil, err
	}
	return entriesOf(o.Budget, r.Name(), list, func(x struct {
		code
		Issuer, Account, Kind string
		Timer                 json.Number
		Pinned                any // true or "true", by the version
	}, e *Entry,
	) error {
		e.called(x.Account, x.Issuer)
		e.Favourite = x.Pinned == true || x.Pinned == "true"
		x.Period = x.Timer
		return e.codeFrom(x.code, x.Kind)
	}), nil
}
