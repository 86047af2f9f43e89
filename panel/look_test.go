package panel

import (
	"bytes"
	"runtime"
	"strings"
	"testing"

	"kapu/lang"
)

// Keys for the search can be set where the tray can take them.
func TestHotkeyIsASettingOnWindows(t *testing.T) {
	var l looks
	var b bytes.Buffer
	v := view{Language: lang.Hungarian, Page: settingsPage}
	if err := l.of(lang.In(lang.Hungarian), settingsPage.html).ExecuteTemplate(&b, "layout.html", v); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Contains(b.String(), `name="SearchHotkey"`), runtime.GOOS == "windows"; got != want {
		t.Errorf("the page has the setting: %v", got)
	}
}

// No text of the scripts lacks a value that they could fill in.
func TestScriptTextsAreWhole(t *testing.T) {
	for _, language := range []string{lang.Hungarian, "en"} {
		for id, text := range scriptTexts(lang.In(language)) {
			if strings.Contains(text, "<no value>") {
				t.Errorf("%s: %s", id, text)
			}
		}
	}
}
