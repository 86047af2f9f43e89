package qr

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/boombuler/barcode/qr"
	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// uri is a text as the portal's codes hold it.
func uri(i int) string {
	return fmt.Sprintf("otpauth://totp/%%C3%%9Cgyf%%C3%%A9lkapu%%2B:client%03d?secret=JBSWY3DPEHPK3PXP&issuer=NISZ", i)
}

// code draws a QR code with its quiet zone, so many pixels to a module.
func code(t testing.TB, text string, pixels int) *image.Gray {
	t.Helper()
	c, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		t.Fatal(err)
	}
	n := c.Bounds().Dx()
	img := image.NewGray(image.Rect(0, 0, (n+8)*pixels, (n+8)*pixels))
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			v := color.Gray{255}
			if at := image.Pt(x/pixels-4, y/pixels-4); at.In(c.Bounds()) {
				v = color.GrayModel.Convert(c.At(at.X, at.Y)).(color.Gray)
			}
			img.SetGray(x, y, v)
		}
	}
	return img
}

// screen draws a desktop full of windows, text and stripes, from the same seed the same.
func screen(w, h, scale int, seed uint64) *image.RGBA {
	small := image.NewRGBA(image.Rect(0, 0, w/scale, h/scale))
	r := rand.New(rand.NewPCG(seed, 1))
	fill := func(b image.Rectangle, c color.Color) {
		draw.Draw(small, b, image.NewUniform(c), image.Point{}, draw.Src)
	}
	fill(small.Rect, color.RGBA{30, 90, 140, 255})
	for range 12 {
		x, y := r.IntN(small.Rect.Dx()), r.IntN(small.Rect.Dy())
		fill(image.Rect(x, y, x+100+r.IntN(700), y+80+r.IntN(500)), color.Gray{uint8(200 + r.IntN(56))})
	}
	d := font.Drawer{Dst: small, Src: image.Black, Face: basicfont.Face7x13}
	for y := 14; y < small.Rect.Dy(); y += 15 {
		for x := r.IntN(60); x < small.Rect.Dx(); x += 400 {
			d.Dot = fixed.P(x, y)
			d.DrawString([]string{
				"Oops: [O] {0} |o| (8) 1:1:3:1:1 @@ ## %%", "Könyvelő Iroda Kft. 12345678-2-42 ÁFA 27%",
				"The quick brown fox jumps over the lazy d", "■□■ ▣ ◘ 0O0O0O DDDD BBBB QQQQ [][][][][][]",
			}[r.IntN(4)])
		}
	}
	for i := range 40 {
		x := 5 + 9*i
		fill(image.Rect(x, 5, x+4+i%4, 22), color.Gray{uint8(i * 6)})
	}
	return enlarge(small, scale)
}

func enlarge(img *image.RGBA, scale int) *image.RGBA {
	if scale == 1 {
		return img
	}
	big := image.NewRGBA(image.Rect(0, 0, img.Rect.Dx()*scale, img.Rect.Dy()*scale))
	xdraw.NearestNeighbor.Scale(big, big.Rect, img, img.Rect, draw.Src, nil)
	return big
}

func paste(dst draw.Image, src image.Image, x, y int) {
	draw.Draw(dst, src.Bounds().Add(image.Pt(x, y)), src, image.Point{}, draw.Src)
}

// turned is a picture turned by an angle on white.
func turned(src image.Image, degrees float64) *image.RGBA {
	b := src.Bounds()
	side := int(math.Hypot(float64(b.Dx()), float64(b.Dy()))) + 2
	dst := image.NewRGBA(image.Rect(0, 0, side, side))
	draw.Draw(dst, dst.Rect, image.White, image.Point{}, draw.Src)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	cx, cy, mid := float64(b.Dx())/2, float64(b.Dy())/2, float64(side)/2
	xdraw.BiLinear.Transform(dst, [6]float64{
		cos, -sin, mid - cos*cx + sin*cy,
		sin, cos, mid - sin*cx - cos*cy,
	}, src, b, draw.Over, nil)
	return dst
}

// scaled is a picture at any size, softened as a browser's zoom does.
func scaled(src image.Image, factor float64) *image.RGBA {
	b := src.Bounds()
	dst := image.NewRGBA(image.Rect(0, 0, int(float64(b.Dx())*factor), int(float64(b.Dy())*factor)))
	xdraw.CatmullRom.Scale(dst, dst.Rect, src, b, draw.Src, nil)
	return dst
}

func inverted(src image.Image) *image.RGBA {
	dst := image.NewRGBA(src.Bounds())
	draw.Draw(dst, dst.Rect, src, image.Point{}, draw.Src)
	for i := range dst.Pix {
		if i%4 != 3 {
			dst.Pix[i] = 255 - dst.Pix[i]
		}
	}
	return dst
}

func asJPEG(t testing.TB, src image.Image, quality int) image.Image {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, src, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return img
}
