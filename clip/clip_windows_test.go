package clip

import (
	"strings"
	"testing"
	"unsafe"

	"golang.design/x/clipboard"
	"golang.org/x/sys/windows"

	"kapu/internal/wait"
)

var procIsFormatAvailable = windows.NewLazySystemDLL("user32.dll").NewProc("IsClipboardFormatAvailable")

func TestCopiesWithMarksAndClears(t *testing.T) {
	c := open(t)
	copies(t, c, "123456")
	if got := text(t); got != "123456" {
		t.Errorf("the clipboard has %q", got)
	}
	register := windows.NewLazySystemDLL("user32.dll").NewProc("RegisterClipboardFormatW")
	for _, name := range []string{
		"ExcludeClipboardContentFromMonitorProcessing", "CanIncludeInClipboardHistory", "CanUploadToCloudClipboard",
		"Clipboard Viewer Ignore",
	} {
		wide, _ := windows.UTF16PtrFromString(name)
		format, _, _ := register.Call(uintptr(unsafe.Pointer(wide)))
		if there, _, _ := procIsFormatAvailable.Call(format); there == 0 {
			t.Errorf("%s is missing", name)
		}
	}
	if !c.Clear() || text(t) != "" {
		t.Errorf("after clearing it has %q", text(t))
	}
	if c.Clear() {
		t.Error("cleared twice")
	}
}

// What the person copied a moment ago stays, though the library has not noticed it yet.
func TestWhatAnotherCopiedIsNotCleared(t *testing.T) {
	c := open(t)
	copies(t, c, "123456")
	if _, err := clipboard.Write(t.Context(), clipboard.FmtText, []byte("theirs")); err != nil {
		t.Fatal(err)
	}
	if c.Clear() || text(t) != "theirs" {
		t.Errorf("the clipboard has %q", text(t))
	}
}

// What another program offers is cleared if it is the same text, and what was copied before the last, too.
func TestClearsWhatAnotherProgramOffers(t *testing.T) {
	c := open(t)
	copies(t, c, "kovacs.b")
	copies(t, c, "123456")
	for _, theirs := range []string{"123456", "kovacs.b"} {
		if _, err := clipboard.Write(t.Context(), clipboard.FmtText, []byte(theirs)); err != nil {
			t.Fatal(err)
		}
		if !c.Clear() || text(t) != "" {
			t.Errorf("the clipboard has %q", text(t))
		}
		copies(t, c, "kovacs.b")
		copies(t, c, "123456")
	}
	swept := false
	if err := Sweep(t.Context(), c.Doomed(), func() bool { return false }, func() { swept = true }); err != nil || !swept || text(t) != "" {
		t.Errorf("after the agent it has %q, %v", text(t), err)
	}
}

func open(t *testing.T) *Clipboard {
	t.Helper()
	c, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// copies copies, and again where the desktop did not get its turn in time: that is what the person is told to do.
func copies(t *testing.T, c *Clipboard, text string) {
	t.Helper()
	wait.Until(t, "the desktop to take a text", func() bool {
		err := c.Copy(text)
		if err != nil && !strings.Contains(err.Error(), errSlow.Error()) {
			t.Fatal(err)
		}
		return err == nil
	})
}

func text(t *testing.T) string {
	t.Helper()
	data, _ := clipboard.Read(t.Context(), clipboard.FmtText)
	return string(data)
}
