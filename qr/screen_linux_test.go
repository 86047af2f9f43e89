package qr

import (
	"context"
	"errors"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
)

// enter makes this process part of a desktop.
func enter(t *testing.T, d *desktop.Desktop) {
	t.Helper()
	t.Setenv("WAYLAND_DISPLAY", "")
	for _, kv := range d.Env() {
		name, value, _ := strings.Cut(kv, "=")
		t.Setenv(name, value)
	}
}

// show puts a picture on the display by a window of its own.
func show(t *testing.T, d *desktop.Desktop, pixels int, texts ...string) {
	t.Helper()
	c, err := xgb.NewConnDisplay(d.Display())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	root := xproto.Setup(c).DefaultScreen(c)
	s := screen(int(root.WidthInPixels), int(root.HeightInPixels), 1, 2)
	for i, text := range texts {
		paste(s, code(t, text, pixels), 60+300*i, 80)
	}
	window, _ := xproto.NewWindowId(c)
	gc, _ := xproto.NewGcontextId(c)
	xproto.CreateWindow(c, root.RootDepth, window, root.Root, 0, 0, root.WidthInPixels, root.HeightInPixels, 0,
		xproto.WindowClassInputOutput, root.RootVisual, xproto.CwOverrideRedirect, []uint32{1})
	xproto.MapWindow(c, window)
	xproto.CreateGC(c, gc, xproto.Drawable(window), 0, nil)
	for y := range s.Rect.Dy() {
		row := slices.Clone(s.Pix[y*s.Stride : (y+1)*s.Stride])
		for i := 0; i < len(row); i += 4 {
			row[i], row[i+2] = row[i+2], row[i]
		}
		xproto.PutImage(c, xproto.ImageFormatZPixmap, xproto.Drawable(window), gc,
			root.WidthInPixels, 1, 0, int16(y), 0, root.RootDepth, row)
	}
	if _, err := xproto.GetInputFocus(c).Reply(); err != nil { // all of it is there
		t.Fatal(err)
	}
}

func TestScreen(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{Display: true})
	enter(t, d)
	if _, err := Screen(t.Context()); sentence(t, err) != "qr-screen-none" {
		t.Fatal(err)
	}
	show(t, d, 3, uri(1), uri(2))
	got, err := textsOf(Screen(t.Context()))
	if err != nil || !slices.Equal(got, []string{uri(1), uri(2)}) {
		t.Fatalf("%q, %v", got, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Screen(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
}

func TestNoScreen(t *testing.T) {
	t.Setenv("WAYLAND_DISPLAY", "")
	t.Setenv("DISPLAY", "")
	if _, err := Screen(t.Context()); sentence(t, err) != "qr-screen-failed" {
		t.Error(err)
	}
}

// standIn is a desktop portal that answers the way it is told to.
type standIn struct {
	conn *dbus.Conn
	mu   sync.Mutex
	reply
}

type reply struct {
	code   uint32
	uri    string
	silent bool
}

func (s *standIn) set(r reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reply = r
}

func (s *standIn) Screenshot(sender dbus.Sender, _ string, options map[string]dbus.Variant) (dbus.ObjectPath, *dbus.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	token, _ := options["handle_token"].Value().(string)
	path := dbus.ObjectPath("/org/freedesktop/portal/desktop/request/" +
		strings.ReplaceAll(strings.TrimPrefix(string(sender), ":"), ".", "_") + "/" + token)
	if !s.silent {
		_ = s.conn.Emit(path, "org.freedesktop.portal.Request.Response", s.code,
			map[string]dbus.Variant{"uri": dbus.MakeVariant(s.uri)})
	}
	return path, nil
}

func TestWaylandPortal(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{})
	enter(t, d)
	t.Setenv("WAYLAND_DISPLAY", "wayland-0")
	if _, err := Screen(t.Context()); sentence(t, err) != "qr-screen-failed" {
		t.Errorf("without a portal: %v", err)
	}
	conn, err := d.Connect()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	s := &standIn{conn: conn}
	if err := conn.Export(s, "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Screenshot"); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName("org.freedesktop.portal.Desktop", dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}

	file := filepath.Join(t.TempDir(), "Képernyő kép.png")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	var picture draw.Image = screen(1280, 800, 1, 1)
	paste(picture, code(t, uri(5), 3), 500, 300)
	if err := errors.Join(png.Encode(f, picture), f.Close()); err != nil {
		t.Fatal(err)
	}
	s.set(reply{uri: "file://" + strings.ReplaceAll(file, " ", "%20")})
	if got, err := textsOf(Screen(t.Context())); err != nil || !slices.Equal(got, []string{uri(5)}) {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Error("the picture is still in its file")
	}
	for _, bad := range []reply{{code: 1}, {code: 2}, {uri: "file:///nowhere.png"}, {uri: "https://example.com/x.png"}, {}} {
		s.set(bad)
		if _, err := Screen(t.Context()); sentence(t, err) != "qr-screen-failed" {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	s.set(reply{silent: true})
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := Screen(ctx); sentence(t, err) != "qr-screen-failed" {
		t.Errorf("a silent portal: %v", err)
	}
}
