package office

import (
	"crypto/sha256"
	"fmt"
	"math/big"
	"strings"
)

// SafetyNumber is a fingerprint of two devices' public keys and of their office, the same on both: 30 digits, 99 bits,
// in groups for the telephone. a and b are their ids, which are fingerprints of the keys (DeviceID). It has to resist
// whoever takes years to make a device with the same one, so it is longer than the words, which hold for a request.
func SafetyNumber(office, a, b string) string {
	if a > b {
		a, b = b, a
	}
	sum := sha256.Sum256([]byte("kapu/v1 safety number\n" + office + "\n" + a + "\n" + b))
	n := new(big.Int).SetBytes(sum[:])
	digits := fmt.Sprintf("%0*d", safetyDigits, n.Mod(n, new(big.Int).Exp(big.NewInt(10), big.NewInt(safetyDigits), nil)))
	groups := make([]string, 0, safetyDigits/safetyGroup)
	for i := 0; i < safetyDigits; i += safetyGroup {
		groups = append(groups, digits[i:i+safetyGroup])
	}
	return strings.Join(groups, " ")
}

const (
	safetyDigits = 30
	safetyGroup  = 5
)
