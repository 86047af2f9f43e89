package qr

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"kapu/internal/need"
)

// cropped is a picture without so many pixels on each side.
func cropped(src *image.Gray, left, top, right, bottom int) *image.Gray {
	b := src.Rect
	dst := image.NewGray(image.Rect(0, 0, b.Dx()-left-right, b.Dy()-top-bottom))
	draw.Draw(dst, dst.Rect, src, image.Pt(left, top), draw.Src)
	return dst
}

// A quiet zone is cut off on any side, down to the last module.
func TestCroppedToTheEdge(t *testing.T) {
	for _, pixels := range []int{2, 3, 5} {
		c := code(t, uri(pixels), pixels)
		for left := 0; left <= 4; left++ {
			for top := 0; top <= 4; top += 2 {
				for _, right := range []int{0, left, 4} {
					bottom := 4 - top
					what := fmt.Sprintf("%d pixels, without %d, %d, %d and %d modules", pixels, left, top, right, bottom)
					img := cropped(c, left*pixels, top*pixels, right*pixels, bottom*pixels)
					expect(t, what, img, uri(pixels))
					expect(t, what+", dark", inverted(img), uri(pixels))
				}
			}
		}
		bare := cropped(c, 4*pixels, 4*pixels, 4*pixels, 4*pixels)
		expect(t, "nothing but the code", bare, uri(pixels))
		expect(t, "nothing but the code, JPEG", asJPEG(t, bare, 60), uri(pixels))
		expect(t, "nothing but the code, zoomed", scaled(bare, 1.3), uri(pixels))
	}
}

// A dark page shows a code on a card that is as narrow as its quiet zone, or in light modules.
func TestDarkPages(t *testing.T) {
	for _, margin := range []int{1, 2, 4} {
		for _, pixels := range []int{2, 4} {
			page := image.NewRGBA(image.Rect(0, 0, 900, 700))
			draw.Draw(page, page.Rect, image.NewUniform(color.Gray{24}), image.Point{}, draw.Src)
			c := code(t, uri(margin), pixels)
			paste(page, cropped(c, (4-margin)*pixels, (4-margin)*pixels, (4-margin)*pixels, (4-margin)*pixels), 333, 211)
			what := fmt.Sprintf("a card with %d modules around, %d pixels", margin, pixels)
			expect(t, what, page, uri(margin))
			expect(t, what+", light page", inverted(page), uri(margin))
		}
	}
}

// shades draws a picture between two shades.
func shades(src *image.Gray, dark, light float64) *image.Gray {
	dst := image.NewGray(src.Rect)
	for i, v := range src.Pix {
		dst.Pix[i] = uint8(dark + (light-dark)*float64(v)/255)
	}
	return dst
}

func TestLowContrast(t *testing.T) {
	const tenth = 25.5
	for _, dark := range []float64{5, 90, 150, 225} {
		for _, pixels := range []int{2, 4, 7} {
			c := shades(code(t, uri(1), pixels), dark, dark+tenth)
			what := fmt.Sprintf("a tenth from %v, %d pixels", dark, pixels)
			expect(t, what, c, uri(1))
			expect(t, what+", dark", inverted(c), uri(1))
			if pixels > 4 { // what lies around the turned code is white, and must not be too near
				expect(t, what+", turned", turned(c, 8), uri(1))
			}
		}
	}
}

func TestNoiseBlurAndShadow(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, pixels := range []int{3, 4, 6} {
		c := code(t, uri(1), pixels)
		noisy := shades(c, 60, 190)
		for i, v := range noisy.Pix {
			noisy.Pix[i] = uint8(min(max(float64(v)+r.NormFloat64()*18, 0), 255))
		}
		expect(t, fmt.Sprintf("noise, %d pixels", pixels), noisy, uri(1))

		soft := scaled(scaled(c, 1.5/float64(pixels)), float64(pixels)/1.5)
		expect(t, fmt.Sprintf("blurred, %d pixels", pixels), soft, uri(1))

		shadow := shades(c, 30, 230)
		for y := range shadow.Rect.Dy() {
			for x := range shadow.Rect.Dx() {
				light := 1 - 0.7*float64(x+y)/float64(shadow.Rect.Dx()+shadow.Rect.Dy())
				shadow.Pix[shadow.PixOffset(x, y)] = uint8(float64(shadow.GrayAt(x, y).Y) * light)
			}
		}
		expect(t, fmt.Sprintf("half in the shadow, %d pixels", pixels), shadow, uri(1))
	}
}

// photographed shows a picture from aside: the far end is so much smaller, and the sheet lies turned.
func photographed(src *image.Gray, far, degrees float64) *image.Gray {
	from := grayOf(src)
	side := int(1.6 * float64(from.w))
	dst := image.NewGray(image.Rect(0, 0, side, side))
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	for y := range side {
		for x := range side {
			u, v := 1.7*(float64(x)/float64(side)-0.5), 1.7*(float64(y)/float64(side)-0.5)
			u, v = u*cos-v*sin, u*sin+v*cos
			z := 1 - far*v
			u, v = u/z+0.5, v/z+0.5
			shade := 255.0
			if u > 0 && v > 0 && u < 1 && v < 1 {
				shade = from.at(u*float64(from.w), v*float64(from.h))
			}
			dst.SetGray(x, y, color.Gray{uint8(shade)})
		}
	}
	return dst
}

func TestPerspective(t *testing.T) {
	for _, length := range []int{90, 250, 600} { // versions with one alignment pattern, and with many
		text := strings.Repeat("aB3/", length/4)
		c := code(t, text, 8)
		for _, far := range []float64{0.15, 0.3, 0.45} {
			for _, degrees := range []float64{0, 25, 90, 140, 200} {
				what := fmt.Sprintf("%d characters, far end smaller by %v, turned by %v°", length, far, degrees)
				expect(t, what, photographed(c, far, degrees), text)
			}
		}
	}
	expect(t, "without alignment pattern", photographed(code(t, "A1", 10), 0.3, 30), "A1")
}

func TestBMPAndTIFF(t *testing.T) {
	c := code(t, uri(1), 3)
	for format, encode := range map[string]func(*bytes.Buffer) error{
		"BMP":  func(b *bytes.Buffer) error { return bmp.Encode(b, c) },
		"TIFF": func(b *bytes.Buffer) error { return tiff.Encode(b, c, nil) },
		"TIFF, packed": func(b *bytes.Buffer) error {
			return tiff.Encode(b, inverted(c), &tiff.Options{Compression: tiff.Deflate})
		},
	} {
		var b bytes.Buffer
		if err := encode(&b); err != nil {
			t.Fatal(err)
		}
		got, err := textsOf(Read(t.Context(), b.Bytes()))
		if err != nil || !slices.Equal(got, []string{uri(1)}) || !IsPicture(b.Bytes()) {
			t.Errorf("%s: %q, %v", format, got, err)
		}
		for _, whole := range []int{8, 20, 54, b.Len() / 3} {
			if got, err := Read(t.Context(), b.Bytes()[:whole]); err == nil {
				t.Errorf("%d bytes of a %s: %v", whole, format, got)
			}
		}
	}
	for _, text := range []string{"BM;Ügyfél;Kulcs\r\nAlma Kft.;x\r\n", "BM", "II*", "MMXXVI"} {
		if IsPicture([]byte(text)) || Foreign([]byte(text)) != "" {
			t.Errorf("%q is no picture", text)
		}
	}
}

func TestForeignPictures(t *testing.T) {
	for data, want := range map[string]string{
		"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic": "HEIC", "\x00\x00\x00\x1cftypavif\x00\x00": "AVIF",
		"\x00\x00\x00\x18ftypmif1": "HEIF", "\x00\x00\x00\x18ftypisom": "", "%PDF-1.7\n": "PDF",
		"\xef\xbb\xbf<?xml version=\"1.0\"?>\n<!-- x -->\n<svg xmlns=\"\">": "SVG", " <svg>": "SVG",
		"<?xml version=\"1.0\"?><html><svg></html>": "", "<?xml version=\"1.0\"?><KeePassFile>": "", "": "",
	} {
		if got := Foreign([]byte(data)); got != want {
			t.Errorf("%q: %q, not %q", data, got, want)
		}
		if want == "" {
			continue
		}
		if _, err := Read(t.Context(), []byte(data)); sentence(t, err) != "qr-picture-foreign" {
			t.Errorf("%q: %v", data, err)
		}
	}
}

// carpet is a picture woven of one pattern of so many pixels a thread, which looks like a code's corners and is none.
func carpet(side, pixels int, dark func(u, v int) bool) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			if !dark(x/pixels%8, y/pixels%8) {
				img.Pix[y*side+x] = 255
			}
		}
	}
	return img
}

func finderPattern(u, v int) bool {
	ring := max(u-3, 3-u, v-3, 3-v)
	return ring < 2 || ring == 3
}

// What is made to be slow ends: the work is counted, so the count is what is tested.
func TestWorkIsBounded(t *testing.T) {
	stripes := func(u, _ int) bool { return finderPattern(u, 3) }
	noise := image.NewGray(image.Rect(0, 0, 1500, 1500))
	r := rand.New(rand.NewPCG(3, 4))
	for i := range noise.Pix {
		noise.Pix[i] = uint8(r.IntN(2) * 255)
	}
	for what, img := range map[string]image.Image{
		"stripes": carpet(2000, 1, stripes), "broad stripes": carpet(2000, 5, stripes),
		"finder patterns": carpet(1500, 1, finderPattern), "large ones": carpet(1500, 4, finderPattern), "noise": noise,
	} {
		p := grayOf(img)
		scan := scanner{bitmap: binarise(p, broad), budget: newBudget(t.Context(), scanBudget)}
		finders := scan.scan()
		if spent := scanBudget - scan.left; spent > scanBudget+2*p.h {
			t.Errorf("%s: %d looks", what, spent)
		}
		if len(finders) > 2*maxFinders {
			t.Errorf("%s: %d finder patterns", what, len(finders))
		}
		if _, err := Find(t.Context(), img); sentence(t, err) != "qr-none" && sentence(t, err) != "qr-picture-busy" {
			t.Errorf("%s: %v", what, err)
		}
	}
	over := newBudget(t.Context(), 10)
	if !over.spend(10) || over.spend(1) || over.spend(0) {
		t.Error("more is spent than there is")
	}
}

// A code is found among all that looks like one.
func TestCodeAmongCarpets(t *testing.T) {
	img := carpet(1200, 3, finderPattern)
	paste(img, code(t, uri(1), 4), 500, 700)
	expect(t, "a carpet of finder patterns", img, uri(1))
}

func TestContextEndsTheWork(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, code(t, uri(1), 3)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := Read(ctx, b.Bytes()); !errors.Is(err, context.Canceled) || got != nil {
		t.Errorf("a file: %v, %v", got, err)
	}
	if got, err := Find(ctx, code(t, uri(1), 3)); !errors.Is(err, context.Canceled) || got != nil {
		t.Errorf("a picture: %v, %v", got, err)
	}
}

// A JPEG may go over its whole picture as often as its maker likes.
func TestScansOfJPEG(t *testing.T) {
	data := jpegOf(t, image.NewGray(image.Rect(0, 0, 6000, 5000)))
	end := len(data) - len("\xff\xd9")
	data = append(append(bytes.Clone(data[:end]), bytes.Repeat([]byte("\xff\xda\x00\x02"), 100)...), data[end:]...)
	if _, err := Read(t.Context(), data); sentence(t, err) != "qr-picture-big" {
		t.Error(err)
	}
}

func jpegOf(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 50}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A phone's photo holds notes of the camera, a preview, and a film behind its end, in which there is anything.
func TestPhonePhoto(t *testing.T) {
	m := image.NewGray(image.Rect(0, 0, 6000, 4000))
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	c := code(t, uri(1), 8)
	draw.Draw(m, c.Rect.Add(image.Pt(2000, 1500)), c, image.Point{}, draw.Src)
	plain := jpegOf(t, m)
	anything := bytes.Repeat([]byte("\xff\xd8\xff\xc2\x00\x08\xff\xda"), 1000)
	data := binary.BigEndian.AppendUint16([]byte("\xff\xd8\xff\xe1"), uint16(2+len(anything)))
	data = slices.Concat(data, anything, plain[2:], anything)
	got, err := Read(t.Context(), data)
	if err != nil || len(got) != 1 || got[0].Text != uri(1) {
		t.Errorf("%v, %v", got, err)
	}
}

// What phones make is affordable: 12 million pixels in any way, 50 million without progression.
func TestAffordablePhotos(t *testing.T) {
	for _, tt := range []struct {
		width, height, scans int
		frame                string
		want                 bool
	}{
		{4032, 3024, 1, "\xff\xc0", true},
		{4032, 3024, 10, "\xff\xc2", true},
		{8160, 6144, 1, "\xff\xc0", true},
		{8160, 6144, 10, "\xff\xc2", false},
		{12_000, 9000, 1, "\xff\xc0", false},
	} {
		data := []byte("\xff\xd8" + tt.frame + "\x00\x02" + strings.Repeat("\xff\xda\x00\x02\x12\xff\x00\xff\xd0\x34", tt.scans) + "\xff\xd9")
		head := image.Config{ColorModel: color.YCbCrModel, Width: tt.width, Height: tt.height}
		if got := affordable(head) == nil && affordableScans(head, data); got != tt.want {
			t.Errorf("%+v: %v", tt, got)
		}
	}
}

// split writes a text as several codes by structured append.
func split(t *testing.T, text, version string, args ...string) (parts []string) {
	t.Helper()
	need.Program(t, "qrencode", "qrencode")
	dir := t.TempDir()
	cmd := exec.Command("qrencode", append(args, "-S", "-v", version, "-o", filepath.Join(dir, "part.png"))...)
	cmd.Stdin = strings.NewReader(text)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	parts, err := filepath.Glob(filepath.Join(dir, "*.png"))
	if err != nil || len(parts) < 2 {
		t.Fatal(parts, err)
	}
	return parts
}

func TestStructuredAppend(t *testing.T) {
	text := "otpauth://totp/%C3%9Cgyf%C3%A9lkapu%2B:Alma?secret=JBSWY3DPEHPK3PXP&issuer=NISZ"
	for _, tt := range []struct {
		text string
		args []string
	}{
		{text, nil},
		{text, []string{"-8"}},
		{strings.Repeat("őű é", 30), []string{"-8"}}, // parts end within a character
		{strings.Repeat("0123456789", 12), nil},
	} {
		var texts []string
		var parity byte
		files := split(t, tt.text, "2", tt.args...)
		for i, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Read(t.Context(), data)
			if err != nil || len(got) != 1 {
				t.Fatalf("%s: %v, %v", file, got, err)
			}
			p := got[0].Part
			if !p.Split() || p.Index != i || p.Of != len(files) {
				t.Errorf("%d of %d: %+v", i, len(files), p)
			}
			parity = p.Parity
			texts = append(texts, got[0].Text)
		}
		if whole, ok := Join(texts, parity); !ok || whole != tt.text {
			t.Errorf("%q, %v", whole, ok)
		}
		if whole, ok := Join(texts[1:], parity); ok {
			t.Errorf("without its first part: %q", whole)
		}
	}
}

// Codes side by side in one picture are parts as well, and a code that stands alone is none.
func TestStandsAlone(t *testing.T) {
	got, err := Find(t.Context(), code(t, uri(1), 3))
	if err != nil || len(got) != 1 || got[0].Part.Split() {
		t.Errorf("%+v, %v", got, err)
	}
}
