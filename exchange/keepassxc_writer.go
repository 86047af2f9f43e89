package exchange

import (
	"fmt"
	"strings"

	"kapu/vault"
)

// keepassxcWriter writes the table that KeePassXC exports and imports, in its own way of writing one.
type keepassxcWriter struct{}

func (keepassxcWriter) Name() string { return keepassxc{}.Name() }
func (keepassxcWriter) Sealed() bool { return false }

// Fits leaves out the counters, which KeePassXC does not know.
func (keepassxcWriter) Fits(e Entry) bool { return e.Key.Kind != vault.HOTP }

// keepassxcRoot is the group that holds all others.
const keepassxcRoot = "Root"

func (keepassxcWriter) Write(entries []Entry, _ Options) ([][]byte, error) {
	var b strings.Builder
	row := func(cells ...string) {
		for i, cell := range cells {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
		}
		b.WriteByte('\n')
	}
	row("Group", "Title", "Username", "Password", "URL", "Notes", "TOTP", "Icon", "Last Modified", "Created")
	for _, e := range entries {
		group := keepassxcRoot
		if e.Folder != "" {
			group += "/" + e.Folder
		}
		row(group, e.Name, e.UserName, "", "", e.Note, keepassxcURI(e), "", "", "")
	}
	return [][]byte{[]byte(b.String())}, nil
}

// keepassxcURI is the URI as KeePassXC writes it: Steam's codes are marked, not of a kind of their own.
func keepassxcURI(e Entry) string {
	k, user := e.Key, e.UserName
	if user == "" {
		user = "none"
	}
	uri := fmt.Sprintf("otpauth://totp/%s:%s?secret=%s&period=%d&digits=%d&issuer=%s",
		component(e.Service), component(user), k.Secret, k.Period, k.Digits, component(e.Service))
	switch {
	case k.Kind == vault.Steam:
		uri += "&encoder=steam"
	case k.Algorithm != "SHA1":
		uri += "&algorithm=" + k.Algorithm
	}
	return uri
}
