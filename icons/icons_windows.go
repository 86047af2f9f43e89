//go:build windows

package icons

import _ "embed"

var (
	//go:embed open.ico
	openIcon []byte
	//go:embed locked.ico
	lockedIcon []byte
	//go:embed attention.ico
	attentionIcon []byte
)
