package clip

// The mark that tells clipboard managers that this is a secret: KeePassXC's and KDE's hint, which others follow too.
const (
	hint      = "x-kde-passwordManagerHint"
	hintValue = "secret"
)
