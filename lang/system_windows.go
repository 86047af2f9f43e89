package lang

import (
	"strings"

	"golang.org/x/sys/windows"
)

// systemLanguage is the language the person chose for Windows itself.
func systemLanguage() string {
	names, err := windows.GetUserPreferredUILanguages(windows.MUI_LANGUAGE_NAME)
	if err == nil && len(names) > 0 && !strings.HasPrefix(strings.ToLower(names[0]), Hungarian) {
		return English
	}
	return Hungarian
}
