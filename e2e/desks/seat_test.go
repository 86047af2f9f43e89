//go:build linux

package desks

import (
	"image"
	"slices"
	"strconv"
	"strings"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// Every screen here has this size.
const width, height = 1280, 800

var screen = image.Rect(0, 0, width, height)

// seat is somebody's hands and eyes at a desktop.
type seat interface {
	move(x, y int) error
	click(b button) error
	key(name string) error // by X's name
	look(area image.Rectangle) (*image.RGBA, error)
	clipboard() string     // its text, "" if there is none
	put(text string) error // on the clipboard, as another program does; it may take a moment
}

// button is one of the mouse's, by X's numbers.
type button int

const left, middle, right button = 1, 2, 3

// linux is the button by Linux's numbers.
func (b button) linux() uint32 { return map[button]uint32{left: 0x110, right: 0x111, middle: 0x112}[b] }

// x11 is a seat at an X server.
type x11 struct{ *person }

func (s x11) xdotool(args ...string) error {
	_, err := s.run("xdotool", args...)
	return err
}

func (s x11) move(x, y int) error { return s.xdotool("mousemove", strconv.Itoa(x), strconv.Itoa(y)) }

func (s x11) click(b button) error { return s.xdotool("click", strconv.Itoa(int(b))) }

func (s x11) key(name string) error { return s.xdotool("key", name) }

// look asks the X server itself: a program that takes pictures takes as long as an icon that changes.
func (s x11) look(area image.Rectangle) (*image.RGBA, error) {
	c, err := xgb.NewConnDisplay(s.Display())
	if err != nil {
		return nil, err
	}
	defer c.Close()
	root := xproto.Setup(c).DefaultScreen(c).Root
	reply, err := xproto.GetImage(c, xproto.ImageFormatZPixmap, xproto.Drawable(root), int16(area.Min.X), int16(area.Min.Y),
		uint16(area.Dx()), uint16(area.Dy()), ^uint32(0)).Reply()
	if err != nil {
		return nil, err
	}
	for p := range slices.Chunk(reply.Data, 4) {
		p[0], p[2], p[3] = p[2], p[0], 255 // Xvfb's are BGRX
	}
	return &image.RGBA{Pix: reply.Data, Stride: area.Dx() * 4, Rect: area}, nil
}

func (s x11) clipboard() string {
	text, _ := s.run("xclip", "-o", "-selection", "clipboard", "-t", "UTF8_STRING") // an empty one is an error
	return string(text)
}

func (s x11) put(text string) error {
	cmd := s.command("xclip", "-i", "-selection", "clipboard")
	cmd.Stdin = strings.NewReader(text)
	_, err := s.Launch(cmd)
	return err
}
