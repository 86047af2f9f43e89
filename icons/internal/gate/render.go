package gate

import (
	"image"
	"image/draw"

	"golang.org/x/image/vector"
)

// render draws m as a square of size pixels whose edges lie on multiples of
// grid pixels.
func render(m Mark, size, grid int) *image.NRGBA {
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	z := vector.NewRasterizer(size, size)
	for _, l := range layers(m, size, grid) {
		z.Reset(size, size)
		l.path(z)
		if l.cut {
			cut(img, z)
			continue
		}
		z.Draw(img, img.Bounds(), image.NewUniform(l.ink), image.Point{})
	}
	out := image.NewNRGBA(img.Bounds())
	draw.Draw(out, out.Bounds(), img, image.Point{}, draw.Src)
	return out
}

// cut takes what z covers out of img.
func cut(img *image.RGBA, z *vector.Rasterizer) {
	mask := image.NewAlpha(img.Bounds())
	z.Draw(mask, mask.Bounds(), image.Opaque, image.Point{})
	for i, p := range img.Pix {
		left := 255 - int(mask.Pix[i/4])
		img.Pix[i] = uint8((int(p)*left + 127) / 255)
	}
}
