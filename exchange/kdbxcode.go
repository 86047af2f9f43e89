package exchange

import (
	"encoding/base64"
	"encoding/hex"
	"strings"

	"kapu/lang"
	"kapu/vault"
)

// KeePass and the programs that read its databases keep a code's key in fields that a person could have written; each
// has its own.

// isCodeField says whether a field, named in lower case, belongs to a key.
func isCodeField(name string) bool {
	return name == "otp" || strings.HasPrefix(name, "timeotp-") || strings.HasPrefix(name, "hmacotp-") ||
		name == "totp seed" || name == "totp settings"
}

// keepassCode makes an entry of the fields that hold a key, by their names in lower case, and says which it has used:
// nil if there is none.
func keepassCode(of map[string]string) (e Entry, used map[string]bool, err error) {
	has := func(name string) bool { return vault.CleanText(of[name]) != "" }
	use := func(names ...string) {
		used = map[string]bool{}
		for _, n := range names {
			used[n] = true
		}
	}
	switch {
	case has("otp"): // KeePassXC and KeeOtp: a URI, or parameters
		use("otp")
		e, err = readCode(of["otp"])
	case has("timeotp-secret"), has("timeotp-secret-hex"), has("timeotp-secret-base32"), has("timeotp-secret-base64"):
		use("timeotp-secret", "timeotp-secret-hex", "timeotp-secret-base32", "timeotp-secret-base64",
			"timeotp-length", "timeotp-period", "timeotp-algorithm")
		q := parameters{"digits": of["timeotp-length"], "period": of["timeotp-period"], "algorithm": of["timeotp-algorithm"]}
		if q["secret"], err = keepassSecret(of, "timeotp-secret"); err == nil {
			err = e.keyFrom(q, string(vault.TOTP))
		}
	case has("totp seed"): // KeeTrayTOTP
		use("totp seed", "totp settings")
		err = e.trayCode(of["totp seed"], of["totp settings"])
	case has("hmacotp-secret"), has("hmacotp-secret-hex"), has("hmacotp-secret-base32"), has("hmacotp-secret-base64"):
		use("hmacotp-secret", "hmacotp-secret-hex", "hmacotp-secret-base32", "hmacotp-secret-base64", "hmacotp-counter")
		q := parameters{"counter": of["hmacotp-counter"]}
		if q["secret"], err = keepassSecret(of, "hmacotp-secret"); err == nil {
			err = e.keyFrom(q, string(vault.HOTP))
		}
	}
	return e, used, err
}

// keepassSecret is a secret in Base32, from whichever of its fields is filled.
func keepassSecret(of map[string]string, name string) (string, error) {
	var raw []byte
	var err error
	bare := func(suffix string) string { return strings.Join(strings.Fields(of[name+suffix]), "") }
	switch {
	case bare("-base32") != "":
		return bare("-base32"), nil
	case bare("-hex") != "":
		raw, err = hex.DecodeString(strings.ReplaceAll(bare("-hex"), "-", ""))
	case bare("-base64") != "":
		raw, err = base64.RawStdEncoding.DecodeString(strings.TrimRight(bare("-base64"), "="))
	default:
		raw = []byte(of[name]) // the text itself
	}
	if err != nil {
		return "", lang.E("import-entry-damaged", "Format", kdbx{}.Name())
	}
	return base32Raw.EncodeToString(raw), nil
}

// trayCode reads KeeTrayTOTP's two fields: the seed, and "period;digits", where the digits may be S for Steam's
// letters. The address of a clock may follow.
func (e *Entry) trayCode(seed, settings string) error {
	parts := append(strings.Split(settings, ";"), "", "")
	q := parameters{"secret": seed, "period": strings.TrimSpace(parts[0])}
	kind := vault.TOTP
	if digits := strings.TrimSpace(parts[1]); strings.EqualFold(digits, "S") {
		kind = vault.Steam
	} else {
		q["digits"] = digits
	}
	return e.keyFrom(q, string(kind))
}
