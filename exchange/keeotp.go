package exchange

import (
	"strings"

	"kapu/vault"
)

// keeOtp are the names of the parameters in a URI.
var keeOtp = map[string]string{
	"key": "secret", "size": "digits", "step": "period", "otphashmode": "algorithm", "type": "type", "counter": "counter",
}

func readKeeOtp(s string) (e Entry, err error) {
	query := parameters{}
	for part := range strings.SplitSeq(s, "&") {
		name, value, _ := strings.Cut(part, "=")
		query[keeOtp[strings.ToLower(name)]] = value
	}
	kind := vault.TOTP
	if strings.EqualFold(query["type"], "hotp") {
		kind = vault.HOTP
	}
	err = e.keyFrom(query, string(kind))
	e.Stated.Kind = query["type"] != ""
	return e, err
}
