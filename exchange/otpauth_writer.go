package exchange

import (
	"fmt"
	"net/url"
	"strings"

	"kapu/vault"
)

// otpauthWriter writes one URI a line. Folder, tax number and the like have no place in it.
type otpauthWriter struct{}

func (otpauthWriter) Name() string    { return "otpauth" }
func (otpauthWriter) Sealed() bool    { return false }
func (otpauthWriter) Fits(Entry) bool { return true }

func (otpauthWriter) Write(entries []Entry, _ Options) ([][]byte, error) {
	var b strings.Builder
	for _, e := range entries {
		b.WriteString(e.URI() + "\n")
	}
	return [][]byte{[]byte(b.String())}, nil
}

// URI is the entry as other programs and telephones read it.
func (e Entry) URI() string {
	k := e.Key
	service, name := component(e.Service), component(e.Name)
	b := fmt.Sprintf("otpauth://%s/%s:%s?secret=%s&issuer=%s", k.Kind, service, name, k.Secret, service)
	if e.Service == "" {
		b = fmt.Sprintf("otpauth://%s/%s?secret=%s", k.Kind, component(e.Name), k.Secret)
	}
	b += fmt.Sprintf("&algorithm=%s&digits=%d", k.Algorithm, k.Digits)
	if k.Kind == vault.HOTP {
		return b + fmt.Sprintf("&counter=%d", k.Counter)
	}
	return b + fmt.Sprintf("&period=%d", k.Period)
}

// ShortURI is the URI without what every program takes for granted, for a code in a small window.
func (e Entry) ShortURI() string {
	return strings.TrimSuffix(e.URI(), "&algorithm=SHA1&digits=6&period=30")
}

// component escapes a text for any place in a URI, with %20 for a space, which every reader understands.
func component(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
