package vault

import (
	"encoding/base32"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func secret(ascii string) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString([]byte(ascii))
}

const (
	rfc20 = "12345678901234567890"
	rfc32 = "12345678901234567890123456789012"
	rfc64 = "1234567890123456789012345678901234567890123456789012345678901234"
)

// RFC 6238, appendix B.
func TestTOTPVectors(t *testing.T) {
	keys := map[string]string{"SHA1": secret(rfc20), "SHA256": secret(rfc32), "SHA512": secret(rfc64)}
	for _, tt := range []struct {
		unix                 int64
		sha1, sha256, sha512 string
	}{
		{59, "94287082", "46119246", "90693936"},
		{1111111109, "07081804", "68084774", "25091201"},
		{1111111111, "14050471", "67062674", "99943326"},
		{1234567890, "89005924", "91819424", "93441116"},
		{2000000000, "69279037", "90698825", "38618901"},
		{20000000000, "65353130", "77737706", "47863826"},
	} {
		for algorithm, want := range map[string]string{"SHA1": tt.sha1, "SHA256": tt.sha256, "SHA512": tt.sha512} {
			k := Key{Kind: TOTP, Secret: keys[algorithm], Algorithm: algorithm, Digits: 8, Period: 30}
			code, err := k.Code(time.Unix(tt.unix, 0))
			if err != nil || code.Digits != want {
				t.Errorf("%s at %d: got %s, %v; want %s", algorithm, tt.unix, code.Digits, err, want)
			}
			if start := tt.unix / 30 * 30; code.From.Unix() != start || code.Until.Unix() != start+30 {
				t.Errorf("%d: valid from %v until %v", tt.unix, code.From, code.Until)
			}
		}
	}
}

// RFC 4226, appendix D.
func TestHOTPVectors(t *testing.T) {
	for counter, want := range []string{
		"755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
	} {
		k := Key{Kind: HOTP, Secret: secret(rfc20), Algorithm: "SHA1", Digits: 6, Counter: uint64(counter)}
		if code, err := k.Code(time.Now()); err != nil || code.Digits != want || !code.Until.IsZero() {
			t.Errorf("counter %d: got %+v, %v; want %s", counter, code, err, want)
		}
	}
}

// Computed with an independent implementation of Steam's alphabet over RFC 6238's first vector's HMAC.
func TestSteam(t *testing.T) {
	k := Key{Kind: Steam, Secret: secret(rfc20), Algorithm: "SHA1", Digits: 5, Period: 30}
	code, err := k.Code(time.Unix(59, 0))
	if err != nil || code.Digits != steam(1094287082) {
		t.Errorf("got %s, %v; want %s", code.Digits, err, steam(1094287082))
	}
}

// steam writes a truncated HMAC value in Steam's letters. 1094287082 is the full value behind RFC 6238's 94287082.
func steam(value int) string {
	const letters = "23456789BCDFGHJKMNPQRTVWXY"
	var b strings.Builder
	for range 5 {
		b.WriteByte(letters[value%len(letters)])
		value /= len(letters)
	}
	return b.String()
}

// The portal's keys have 16 characters, 80 bits. oathtool is what a person would compare with.
func TestSameAsOathtool(t *testing.T) {
	tool, err := exec.LookPath("oathtool")
	if err != nil {
		t.Skip("oathtool is not installed")
	}
	at := time.Date(2026, 11, 22, 12, 0, 7, 0, time.UTC)
	for _, key := range []string{"JBSWY3DPEHPK3PXP", "gezd gnbv gy3t qojq", "MFRGGZDFMZTWQ2LK", "KRUGKIDROVUWG2Y"} {
		k, err := ParseKey(key)
		if err != nil {
			t.Fatal(err)
		}
		want, err := exec.Command(tool, "--totp", "-b", k.Secret, "--now", at.Format("2006-01-02 15:04:05 UTC")).Output()
		if err != nil {
			t.Fatal(err)
		}
		if code, _ := k.Code(at); code.Digits != strings.TrimSpace(string(want)) {
			t.Errorf("%s: got %s, oathtool says %s", key, code.Digits, want)
		}
	}
}

func TestNormalizeRefuses(t *testing.T) {
	good := Key{Kind: TOTP, Secret: "JBSWY3DPEHPK3PXP", Algorithm: "sha1", Digits: 6, Period: 30}
	if k, err := good.Normalize(); err != nil || k.Algorithm != "SHA1" {
		t.Fatalf("a good key: %+v, %v", k, err)
	}
	for name, change := range map[string]func(*Key){
		"empty":           func(k *Key) { k.Secret = " - = " },
		"not base32":      func(k *Key) { k.Secret = "JBSWY3DP0HPK3PX1" },
		"impossible size": func(k *Key) { k.Secret = "JBSWY3DPE" },
		"4096 characters": func(k *Key) { k.Secret = strings.Repeat("A", 4096) },
		"letters":         func(k *Key) { k.Secret = "ÁRVÍZTŰRŐ" },
		"algorithm":       func(k *Key) { k.Algorithm = "MD5" },
		"no digits":       func(k *Key) { k.Digits = 0 },
		"99 digits":       func(k *Key) { k.Digits = 99 },
		"no period":       func(k *Key) { k.Period = 0 },
		"past":            func(k *Key) { k.Period = -30 },
		"kind":            func(k *Key) { k.Kind = "motp" },
	} {
		k := good
		change(&k)
		if got, err := k.Normalize(); err == nil {
			t.Errorf("%s: accepted as %+v", name, got)
		} else if strings.Contains(err.Error(), "JBSWY3DP") {
			t.Errorf("%s: the error repeats the secret: %v", name, err)
		}
	}
}
