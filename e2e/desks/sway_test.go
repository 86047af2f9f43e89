//go:build linux

package desks

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"time"

	"kapu/internal/desktop/desktoptest"
	"kapu/internal/wayland"
)

// sway is a seat at sway, whose only mouse is one that its protocol lets a program have.
type sway struct {
	*person
	conn  *wayland.Conn
	mouse uint32
}

// The requests of wlr-virtual-pointer-unstable-v1.
const (
	makePointer  = 0 // of the manager
	pointerMoves = 1 // to a place on the whole screen
	pointerPress = 2
	pointerFrame = 4 // all that belongs together has been said
)

// atSway begins sway, with waybar as its panel.
func atSway(p *person) seat {
	_, socket, err := p.StartSway(desktoptest.Context(p.t), fmt.Sprintf("output HEADLESS-1 mode %dx%d\n", width, height))
	p.must(err)
	p.env = append(p.env, "WAYLAND_DISPLAY="+socket, "XDG_SESSION_TYPE=wayland")
	p.writes(".config/waybar/config", `{"modules-right": ["tray"], "tray": {"icon-size": 21}}`)
	p.launch("waybar")
	s := &sway{person: p}
	s.conn, err = wayland.Dial(socket, time.Minute)
	p.must(err)
	p.t.Cleanup(func() { s.conn.Close() })
	seat, _, err := s.conn.Bind("wl_seat", 1)
	p.must(err)
	manager, _, err := s.conn.Bind("zwlr_virtual_pointer_manager_v1", 1)
	p.must(err)
	s.mouse = s.conn.Object()
	p.must(s.conn.Send(manager, makePointer, seat, s.mouse))
	return s
}

func (s *sway) send(opcode uint16, args ...uint32) error {
	if err := s.conn.Send(s.mouse, opcode, append([]uint32{now()}, args...)...); err != nil {
		return err
	}
	return s.conn.Send(s.mouse, pointerFrame)
}

// now is a time as the protocol counts it, in milliseconds.
func now() uint32 { return uint32(time.Now().UnixMilli()) }

func (s *sway) move(x, y int) error {
	return s.send(pointerMoves, uint32(x), uint32(y), width, height)
}

func (s *sway) click(b button) error {
	if err := s.send(pointerPress, b.linux(), 1); err != nil {
		return err
	}
	return s.send(pointerPress, b.linux(), 0)
}

func (s *sway) key(name string) error {
	_, err := s.run("wtype", "-k", name)
	return err
}

func (s *sway) look(area image.Rectangle) (*image.RGBA, error) {
	where := fmt.Sprintf("%d,%d %dx%d", area.Min.X, area.Min.Y, area.Dx(), area.Dy())
	data, err := s.run("grim", "-g", where, "-t", "png", "-l", "0", "-")
	if err != nil {
		return nil, err
	}
	return decoded(data, area)
}

// decoded is a picture of an area of the screen.
func decoded(data []byte, area image.Rectangle) (*image.RGBA, error) {
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	picture := image.NewRGBA(area)
	draw.Draw(picture, area, img, img.Bounds().Min, draw.Src)
	return picture, nil
}

func (s *sway) clipboard() string {
	text, _ := s.run("wl-paste", "-n") // an empty one is an error
	return string(text)
}

func (s *sway) put(text string) error {
	s.launch("wl-copy", "--foreground", text)
	return nil
}
