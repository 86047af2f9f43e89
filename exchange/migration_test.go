package exchange

import (
	"bytes"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/png"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/boombuler/barcode"
	bqr "github.com/boombuler/barcode/qr"

	"kapu/internal/need"
	"kapu/lang"
	"kapu/vault"
)

// google is an account as Google Authenticator hands it over.
type google struct {
	secret, name, issuer             string
	algorithm, digits, kind, counter uint64
	unknown                          bool // has fields of a later version
}

func varint(b []byte, field int, v uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(b, uint64(field)<<3), v)
}

func text(b []byte, field int, s string) []byte {
	b = binary.AppendUvarint(b, uint64(field)<<3|2)
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func transfer(batch, size, index uint64, accounts ...google) string {
	var m []byte
	for _, a := range accounts {
		p := text(text(text(nil, 1, a.secret), 2, a.name), 3, a.issuer)
		p = varint(varint(varint(p, 4, a.algorithm), 5, a.digits), 6, a.kind)
		if a.kind == 1 {
			p = varint(p, 7, a.counter)
		}
		if a.unknown {
			p = append(text(p, 99, "later"), 13<<3|5, 1, 2, 3, 4, 14<<3|1, 1, 2, 3, 4, 5, 6, 7, 8)
		}
		m = text(m, 1, string(p))
	}
	m = varint(varint(varint(varint(m, 2, 1), 3, size), 4, index), 5, batch)
	return "otpauth-migration://offline?data=" + url.QueryEscape(base64.StdEncoding.EncodeToString(m))
}

func simple(i int) google {
	return google{secret: fmt.Sprintf("secret%04d", i), name: fmt.Sprintf("Ügyfél %d", i), issuer: "NISZ", algorithm: 1, digits: 1, kind: 2}
}

func TestMigrationAccounts(t *testing.T) {
	secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString([]byte("0123456789"))
	key := func(kind vault.Kind, algorithm string, digits, period int, counter uint64) vault.Key {
		return vault.Key{Kind: kind, Secret: secret, Algorithm: algorithm, Digits: digits, Period: period, Counter: counter}
	}
	for _, tt := range []struct {
		google
		name, service, refused string
		key                    vault.Key
	}{
		{google{name: "anna", issuer: "Ügyfélkapu+", algorithm: 1, digits: 1, kind: 2}, "anna", "Ügyfélkapu+", "", key(vault.TOTP, "SHA1", 6, 30, 0)},
		{google{name: "Ügyfélkapu+:anna", issuer: "Ügyfélkapu+", algorithm: 1, digits: 1, kind: 2}, "anna", "Ügyfélkapu+", "", key(vault.TOTP, "SHA1", 6, 30, 0)},
		{google{name: "Bank: 50% + ÁFA"}, "50% + ÁFA", "Bank", "", key(vault.TOTP, "SHA1", 6, 30, 0)},
		{google{name: "a:b", issuer: "C", algorithm: 2, digits: 2, kind: 2}, "a:b", "C", "", key(vault.TOTP, "SHA256", 8, 30, 0)},
		{google{name: "x", algorithm: 3, digits: 1, kind: 1, counter: 7, unknown: true}, "x", "", "", key(vault.HOTP, "SHA512", 6, 0, 7)},
		{google{issuer: "Csak kibocsátó"}, "Csak kibocsátó", "Csak kibocsátó", "", key(vault.TOTP, "SHA1", 6, 30, 0)},
		{google{name: "x", algorithm: 4}, "x", "", "key-algorithm", vault.Key{}},
		{google{name: "x", algorithm: 9}, "x", "", "key-algorithm", vault.Key{}},
		{google{name: "x", kind: 9}, "x", "", "key-kind", vault.Key{}},
		{google{name: "x", digits: 3}, "x", "", "key-digits", vault.Key{}},
		{google{name: "x", kind: 1, counter: 1 << 63}, "x", "", "import-counter", vault.Key{}},
		{google{}, "", "", "name-empty", vault.Key{}},
	} {
		tt.secret = "0123456789"
		_, entries, err := Read([]byte(transfer(1, 1, 0, tt.google)), ReadOptions{})
		if err != nil || len(entries) != 1 {
			t.Fatalf("%+v: %v, %v", tt.google, entries, err)
		}
		e := entries[0]
		if e.Name != tt.name || e.Service != tt.service || id(e.Refuse) != tt.refused || e.Key != tt.key {
			t.Errorf("%+v: %+v, refused: %v", tt.google, e, e.Refuse)
		}
	}
}

// picturesOf writes each text as a QR code into a file of its own.
func picturesOf(t *testing.T, texts ...string) []string {
	t.Helper()
	var names []string
	for i, s := range texts {
		c, err := bqr.Encode(s, bqr.L, bqr.Auto)
		if err != nil {
			t.Fatal(err)
		}
		n := c.Bounds().Dx() * 3
		if c, err = barcode.Scale(c, n, n); err != nil {
			t.Fatal(err)
		}
		img := image.NewGray(image.Rect(0, 0, n+40, n+40))
		for p := range img.Pix {
			img.Pix[p] = 255
		}
		for y := range n {
			for x := range n {
				img.Set(x+20, y+20, c.At(x, y))
			}
		}
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(t.TempDir(), fmt.Sprintf("%d.png", i+1))
		if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	return names
}

func together(t *testing.T, names ...string) (taken []string, reasons []string) {
	t.Helper()
	_, entries, err := Together(names, func(name string) (string, []Entry, error) { return ReadFile(name, ReadOptions{}) })
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Refuse == nil {
			taken = append(taken, e.Name)
			continue
		}
		if e.Key != (vault.Key{}) {
			t.Errorf("refused with its key: %+v", e)
		}
		reasons = append(reasons, lang.In(lang.English).Error(e.Refuse))
	}
	return taken, reasons
}

func TestTransferInSeveralPictures(t *testing.T) {
	var ten []google
	for i := range 10 {
		ten = append(ten, simple(i))
	}
	parts := picturesOf(t, transfer(7, 3, 0, ten...), transfer(7, 3, 1, simple(10)), transfer(7, 3, 2, simple(11)),
		transfer(8, 2, 0, simple(20)), transfer(8, 2, 1, simple(21)), "https://example.com", "otpauth://totp/Más?secret=JBSWY3DPEHPK3PXP")
	for _, tt := range []struct {
		name    string
		files   []int
		taken   int
		refused int
		reason  string
	}{
		{"whole", []int{0, 1, 2}, 12, 0, ""},
		{"in any order", []int{2, 0, 1}, 12, 0, ""},
		{"one twice", []int{0, 1, 1, 2}, 13, 0, ""},
		{"one missing", []int{0, 2}, 0, 11, "has 3 QR codes, of which these are missing: 2."},
		{"two missing", []int{1}, 0, 1, "has 3 QR codes, of which these are missing: 1, 3."},
		{"one missing twice over", []int{1, 1, 0}, 0, 12, "missing: 3."},
		{"two transfers", []int{0, 3, 1, 4, 2}, 14, 0, ""},
		{"one of two whole", []int{0, 3, 1, 2}, 12, 1, "has 2 QR codes, of which these are missing: 2."},
		{"beside others", []int{3, 6, 5}, 1, 2, "missing: 2."},
		{"none at all", []int{5}, 0, 1, "holds no authenticator key"},
	} {
		var names []string
		for _, i := range tt.files {
			names = append(names, parts[i])
		}
		taken, reasons := together(t, names...)
		if len(taken) != tt.taken || len(reasons) != tt.refused || !strings.Contains(strings.Join(reasons, " "), tt.reason) {
			t.Errorf("%s: took %q, refused %q", tt.name, taken, reasons)
		}
	}
	if _, _, err := Together([]string{parts[0], "nowhere.png"}, func(name string) (string, []Entry, error) {
		return ReadFile(name, ReadOptions{})
	}); err == nil {
		t.Error("a missing file is no error")
	}
}

func TestTransferInAList(t *testing.T) {
	list := "# moved\r\notpauth://totp/Alfa?secret=JBSWY3DPEHPK3PXP\r\n" + transfer(5, 2, 1, simple(2)) + "\r\n\r\n" + transfer(5, 2, 0, simple(1), simple(3)) + "\r\n"
	for _, list := range []string{list, strings.ReplaceAll(list, "PXP\r", "PXP&codeDisplay={}\r")} {
		format, entries, err := Read([]byte(list), ReadOptions{})
		var names []string
		for _, e := range entries {
			if e.Refuse != nil {
				t.Error(e.Refuse)
			}
			names = append(names, e.Name)
		}
		if err != nil || !slices.Equal(names, []string{"Alfa", "Ügyfél 2", "Ügyfél 1", "Ügyfél 3"}) {
			t.Errorf("%s: %q, %v", format, names, err)
		}
	}
}

func TestDamagedTransfers(t *testing.T) {
	whole := transfer(1, 1, 0, simple(1))
	for _, s := range []string{
		"otpauth-migration://offline", "otpauth-migration://offline?data=", "otpauth-migration://offline?data=!!!!",
		"otpauth-migration://offline?data=CiM", whole[:len(whole)/2], transfer(1, 1, 0), transfer(1, 2, 2, simple(1)),
		transfer(1, 1<<40, 0, simple(1)), "otpauth-migration://offline?data=" + strings.Repeat("A", 1<<20),
		"otpauth-migration://offline?data=" + base64.StdEncoding.EncodeToString([]byte("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")),
	} {
		entries := readMigration(3, s)
		if len(entries) != 1 || entries[0].Line != 3 || id(entries[0].Refuse) != "import-migration-damaged" {
			t.Errorf("%.80q: %+v", s, entries)
		}
	}
}

// What no writer makes of the wire format is damage, wherever it stands: nothing is guessed, and nothing is read beyond
// its end.
func TestHostileMessages(t *testing.T) {
	account := text(nil, 1, "secret0001")
	whole := varint(text(nil, 1, string(account)), 2, 1)
	huge := strings.Repeat("\xff", 9)
	for name, m := range map[string]string{
		"a field without a number":          "\x00\x01",
		"a number beyond 32 bits":           "\x80\x80\x80\x80\x80\x01\x00",
		"a tag of eleven bytes":             strings.Repeat("\x80", 10) + "\x01",
		"a tag that does not end":           huge,
		"a value of 65 bits":                "\x10" + huge + "\x02",
		"a value that does not end":         "\x10" + huge,
		"no value":                          "\x10",
		"a length beyond the message":       "\x0a\x7f",
		"a length beyond memory":            "\x0a" + huge + "\x01",
		"a length of 65 bits":               "\x0a" + huge + "\x02",
		"four bytes that are three":         "\x15\x01\x02\x03",
		"eight bytes that are seven":        "\x11\x01\x02\x03\x04\x05\x06\x07",
		"a group":                           "\x33\x08\x01\x34",
		"a group that does not end":         "\x33",
		"the end of a group":                "\x34",
		"groups in groups":                  strings.Repeat("\x33", 3000),
		"a kind that there is not":          "\x36\x00",
		"another kind, the last one":        "\x37\x00",
		"damage within an account":          string(text(nil, 1, "\x0a\x7f")),
		"a group within an account":         string(text(nil, 1, string(account)+"\x33\x34")),
		"more than a code can hold, in all": strings.Repeat("\x10\x01", maxMessage),
	} {
		for _, s := range []string{m, string(whole) + m} {
			entries := readMigration(3, migration+"offline?data="+base64.RawURLEncoding.EncodeToString([]byte(s)))
			for _, e := range entries {
				if e.Refuse == nil || e.Key != (vault.Key{}) {
					t.Errorf("%s: %+v", name, e)
				}
			}
			if len(entries) != 1 || id(entries[0].Refuse) != "import-migration-damaged" {
				t.Errorf("%s: %+v", name, entries)
			}
		}
	}
	for n := range whole { // cut short anywhere, it is never an account with a part of its secret
		for _, e := range readMigration(1, migration+"offline?data="+base64.RawURLEncoding.EncodeToString(whole[:n])) {
			if n < len(whole)-2 && e.Refuse == nil {
				t.Errorf("cut after %d bytes: %+v", n, e)
			}
		}
	}
}

func TestTransferredCodesAgreeWithOathtool(t *testing.T) {
	at := time.Date(2026, 3, 20, 9, 30, 0, 0, time.UTC)
	need.Program(t, "oathtool", "oathtool")
	for i, a := range []google{
		{secret: "\x00\x01\xfe\xff secret!", name: "a", algorithm: 1, digits: 1, kind: 2},
		{secret: "12345678901234567890", name: "b", algorithm: 2, digits: 2, kind: 2},
		{secret: "Hello!\xde\xad\xbe\xef", name: "c", algorithm: 1, digits: 1, kind: 1, counter: 42},
	} {
		_, entries, err := Read([]byte(transfer(1, 1, 0, a)), ReadOptions{})
		if err != nil || entries[0].Refuse != nil {
			t.Fatal(entries, err)
		}
		code, err := entries[0].Key.Code(at)
		if err != nil {
			t.Fatal(err)
		}
		args := []string{"--hotp", "--counter", "42"}
		if a.kind == 2 {
			args = []string{"--totp=" + entries[0].Key.Algorithm, "--now", at.Format("2006-01-02 15:04:05 UTC")}
		}
		args = append(args, "--digits", fmt.Sprint(entries[0].Key.Digits), fmt.Sprintf("%x", a.secret))
		out, err := exec.Command("oathtool", args...).Output()
		if err != nil || code.Digits != strings.TrimSpace(string(out)) {
			t.Errorf("%d: %s, but oathtool says %s (%v)", i, code.Digits, out, err)
		}
	}
}

func TestPicturesThatHoldNothing(t *testing.T) {
	for name, data := range map[string][]byte{"qr-picture-damaged": []byte("GIF89a"), "qr-none": blank(t)} {
		_, _, err := Read(data, ReadOptions{})
		e, ok := errors.AsType[*lang.Error](err)
		if !ok || e.ID != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func blank(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 100, 100))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func FuzzMigration(f *testing.F) {
	f.Add([]byte(transfer(1, 1, 0, simple(1))), true)
	f.Add([]byte(transfer(9, 3, 1, simple(1), google{kind: 1, unknown: true})), true)
	f.Add([]byte("\x0a\x05\x0a\x01x\x12\x00\x18\x01"), false)
	f.Fuzz(func(t *testing.T, data []byte, uri bool) {
		s := string(data)
		if !uri {
			s = migration + "offline?data=" + base64.RawURLEncoding.EncodeToString(data)
		}
		entries := settle(readMigration(1, s))
		if len(entries) == 0 || len(entries) > maxMessage {
			t.Fatalf("%d entries", len(entries))
		}
		check(t, entries)
	})
}
