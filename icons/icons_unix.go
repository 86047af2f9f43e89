//go:build !windows

package icons

import _ "embed"

var (
	//go:embed open.png
	openIcon []byte
	//go:embed locked.png
	lockedIcon []byte
	//go:embed attention.png
	attentionIcon []byte
)
