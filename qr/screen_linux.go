package qr

import (
	"context"
	"encoding/binary"
	"image"
	"io"
	"math/bits"
	"os"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"kapu/lang"
)

// screens takes a picture of all monitors. Under Wayland only the desktop's portal can; the X server there sees
// nothing but its own windows.
//
// kbinani/screenshot, which does it on the other systems, puts the picture into shared memory that every user of the
// machine may read while it does so. On a terminal server that would show a key to the neighbours.
func screens(ctx context.Context) ([]image.Image, error) {
	if os.Getenv("WAYLAND_DISPLAY") != "" {
		return portalScreens(ctx)
	}
	xgb.Logger.SetOutput(io.Discard)
	c, err := xgb.NewConn()
	if err != nil {
		return nil, err
	}
	defer c.Close()
	defer context.AfterFunc(ctx, c.Close)() // which ends a call that waits
	setup := xproto.Setup(c)
	root := setup.DefaultScreen(c)
	w, h := int(root.WidthInPixels), int(root.HeightInPixels)
	if err := affordable(image.Config{Width: w, Height: h}); err != nil {
		return nil, err
	}
	reply, err := xproto.GetImage(c, xproto.ImageFormatZPixmap, xproto.Drawable(root.Root), 0, 0,
		root.WidthInPixels, root.HeightInPixels, ^uint32(0)).Reply()
	if err != nil {
		return nil, err
	}
	visual, err := visualOf(root)
	if err != nil {
		return nil, err
	}
	if len(reply.Data) < 4*w*h {
		return nil, errDepth
	}
	var order binary.ByteOrder = binary.LittleEndian
	if setup.ImageByteOrder == xproto.ImageOrderMSBFirst {
		order = binary.BigEndian
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := 0; i < 4*w*h; i += 4 {
		v := order.Uint32(reply.Data[i:])
		img.Pix[i], img.Pix[i+1], img.Pix[i+2] = part(v, visual.RedMask), part(v, visual.GreenMask), part(v, visual.BlueMask)
		img.Pix[i+3] = 255
	}
	return []image.Image{img}, nil
}

const errDepth = lang.Cause("cause-screen-depth")

// visualOf says where in a pixel its colours are.
func visualOf(root *xproto.ScreenInfo) (xproto.VisualInfo, error) {
	for _, depth := range root.AllowedDepths {
		for _, v := range depth.Visuals {
			if v.VisualId == root.RootVisual && v.RedMask != 0 && v.GreenMask != 0 && v.BlueMask != 0 {
				return v, nil
			}
		}
	}
	return xproto.VisualInfo{}, errDepth
}

// part is the eight highest bits of one colour.
func part(pixel, mask uint32) uint8 {
	return uint8(pixel & mask >> bits.TrailingZeros32(mask) << (32 - bits.OnesCount32(mask)) >> 24)
}
