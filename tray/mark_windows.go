package tray

import (
	"sync"
	"time"
	"unicode/utf16"
	"unsafe"

	"golang.org/x/sys/windows"

	"kapu/icons"
)

// mark is what the taskbar shows of this process: the icon, its title and a notice. systray makes the icon's window
// and has the menu; the rest is done here, because systray leaves the icon's picture in a file that anybody may read,
// at one size, cuts a long title without an end, does not try again when Explorer is too busy to take the icon back,
// and has no notices.
type mark struct {
	mu      sync.Mutex
	window  uintptr
	before  uintptr // the window's procedure
	created uint32  // the message of a new taskbar
	picture []byte
	icon    uintptr
	title   string
	pressed func() // the notice was clicked; nil if there is nothing to do
}

const (
	systrayClass   = "SystrayClass"
	systrayID      = 100
	systrayMessage = 0x0401 // from the icon
	balloonClicked = 0x0405

	wmDisplayChange = 0x007E // also after a remote desktop was connected from another screen
	wmDPIChanged    = 0x02E0 // the screen's scale
)

// subclass hooks the procedure of systray's window, so that its messages come here first.
func (m *mark) subclass() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.window = systrayWindow(); m.window == 0 {
		return
	}
	name, _ := windows.UTF16PtrFromString("TaskbarCreated")
	created, _, _ := procRegisterWindowMessage.Call(address(name))
	m.created = uint32(created)
	m.before, _, _ = procSetWindowLongPtr.Call(m.window, windowProcedure, windows.NewCallback(m.heard))
}

// heard is called by Windows, on the window's thread.
func (m *mark) heard(window uintptr, msg uint32, wParam, lParam uintptr) uintptr {
	switch {
	case msg == systrayMessage && lParam == balloonClicked:
		m.mu.Lock()
		pressed := m.pressed
		m.pressed = nil
		m.mu.Unlock()
		if pressed != nil {
			go pressed()
		}
		return 0
	case msg == m.created, msg == wmDisplayChange, msg == wmDPIChanged:
		go m.again()
	}
	r, _, _ := procCallWindowProc.Call(m.before, window, uintptr(msg), wParam, lParam)
	return r
}

// again re-registers the icon, with retries for a minute: a taskbar has just started, or the screen has another scale.
func (m *mark) again() {
	for range int(time.Minute / taskbarEvery) {
		m.mu.Lock()
		m.load()
		shown := m.tell(nimModify) || m.tell(nimAdd)
		m.mu.Unlock()
		if shown {
			return
		}
		time.Sleep(taskbarEvery)
	}
}

// setPicture changes the icon.
func (m *mark) setPicture(ico []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.picture = ico
	m.load()
	m.tell(nimModify)
}

// load makes the icon at the size that the taskbar has now.
func (m *mark) load() {
	dib, size := icons.Nearest(m.picture, iconWidth())
	if dib == nil {
		return
	}
	icon, _, _ := procCreateIcon.Call(uintptr(unsafe.Pointer(&dib[0])), uintptr(len(dib)), 1, iconVersion, uintptr(size), uintptr(size), 0)
	if icon == 0 {
		return
	}
	old := m.icon
	m.icon = icon
	if old != 0 {
		defer procDestroyIcon.Call(old) // the taskbar has a copy
	}
}

// iconWidth is that of icons in the taskbar, at the scale that its screen has now. Before Windows 10 there was one
// scale from sign-in to sign-out.
func iconWidth() int {
	class, _ := windows.UTF16PtrFromString("Shell_TrayWnd")
	taskbar, _, _ := procFindWindowEx.Call(0, 0, address(class), 0)
	if taskbar != 0 && procGetDpiForWindow.Find() == nil && procGetSystemMetricsForDpi.Find() == nil {
		scale, _, _ := procGetDpiForWindow.Call(taskbar)
		if width, _, _ := procGetSystemMetricsForDpi.Call(smallIconWidth, scale); width != 0 {
			return int(width)
		}
	}
	width, _, _ := procGetSystemMetrics.Call(smallIconWidth)
	return int(width)
}

// setTitle changes the tooltip.
func (m *mark) setTitle(title string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.title = title
	m.tell(nimModify)
}

// tell brings the taskbar to what the mark is.
func (m *mark) tell(how uintptr) bool {
	n := notifyIcon{
		window: m.window, id: systrayID, flags: nifMessage | nifIcon | nifTip, message: systrayMessage, icon: m.icon,
	}
	fill(n.tip[:], m.title)
	return n.tell(how)
}

// notice shows a text beside the icon; pressed is what a click on it does. "" takes it away.
func (m *mark) notice(title, text string, problem bool, pressed func()) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pressed = pressed
	n := notifyIcon{window: m.window, id: systrayID, flags: nifInfo | nifRealtime, infoFlags: niifInfo | niifNoSound}
	if problem { // the person may come to see it later
		n.flags, n.infoFlags = nifInfo, niifWarning
	}
	fill(n.info[:], text)
	fill(n.infoTitle[:], title)
	return n.tell(nimModify)
}

// fill writes a text into a field of fixed size that ends with a zero; what does not fit ends with an ellipsis.
func fill(field []uint16, text string) {
	units := utf16.Encode([]rune(text))
	if most := len(field) - 1; len(units) > most {
		cut := most - 1
		if units[cut-1]&0xFC00 == 0xD800 { // the first half of a character
			cut--
		}
		units = append(units[:cut], '…')
	}
	copy(field, units)
}

// systrayWindow finds the window that systray has made in this process.
func systrayWindow() uintptr {
	name, _ := windows.UTF16PtrFromString(systrayClass)
	for h := uintptr(0); ; {
		h, _, _ = procFindWindowEx.Call(0, h, address(name), 0)
		if h == 0 {
			return 0
		}
		var process uint32
		_, _, _ = procGetWindowThreadProcessID.Call(h, uintptr(unsafe.Pointer(&process)))
		if process == windows.GetCurrentProcessId() {
			return h
		}
	}
}

func address(text *uint16) uintptr { return uintptr(unsafe.Pointer(text)) }
