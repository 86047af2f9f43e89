package tray

import (
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/windows"

	"kapu/icons"
	"kapu/internal/wait"
)

// The icon of the whole test: systray can be started once in a process.
func TestIconInTheTaskbar(t *testing.T) {
	if err := CheckHost(t.Context()); err != nil {
		t.Fatal(err)
	}
	quit, ended, up := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		runtime.LockOSThread() // a window belongs to its thread
		present(func() {}, func() { close(up) }, quit)
	}()
	<-up
	defer func() { close(quit); <-ended }()
	there := func() bool {
		inTaskbar.mu.Lock()
		defer inTaskbar.mu.Unlock()
		return inTaskbar.tell(nimModify)
	}
	setIcon(icons.Locked)
	if width := iconWidth(); width != 16 {
		t.Errorf("at 100 %% an icon has %d pixels", width)
	}
	setTitle(strings.Repeat("ű", 200))
	if !there() {
		t.Fatal("there is no icon")
	}

	pressed := make(chan string, 1)
	s := newSink(nil)
	n := note{text: strings.Repeat("Kft. ", 100), button: "next", press: func() { pressed <- "id" }}
	if err := s.show(n); err != nil {
		t.Error(err)
	}
	send := user32.NewProc("PostMessageW")
	for range 2 { // the second click is on a notice that is gone
		_, _, _ = send.Call(inTaskbar.window, systrayMessage, systrayID, balloonClicked)
	}
	if got := <-pressed; got != "id" {
		t.Errorf("the next code of %q", got)
	}
	s.hide()

	gone := notifyIcon{window: inTaskbar.window, id: systrayID}
	if !gone.tell(nimDelete) || there() {
		t.Fatal("the icon could not be taken away")
	}
	_, _, _ = send.Call(inTaskbar.window, uintptr(inTaskbar.created), 0, 0)
	wait.Until(t, "the icon in a new taskbar", there)

	if len(pressed) != 0 {
		t.Error("a click on a notice that is gone did something")
	}
}

func TestFieldsEnd(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", ""},
		{"abc", "abc"},
		{"abcd", "ab…"},
		{"a🔑bcd", "a…"}, // half a character is none
		{"ab🔑", "ab…"},
		{"a🔑", "a🔑"},
	} {
		var field [4]uint16
		fill(field[:], tt.text)
		if got := windows.UTF16ToString(field[:]); got != tt.want || field[3] != 0 {
			t.Errorf("%q became %q", tt.text, got)
		}
	}
}
