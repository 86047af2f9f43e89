package exchange

import (
	"encoding/base64"
	"strings"

	"kapu/lang"
)

// twoFAS reads the backup of 2FAS Auth, plain or encrypted.
type twoFAS struct{}

func (twoFAS) Name() string { return "2FAS" }

func (twoFAS) Detect(data []byte) bool { return hasKeys(data, '{', "services", "schemaVersion") }

func (f twoFAS) Read(data []byte, o ReadOptions) ([]Entry, error) {
	file, err := decodeFile[struct {
		SchemaVersion    int
		Services, Groups items
		// ServicesEncrypted stands in for Services; Reference is a known text under the same password.
		ServicesEncrypted, Reference string
	}](f.Name(), data)
	if err != nil {
		return nil, err
	}
	if err := upTo(4, file.SchemaVersion, f.Name()); err != nil {
		return nil, err
	}
	if file.ServicesEncrypted != "" {
		plain, err := f.open(file.ServicesEncrypted, file.Reference, o)
		if err == nil {
			file.Services, err = decodeFile[items](f.Name(), plain)
		}
		if err != nil {
			return nil, err
		}
	}
	if file.Services == nil {
		return nil, damaged(f.Name())
	}
	return f.entries(file.Services, folders(file.Groups), o), nil
}

func (f twoFAS) entries(services items, groups map[string]string, o ReadOptions) []Entry {
	return entriesOf(o.Budget, f.Name(), services, func(x struct {
		Name, Secret, GroupID string
		OTP                   struct {
			code
			Account, Label, Issuer, TokenType string
		}
	}, e *Entry,
	) error {
		account := first([]string{x.OTP.Account, x.OTP.Label})
		service := first([]string{x.OTP.Issuer, x.Name})
		if e.called(account, service); account == "" {
			e.called(x.Name, x.OTP.Issuer)
		} else if x.Name != "" && lang.Fold(x.Name) != lang.Fold(service) {
			e.Name, e.UserName = x.Name, account // the person has renamed it: that is what they look for
		}
		e.Folder = groups[x.GroupID]
		x.OTP.Secret = x.Secret
		kind := x.OTP.TokenType
		if kind == "" {
			kind = "totp" // until version 2 there was no other
		}
		err := e.codeFrom(x.OTP.code, kind)
		e.Stated.Kind = x.OTP.TokenType != ""
		return err
	})
}

// open opens the services, three parts in Base64: what is sealed, the salt, the nonce.
func (f twoFAS) open(services, reference string, o ReadOptions) ([]byte, error) {
	sealed, ok := parts(services)
	if !ok {
		return nil, damaged(f.Name())
	}
	key, err := pbkdf2SHA256(sealed[1], 10_000).key(o, f.Name())
	if err != nil {
		return nil, err
	}
	if plain, ok := openGCM(key, sealed[2], sealed[0], ""); ok {
		return plain, nil
	}
	// The reference has the salt of the services. If it opens, the password was right.
	if known, ok := parts(reference); ok && string(known[1]) == string(sealed[1]) {
		if _, ok := openGCM(key, known[2], known[0], ""); ok {
			return nil, damaged(f.Name())
		}
	}
	return nil, wrongPassword(f.Name())
}

func parts(text string) (three [3][]byte, ok bool) {
	all := strings.Split(text, ":")
	if len(all) != len(three) {
		return three, false
	}
	for i, s := range all {
		var err error
		if three[i], err = base64.StdEncoding.DecodeString(s); err != nil {
			return three, false
		}
	}
	return three, true
}
