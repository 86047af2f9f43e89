package qr

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"kapu/internal/need"
	"kapu/lang"
)

// textsOf are the texts of codes that were read.
func textsOf(symbols []Symbol, err error) (texts []string, _ error) {
	for _, s := range symbols {
		texts = append(texts, s.Text)
	}
	return texts, err
}

// expect reads a picture that must hold these texts and no others.
func expect(t *testing.T, what string, img image.Image, want ...string) {
	t.Helper()
	got, err := textsOf(Find(t.Context(), img))
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: %v\n%s", what, err, diff)
	}
}

func TestEverySizeOfModule(t *testing.T) {
	for _, pixels := range []int{1, 2, 3, 5, 8, 13, 21, 34, 60} {
		expect(t, fmt.Sprintf("%d pixels", pixels), code(t, uri(pixels), pixels), uri(pixels))
	}
	for _, factor := range []float64{0.53, 0.77, 1.1, 1.25, 1.5, 1.75, 2.31} {
		expect(t, fmt.Sprintf("zoomed %.2f times", factor), scaled(code(t, uri(1), 3), factor), uri(1))
	}
}

func TestTurned(t *testing.T) {
	for _, degrees := range []float64{5, 10, 20, 30, 45, 60, 77, 85, 90, 180, 270} {
		for _, pixels := range []int{2, 3, 6} {
			expect(t, fmt.Sprintf("%v°, %d pixels", degrees, pixels), turned(code(t, uri(1), pixels), degrees), uri(1))
		}
	}
}

func TestMirrored(t *testing.T) {
	c := code(t, uri(1), 4)
	m := image.NewGray(c.Rect)
	for y := range c.Rect.Dy() {
		for x := range c.Rect.Dx() {
			m.SetGray(c.Rect.Dx()-1-x, y, c.GrayAt(x, y))
		}
	}
	expect(t, "mirrored", m, uri(1))
}

func TestScreenshots(t *testing.T) {
	for scale := 1; scale <= 3; scale++ {
		for _, pixels := range []int{2, 4} {
			s := screen(1280*scale, 800*scale, scale, uint64(scale))
			paste(s, code(t, uri(1), pixels*scale), 300*scale, 100*scale)
			paste(s, code(t, uri(2), pixels*scale), 700*scale, 400*scale)
			what := fmt.Sprintf("at %d×, %d pixels", scale, pixels)
			expect(t, what, s, uri(1), uri(2))
			expect(t, what+", dark", inverted(s), uri(1), uri(2))
			expect(t, what+", JPEG", asJPEG(t, s, 50), uri(1), uri(2))
			expect(t, what+", zoomed", scaled(s, 0.9), uri(1), uri(2))
		}
	}
}

// A sheet of codes side by side: no corner is taken for that of a neighbour.
func TestManyCodes(t *testing.T) {
	s := screen(1600, 1200, 1, 9)
	var want []string
	for i := range 12 {
		c := code(t, uri(i), 3)
		paste(s, c, 50+i%4*c.Rect.Dx(), 50+i/4*c.Rect.Dy())
		want = append(want, uri(i))
	}
	if got, _ := textsOf(Find(t.Context(), s)); !slices.Equal(got, want) {
		t.Errorf("not from top to bottom: %q", got)
	}
	expect(t, "dark", inverted(s), slices.Clone(want)...)
	expect(t, "turned", turned(s, 17), slices.Clone(want)...)
	paste(s, code(t, uri(3), 3), 1000, 700)
	expect(t, "one of them twice", s, slices.Clone(want)...)
}

func TestLongTexts(t *testing.T) {
	for _, length := range []int{10, 300, 800, 2200} { // as large as a code gets
		text := strings.Repeat("aB3/", length/4)
		c := code(t, text, 3)
		expect(t, fmt.Sprintf("%d characters", length), c, text)
		expect(t, fmt.Sprintf("%d characters, turned", length), turned(c, 13), text)
		expect(t, fmt.Sprintf("%d characters, JPEG", length), asJPEG(t, c, 40), text)
	}
}

func TestBadPictures(t *testing.T) {
	pale := code(t, uri(1), 4)
	for i := range pale.Pix {
		pale.Pix[i] = 150 + pale.Pix[i]/6
	}
	expect(t, "pale", pale, uri(1))

	logo := code(t, uri(1), 6)
	mid := logo.Rect.Dx() / 2
	draw.Draw(logo, image.Rect(mid-20, mid-20, mid+20, mid+20), image.NewUniform(color.Gray{120}), image.Point{}, draw.Src)
	expect(t, "a logo in its middle", logo, uri(1))

	bare := code(t, uri(1), 4)
	s := screen(800, 600, 1, 3)
	draw.Draw(s, image.Rect(200, 200, 200+bare.Rect.Dx()-24, 200+bare.Rect.Dy()-24), bare, image.Pt(12, 12), draw.Src)
	expect(t, "a margin of one module", s, uri(1))

	aslant := image.NewGray(image.Rect(0, 0, 400, 400))
	from := grayOf(code(t, uri(1), 8))
	for y := range 400 {
		for x := range 400 {
			u, v := float64(x)/400-0.5, float64(y)/400-0.5
			z := 0.8 + 0.25*u + 0.1*v
			aslant.SetGray(x, y, color.Gray{uint8(from.at((u/z+0.5)*float64(from.w), (v/z+0.5)*float64(from.h)))})
		}
	}
	expect(t, "photographed from the side", aslant, uri(1))
}

func TestTransparentAndColoured(t *testing.T) {
	c := code(t, uri(1), 4)
	for what, ink := range map[string]color.NRGBA{"black on nothing": {0, 0, 0, 255}, "white on nothing": {255, 255, 255, 255}} {
		img := image.NewNRGBA(c.Rect)
		for i, v := range c.Pix {
			if v == 0 {
				img.SetNRGBA(i%c.Stride, i/c.Stride, ink)
			}
		}
		expect(t, what, img, uri(1))
		over := image.NewRGBA(c.Rect) // the other way of keeping transparency
		draw.Draw(over, over.Rect, img, image.Point{}, draw.Src)
		expect(t, what+", premultiplied", over, uri(1))
	}
	two := image.NewPaletted(c.Rect, color.Palette{color.RGBA{20, 40, 160, 255}, color.RGBA{255, 230, 120, 255}})
	draw.Draw(two, two.Rect, image.NewUniform(two.Palette[1]), image.Point{}, draw.Src)
	for i, v := range c.Pix {
		if v == 0 {
			two.Pix[i] = 0
		}
	}
	expect(t, "blue on yellow", two, uri(1))
	expect(t, "part of a picture", c.SubImage(image.Rect(4, 4, c.Rect.Dx()-4, c.Rect.Dy()-4)), uri(1))
}

func TestFormats(t *testing.T) {
	c := code(t, "Ügyfélkapu+ őűŐŰ", 5) // raw UTF-8, which not every writer escapes
	for format, encode := range map[string]func(*bytes.Buffer) error{
		"PNG":  func(b *bytes.Buffer) error { return png.Encode(b, c) },
		"JPEG": func(b *bytes.Buffer) error { return jpeg.Encode(b, c, nil) },
		"GIF":  func(b *bytes.Buffer) error { return gif.Encode(b, c, nil) },
	} {
		var b bytes.Buffer
		if err := encode(&b); err != nil {
			t.Fatal(err)
		}
		got, err := textsOf(Read(t.Context(), b.Bytes()))
		if err != nil || len(got) != 1 || got[0] != "Ügyfélkapu+ őűŐŰ" || !IsPicture(b.Bytes()) {
			t.Errorf("%s: %q, %v", format, got, err)
		}
		for _, whole := range []int{0, 1, 8, 20, 33, 50, b.Len() / 2, b.Len() - 30} {
			if got, err := textsOf(Read(t.Context(), b.Bytes()[:whole])); err == nil && format != "JPEG" || len(got) > 1 {
				t.Errorf("%d of %d bytes of a %s: %q, %v", whole, b.Len(), format, got, err)
			}
		}
	}
	for _, other := range []string{"", "otpauth://totp/", "RIFF....WAVE", "%PDF-1.7", "GIF", "\x89PNG"} {
		if IsPicture([]byte(other)) {
			t.Errorf("%q is no picture", other)
		}
	}
}

// Nothing here writes WebP: the samples were made with qrencode and cwebp.
func TestWebP(t *testing.T) {
	for _, file := range []string{"lossless.webp", "lossy.webp"} {
		data, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		got, err := textsOf(Read(t.Context(), data))
		if err != nil || !slices.Equal(got, []string{uri(1)}) || !IsPicture(data) {
			t.Errorf("%s: %q, %v", file, got, err)
		}
	}
}

func TestNoCode(t *testing.T) {
	for what, img := range map[string]image.Image{
		"a screen": screen(1920, 1080, 1, 4), "nothing": image.NewGray(image.Rect(0, 0, 0, 0)),
		"a dot": image.NewGray(image.Rect(0, 0, 1, 1)), "a line": image.NewGray(image.Rect(0, 0, 5000, 1)),
		"one colour": image.NewGray(image.Rect(0, 0, 300, 300)),
	} {
		if got, err := textsOf(Find(t.Context(), img)); sentence(t, err) != "qr-none" || got != nil {
			t.Errorf("%s: %q, %v", what, got, err)
		}
	}
}

func sentence(t *testing.T, err error) string {
	t.Helper()
	e, ok := err.(*lang.Error)
	if !ok {
		t.Fatalf("no sentence: %v", err)
	}
	return e.ID
}

// bomb is the head of a PNG that claims a size, with nothing behind it.
func bomb(w, h uint32, kind byte) []byte {
	var head bytes.Buffer
	head.WriteString("IHDR")
	_ = binary.Write(&head, binary.BigEndian, []uint32{w, h})
	head.Write([]byte{8, kind, 0, 0, 0})
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d")
	b = append(b, head.Bytes()...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(head.Bytes()))
}

// What a picture claims is weighed before anything is made of it.
func TestHugePicturesAreRefusedByTheirHead(t *testing.T) {
	for _, size := range [][2]uint32{{30_000, 30_000}, {20_001, 1}, {1, 1 << 30}, {9000, 9000}, {1<<31 - 1, 1<<31 - 1}} {
		allocated := testing.AllocsPerRun(1, func() {
			_, err := Read(t.Context(), bomb(size[0], size[1], 6))
			if id := sentence(t, err); id != "qr-picture-big" && id != "qr-picture-damaged" {
				t.Errorf("%v: %v", size, err)
			}
		})
		if allocated > 200 {
			t.Errorf("%v: %v allocations", size, allocated)
		}
	}
	if _, err := Read(t.Context(), bomb(30_000, 30_000, 6)); sentence(t, err) != "qr-picture-big" {
		t.Error(err)
	}
	if _, err := Read(t.Context(), bomb(300, 300, 6)); sentence(t, err) != "qr-picture-damaged" {
		t.Error(err)
	}
}

// qrencode, which many portals use, makes other codes of the same text than the library of these tests.
func TestQrencode(t *testing.T) {
	need.Program(t, "qrencode", "qrencode")
	for _, args := range [][]string{
		{"-l", "L", "-s", "2"},
		{"-l", "H", "-s", "3", "-m", "1"},
		{"-8", "-s", "4"},
		{"-s", "5", "--foreground=FFFFFF", "--background=202020"},
		{"-s", "3", "--background=FFFFFF00"},
		{"-v", "25", "-s", "2"},
	} {
		cmd := exec.Command("qrencode", append(args, "-o", "-")...)
		cmd.Stdin = strings.NewReader(uri(7))
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := textsOf(Read(t.Context(), out)); err != nil || !slices.Equal(got, []string{uri(7)}) {
			t.Errorf("%v: %q, %v", args, got, err)
		}
	}
}

// Where zbar finds a code, so does Kapu.
func TestZbarFindsNoMore(t *testing.T) {
	need.Program(t, "zbarimg", "zbar-tools")
	for _, pixels := range []int{1, 2, 3} {
		s := screen(1920, 1080, 1, 11)
		for i := range 4 {
			paste(s, code(t, uri(i), pixels), 100+430*i, 200+150*i)
		}
		file := filepath.Join(t.TempDir(), "s.png")
		var b bytes.Buffer
		if err := png.Encode(&b, s); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		out, _ := exec.Command("zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", file).Output()
		got, _ := textsOf(Read(t.Context(), b.Bytes()))
		for line := range strings.Lines(string(out)) {
			if line = strings.TrimSpace(line); !slices.Contains(got, line) {
				t.Errorf("%d pixels: only zbar finds %q", pixels, line)
			}
		}
		if len(got) != 4 {
			t.Errorf("%d pixels: %d of 4", pixels, len(got))
		}
	}
}

func FuzzRead(f *testing.F) {
	small := code(f, "otpauth://totp/A?secret=JBSWY3DPEHPK3PXP", 1)
	for _, encode := range []func(*bytes.Buffer) error{
		func(b *bytes.Buffer) error { return png.Encode(b, small) },
		func(b *bytes.Buffer) error { return jpeg.Encode(b, small, nil) },
		func(b *bytes.Buffer) error { return gif.Encode(b, small, nil) },
		func(b *bytes.Buffer) error { return bmp.Encode(b, small) },
		func(b *bytes.Buffer) error { return tiff.Encode(b, small, &tiff.Options{Compression: tiff.Deflate}) },
	} {
		var b bytes.Buffer
		if err := encode(&b); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Add(bomb(3000, 3000, 6))
	f.Fuzz(func(t *testing.T, data []byte) {
		if head, _, err := image.DecodeConfig(bytes.NewReader(data)); err == nil && head.Width*head.Height > 1<<20 {
			return // allowed, and slow
		}
		if got, err := textsOf(Read(t.Context(), data)); (err == nil) == (len(got) == 0) {
			t.Errorf("%q, %v", got, err)
		}
	})
}

// FuzzModules takes a code apart module by module: whatever lies between three corners must not end the program.
func FuzzModules(f *testing.F) {
	f.Add([]byte{1, 2, 3}, uint16(0))
	f.Fuzz(func(t *testing.T, change []byte, at uint16) {
		c := code(t, "otpauth://totp/A?secret=JBSWY3DPEHPK3PXP", 2)
		side := c.Rect.Dx() / 2
		for i, v := range change {
			if n := (int(at) + i) % (side * side); v&1 == 1 {
				x, y := 2*(n%side), 2*(n/side)
				for _, p := range []int{c.PixOffset(x, y), c.PixOffset(x+1, y), c.PixOffset(x, y+1), c.PixOffset(x+1, y+1)} {
					c.Pix[p] = 255 - c.Pix[p]
				}
			}
		}
		_, _ = Find(t.Context(), c)
	})
}

func BenchmarkRead12MP(b *testing.B) {
	s := screen(4000, 3000, 2, 5)
	paste(s, code(b, uri(1), 4), 3000, 2000)
	var file bytes.Buffer
	if err := png.Encode(&file, s); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if got, err := textsOf(Read(b.Context(), file.Bytes())); err != nil || len(got) != 1 {
			b.Fatal(got, err)
		}
	}
}

func TestDecoderPanics(t *testing.T) {
	if s, ok := decodeModules(nil, 21); ok {
		t.Errorf("read %q", s.Text)
	}
}
