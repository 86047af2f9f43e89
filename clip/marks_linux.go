package clip

// marks tell clipboard managers that this is a secret, by a name beside the text's and what is handed out for it:
// KeePassXC's and KDE's hint, which others follow too, and CopyQ's own.
var marks = []struct{ name, value string }{
	{"x-kde-passwordManagerHint", "secret"},
	{"application/x-copyq-secret", "1"},
	{"application/x-copyq-hidden", "1"},
}

// markNames are their names.
func markNames() []string {
	names := make([]string, len(marks))
	for i, m := range marks {
		names[i] = m.name
	}
	return names
}

// markValue is what is handed out for a mark; nil if that is none.
func markValue(name string) []byte {
	for _, m := range marks {
		if m.name == name {
			return []byte(m.value)
		}
	}
	return nil
}
