//go:build !windows

package clip

import "golang.design/x/clipboard"

// The mark that tells clipboard managers that this is a secret: KeePassXC's and KDE's hint, which the others follow.
const (
	hint      = "x-kde-passwordManagerHint"
	hintValue = "secret"
)

func marks() []clipboard.Item {
	return []clipboard.Item{{Format: clipboard.Register(hint), Bytes: []byte(hintValue)}}
}
