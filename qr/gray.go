package qr

import (
	"image"
	"image/color"
)

// plane is a greyscale picture.
type plane struct {
	w, h int
	pix  []uint8
}

// backdrop stands behind what is transparent: between black and white, because codes of either colour are drawn
// on nothing.
const backdrop = 128

// grayOf converts a picture to greyscale. Screens and photographs come in few kinds; each has a fast path, and the
// switch over them is what makes this function long.
func grayOf(img image.Image) plane {
	b := img.Bounds()
	p := plane{b.Dx(), b.Dy(), make([]uint8, b.Dx()*b.Dy())}
	for y := range p.h {
		row := p.pix[y*p.w : (y+1)*p.w]
		switch m := img.(type) {
		case *image.Gray:
			at := m.PixOffset(b.Min.X, b.Min.Y+y)
			copy(row, m.Pix[at:at+p.w])
		case *image.YCbCr:
			at := m.YOffset(b.Min.X, b.Min.Y+y)
			copy(row, m.Y[at:at+p.w])
		case *image.RGBA:
			at := m.PixOffset(b.Min.X, b.Min.Y+y)
			pix := m.Pix[at : at+4*p.w]
			for x := range row {
				c := pix[4*x : 4*x+4 : 4*x+4]
				row[x] = luma(c[0], c[1], c[2]) + uint8(backdrop*(255-uint32(c[3]))/255) // multiplied already
			}
		case *image.NRGBA:
			at := m.PixOffset(b.Min.X, b.Min.Y+y)
			pix := m.Pix[at : at+4*p.w]
			for x := range row {
				c := pix[4*x : 4*x+4 : 4*x+4]
				row[x] = luma(c[0], c[1], c[2])
				if c[3] != 255 {
					row[x] = uint8((uint32(row[x])*uint32(c[3]) + backdrop*(255-uint32(c[3]))) / 255)
				}
			}
		case *image.Paletted:
			at := m.PixOffset(b.Min.X, b.Min.Y+y)
			var shades [256]uint8
			for i, c := range m.Palette[:min(len(m.Palette), 256)] {
				shades[i] = shade(c)
			}
			for x, i := range m.Pix[at : at+p.w] {
				row[x] = shades[i]
			}
		default:
			for x := range row {
				row[x] = shade(img.At(b.Min.X+x, b.Min.Y+y))
			}
		}
	}
	return p
}

func shade(c color.Color) uint8 {
	r, g, b, a := c.RGBA()
	return uint8((299*r+587*g+114*b)/1000>>8) + uint8(backdrop*(0xffff-a)/0xffff)
}

func luma(r, g, b uint8) uint8 {
	return uint8((77*uint32(r) + 150*uint32(g) + 29*uint32(b)) >> 8)
}

// half is the picture at half its size.
func (p plane) half() plane {
	h := plane{p.w / 2, p.h / 2, make([]uint8, (p.w/2)*(p.h/2))}
	for y := range h.h {
		up, low := p.pix[2*y*p.w:(2*y+1)*p.w], p.pix[(2*y+1)*p.w:(2*y+2)*p.w]
		row := h.pix[y*h.w : (y+1)*h.w]
		for x := range row {
			row[x] = uint8((uint32(up[2*x]) + uint32(up[2*x+1]) + uint32(low[2*x]) + uint32(low[2*x+1]) + 2) / 4)
		}
	}
	return h
}

// at is the shade at a point between pixels; the picture goes on over its edge.
func (p plane) at(x, y float64) float64 {
	x, y = min(max(x-0.5, 0), float64(p.w-1)), min(max(y-0.5, 0), float64(p.h-1))
	x0, y0 := int(x), int(y)
	x1, y1 := min(x0+1, p.w-1), min(y0+1, p.h-1)
	fx, fy := x-float64(x0), y-float64(y0)
	up := float64(p.pix[y0*p.w+x0])*(1-fx) + float64(p.pix[y0*p.w+x1])*fx
	low := float64(p.pix[y1*p.w+x0])*(1-fx) + float64(p.pix[y1*p.w+x1])*fx
	return up*(1-fy) + low*fy
}
