package qr

import (
	"context"
	"crypto/rand"
	"image"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/godbus/dbus/v5"

	"kapu/internal/sessionbus"
	"kapu/lang"
)

const (
	portal     = "org.freedesktop.portal.Desktop"
	portalPath = "/org/freedesktop/portal/desktop"
)

// portalScreens asks the desktop's portal, which may ask the person. It leaves the picture in a file, which goes
// away as soon as it is read: there may be a key on it.
func portalScreens(ctx context.Context) ([]image.Image, error) {
	conn, err := sessionbus.Connect(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()

	// The answer comes as a signal on a path that is known before the question, so that it cannot be missed.
	token := "kapu" + rand.Text()
	sender := strings.ReplaceAll(strings.TrimPrefix(conn.Names()[0], ":"), ".", "_")
	handle := dbus.ObjectPath(portalPath + "/request/" + sender + "/" + token)
	signals := make(chan *dbus.Signal, 8)
	conn.Signal(signals)
	err = conn.AddMatchSignalContext(ctx, dbus.WithMatchSender(portal), dbus.WithMatchObjectPath(handle))
	if err != nil {
		return nil, err
	}
	options := map[string]dbus.Variant{"handle_token": dbus.MakeVariant(token), "interactive": dbus.MakeVariant(false)}
	const method = "org.freedesktop.portal.Screenshot.Screenshot"
	call := conn.Object(portal, portalPath).CallWithContext(ctx, method, 0, "", options)
	if call.Err != nil {
		return nil, call.Err
	}
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case s, ok := <-signals:
			if !ok {
				return nil, dbus.ErrClosed
			}
			if s.Path != handle || s.Name != "org.freedesktop.portal.Request.Response" {
				continue
			}
			picture, err := portalPicture(ctx, s.Body)
			return []image.Image{picture}, err
		}
	}
}

func portalPicture(ctx context.Context, answer []any) (image.Image, error) {
	var code uint32
	var results map[string]dbus.Variant
	if err := dbus.Store(answer, &code, &results); err != nil {
		return nil, err
	}
	if code != 0 {
		return nil, errRefused
	}
	uri, _ := results["uri"].Value().(string)
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" {
		return nil, lang.Cause("cause-no-picture")
	}
	f, err := os.Open(u.Path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	defer os.Remove(u.Path)
	data, err := io.ReadAll(io.LimitReader(f, maxBytes))
	if err != nil {
		return nil, err
	}
	return decode(ctx, data)
}
