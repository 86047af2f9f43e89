package exchange

import "strings"

// freeOTP reads FreeOTP+'s JSON export.
type freeOTP struct{}

func (freeOTP) Name() string { return "FreeOTP+" }

func (freeOTP) Detect(data []byte) bool { return hasKeys(data, '{', "tokens", "tokenOrder") }

func (f freeOTP) Read(data []byte, o ReadOptions) ([]Entry, error) {
	file, err := decodeFile[struct{ Tokens items }](f.Name(), data)
	if err != nil {
		return nil, err
	}
	if file.Tokens == nil {
		return nil, damaged(f.Name())
	}
	return entriesOf(o.Budget, f.Name(), file.Tokens, func(x struct {
		freeOTPToken
		Secret javaBytes `json:"secret"`
	}, e *Entry,
	) error {
		x.called(e)
		return x.read(e, x.Secret)
	}), nil
}

// freeOTPToken is what FreeOTP and FreeOTP+ write of an account, but for the secret.
type freeOTPToken struct {
	code
	Type, Algo           string
	Label, LabelAlt      string // as the service named it, and as the person did
	IssuerExt, IssuerAlt string
}

func (x freeOTPToken) called(e *Entry) {
	e.called(first([]string{x.LabelAlt, x.Label}), first([]string{x.IssuerAlt, x.IssuerExt}))
	e.keepOther("label", x.Label, e.Name)
	e.keepOther("issuer", x.IssuerExt, e.Service)
}

func (x freeOTPToken) read(e *Entry, secret []byte) error {
	kind := x.Type
	if x.IssuerExt == "Steam" && strings.EqualFold(kind, "totp") {
		kind = "steam" // known by its name only
	}
	x.code.Secret, x.code.Algorithm = base32Raw.EncodeToString(secret), x.Algo
	return e.codeFrom(x.code, kind)
}
