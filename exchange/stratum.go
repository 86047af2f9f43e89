package exchange

import (
	"bytes"
	"encoding/json"

	"kapu/vault"
)

// stratum reads the backup of Stratum, once Authenticator Pro: JSON, plain or encrypted in today's way or that until
// 2023.
type stratum struct{}

const (
	stratumHeader       = "AUTHENTICATORPRO"
	stratumLegacyHeader = "AuthenticatorPro"
	stratumPlainStart   = `{"Authenticators`
)

func (stratum) Name() string { return "Stratum" }

func (stratum) Detect(data []byte) bool {
	return bytes.HasPrefix(data, []byte(stratumHeader)) || bytes.HasPrefix(data, []byte(stratumLegacyHeader)) ||
		hasKeys(data, '{', "Authenticators", "Categories")
}

func (s stratum) Read(data []byte, o ReadOptions) ([]Entry, error) {
	plain, err := s.open(data, o)
	if err != nil {
		return nil, err
	}
	file, err := decodeFile[struct{ Authenticators, Categories, AuthenticatorCategories items }](s.Name(), plain)
	if err == nil && file.Authenticators == nil {
		err = damaged(s.Name())
	}
	if err != nil {
		return nil, err
	}
	categories := stratumCategories(file.AuthenticatorCategories, folders(file.Categories))
	return entriesOf(o.Budget, s.Name(), file.Authenticators, func(x struct {
		Type, Algorithm          *int
		Issuer, Username, Secret string
		Digits, Period, Counter  json.Number
	}, e *Entry,
	) error {
		e.called(x.Username, x.Issuer)
		e.Folder = first(categories[x.Secret])
		e.further("Categories", categories[x.Secret])
		kind := vault.TOTP
		if x.Type != nil {
			kind = standsFor(stratumKinds[:], *x.Type)
		}
		c := code{Secret: x.Secret, Digits: x.Digits, Period: x.Period, Counter: x.Counter}
		if x.Algorithm != nil {
			c.Algorithm = standsFor(stratumAlgorithms[:], *x.Algorithm)
		}
		err := e.codeFrom(c, string(kind))
		e.Stated.Kind = x.Type != nil
		return err
	}), nil
}

// The numbers that stand for kinds and algorithms; what is none of a vault's kinds is refused by its name.
var (
	stratumKinds      = [...]vault.Kind{"", vault.HOTP, vault.TOTP, "mOTP", vault.Steam, "Yandex"}
	stratumAlgorithms = [...]string{"SHA1", "SHA256", "SHA512"}
)

// standsFor is what a number stands for, or a name that nothing has.
func standsFor[T ~string](names []T, number int) T {
	if number < 0 || number >= len(names) || names[number] == "" {
		return "?"
	}
	return names[number]
}

// stratumCategories are the names of each key's categories.
func stratumCategories(bindings items, names map[string]string) map[string][]string {
	of := map[string][]string{}
	for _, raw := range bindings {
		b, _ := decode[struct{ CategoryID, AuthenticatorSecret string }](raw)
		of[b.AuthenticatorSecret] = append(of[b.AuthenticatorSecret], names[b.CategoryID])
	}
	return of
}

// open opens an encrypted backup: header, salt, nonce, text.
func (s stratum) open(data []byte, o ReadOptions) ([]byte, error) {
	const saltSize, nonceSize, legacySaltSize, legacyIVSize = 16, 12, 20, 16
	if rest, ok := bytes.CutPrefix(data, []byte(stratumHeader)); ok {
		if len(rest) < saltSize+nonceSize+gcmTag {
			return nil, damaged(s.Name())
		}
		salt, rest := rest[:saltSize], rest[saltSize:]
		key, err := argon2id(salt, 3, 64<<10, 4).key(o, s.Name())
		if err != nil {
			return nil, err
		}
		if plain, ok := openGCM(key, rest[:nonceSize], rest[nonceSize:], ""); ok {
			return plain, nil
		}
		return nil, wrongPassword(s.Name())
	}
	rest, ok := bytes.CutPrefix(data, []byte(stratumLegacyHeader))
	if !ok {
		return data, nil
	}
	if len(rest) < legacySaltSize+legacyIVSize {
		return nil, damaged(s.Name())
	}
	salt, rest := rest[:legacySaltSize], rest[legacySaltSize:]
	key, err := pbkdf2SHA1(salt, 64_000).key(o, s.Name())
	if err != nil {
		return nil, err
	}
	plain, ok := openCBC(key, rest[:legacyIVSize], rest[legacyIVSize:])
	if !ok || !isText(plain) || !bytes.HasPrefix(plain, []byte(stratumPlainStart)) {
		return nil, wrongPassword(s.Name())
	}
	return plain, nil
}
