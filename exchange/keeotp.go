package exchange

import (
	"strings"

	"kapu/vault"
)

// keeOtp are the names of the parameters in a URI.
var keeOtp = map[string]string{
	"key": "secret", "size": "digits", "step": "period", "otphashmode": "algorithm", "type": "type", "counter": "counter",
}

func readKeeOtp(s string) (vault.Key, error) {
	query := parameters{}
	for part := range strings.SplitSeq(s, "&") {
		name, value, _ := strings.Cut(part, "=")
		query[keeOtp[strings.ToLower(name)]] = value
	}
	kind := vault.TOTP
	if strings.EqualFold(query["type"], "hotp") {
		kind = vault.HOTP
	}
	return query.key(kind)
}
