//go:build linux

package desks

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"os/exec"
	"strconv"
	"strings"

	"kapu/internal/desktop"
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
type x11 struct {
	*desktop.Desktop
	environ func() []string
}

func (s x11) move(x, y int) error {
	return s.run("xdotool", "mousemove", strconv.Itoa(x), strconv.Itoa(y)).err
}

func (s x11) click(b button) error { return s.run("xdotool", "click", strconv.Itoa(int(b))).err }

func (s x11) key(name string) error { return s.run("xdotool", "key", name).err }

func (s x11) look(area image.Rectangle) (*image.RGBA, error) {
	crop := fmt.Sprintf("%dx%d+%d+%d", area.Dx(), area.Dy(), area.Min.X, area.Min.Y)
	out := s.run("import", "-silent", "-window", "root", "-crop", crop, "-depth", "8", "rgba:-")
	if out.err != nil || len(out.data) != area.Dx()*area.Dy()*4 {
		return nil, fmt.Errorf("a picture of %d bytes: %w", len(out.data), out.err)
	}
	return &image.RGBA{Pix: out.data, Stride: area.Dx() * 4, Rect: area}, nil
}

func (s x11) clipboard() string {
	return string(s.run("xclip", "-o", "-selection", "clipboard", "-t", "UTF8_STRING").data)
}

func (s x11) put(text string) error {
	cmd := s.Command(context.Background(), "xclip", "-i", "-selection", "clipboard")
	cmd.Env = append(cmd.Env, s.environ()...)
	cmd.Stdin = strings.NewReader(text)
	_, err := s.Launch(cmd)
	return err
}

// output is what a tool printed.
type output struct {
	data []byte
	err  error
}

func (s x11) run(name string, args ...string) output {
	cmd := s.Command(context.Background(), name, args...)
	cmd.Env = append(cmd.Env, s.environ()...)
	return run(cmd)
}

// run runs a tool to its end.
func run(cmd *exec.Cmd) output {
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	data, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("%s: %w: %s", cmd, err, stderr.Bytes())
	}
	return output{data, err}
}
