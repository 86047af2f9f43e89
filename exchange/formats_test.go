package exchange

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"kapu/vault"
)

func sha256Of(data []byte) []byte {
	sum := sha256.Sum256(data)
	return sum[:]
}

// Raivo's archive, as zip makes it.
func TestRaivo(t *testing.T) {
	data := readFile(t, "testdata/raivo.zip")
	format, entries, err := Read(data, ReadOptions{Ask: answer("proba")})
	if want := string(readFile(t, "testdata/raivo-otp-export.json.golden")); err != nil || format != "Raivo OTP" || describe(entries) != want {
		t.Errorf("%q, %v: %s", format, err, describe(entries))
	}
	for i := range 300 { // the classic cipher notices one wrong password of 256 only later
		if _, entries, err := Read(data, ReadOptions{Ask: answer(fmt.Sprint("wrong", i))}); !errors.Is(err, ErrPassword) || entries != nil {
			t.Fatalf("wrong%d: %v", i, err)
		}
	}
}

// An archive is called by the program whose it is.
func TestArchiveOfAuthenticatorPlus(t *testing.T) {
	data := zipped(t, map[string]string{"Accounts.txt": "otpauth://totp/x?secret=" + testKey + "\n"})
	if format, entries, err := Read(data, ReadOptions{}); format != "Authenticator Plus" || err != nil || len(entries) != 1 {
		t.Errorf("%q, %d entries, %v", format, len(entries), err)
	}
}

// overlapping is an archive of so many lists in the room of one.
func overlapping(t testing.TB, n, size int) []byte {
	text := "otpauth://totp/x?secret=" + testKey + "\n" + strings.Repeat("#", size)
	one := zipped(t, map[string]string{"a.txt": text})
	start := bytes.Index(one, []byte("PK\x01\x02"))
	end := bytes.Index(one, []byte("PK\x05\x06"))
	line := one[start:end]
	out := append(bytes.Clone(one[:start]), bytes.Repeat(line, n)...)
	tail := bytes.Clone(one[end:])
	binary.LittleEndian.PutUint16(tail[8:], uint16(n))
	binary.LittleEndian.PutUint16(tail[10:], uint16(n))
	binary.LittleEndian.PutUint32(tail[12:], uint32(n*len(line)))
	return append(out, tail...)
}

// The lists of one archive share what may be unpacked, however they overlap.
func TestZipBudget(t *testing.T) {
	for _, tt := range []struct {
		n, size int
		want    string
	}{
		{3, 1 << 10, ""}, {2, maxList * 3 / 4, "zip-big"}, {150, maxList - 100, "zip-big"}, {60_000, 1 << 20, "import-unknown"},
	} {
		data := overlapping(t, tt.n, tt.size)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, entries, err := Read(data, ReadOptions{Ask: nobody(t, "budget")})
		runtime.ReadMemStats(&after)
		if got := sentenceOf(err); got != tt.want || err == nil && len(entries) != tt.n {
			t.Errorf("%d lists of %d bytes: %v, %d entries", tt.n, tt.size, err, len(entries))
		}
		if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 100 {
			t.Errorf("%d lists of %d bytes took %d MB", tt.n, tt.size, took)
		}
	}
	var many bytes.Buffer
	w := zip.NewWriter(&many)
	for i := range 2000 {
		f, _ := w.Create(fmt.Sprint(i, ".txt"))
		_, _ = f.Write([]byte("otpauth://totp/x?secret=" + testKey))
	}
	_ = w.Close()
	if _, _, err := Read(many.Bytes(), ReadOptions{}); sentenceOf(err) != "other-archive" {
		t.Errorf("2000 lists: %v", err)
	}
}

// winauth.xml that Windows or a YubiKey protects gets its sentence; bombs and scraps are damage.
func TestWinAuthXML(t *testing.T) {
	entry := func(name, attr, data string) string {
		return `<WinAuthAuthenticator id="x" type="WinAuth.GoogleAuthenticator"><name>` + name + `</name><authenticatordata` + attr + `>` + data +
			`</authenticatordata></WinAuthAuthenticator>`
	}
	file := func(within string) string {
		return `<?xml version="1.0"?><WinAuth version="3.6">` + within + `</WinAuth>`
	}
	good := entry("Jó Kft.", "", "<secretdata>48656c6c6f21deadbeef\t6\tSHA1\t30</secretdata>")
	for name, tt := range map[string]struct {
		text, id string
		n        int
		refused  string
	}{
		"user":       {file(`<data encrypted="u" sha1="0">00</data>`), "winauth-tied", 0, ""},
		"machine":    {file(`<data encrypted="ym" sha1="0">00</data>`), "winauth-tied", 0, ""},
		"YubiKey":    {file(`<data encrypted="ya" sha1="0">00</data>`), "winauth-tied", 0, ""},
		"one entry":  {file(good + entry("Kötött", ` encrypted="u"`, "00")), "", 2, "winauth-tied"},
		"Trion":      {strings.Replace(file(good+good), "GoogleAuthenticator", "TrionAuthenticator", 1), "", 2, "key-kind"},
		"bad digits": {file(good + entry("x", "", "<secretdata>48656c6c6f21deadbeef\tx</secretdata>")), "", 2, "import-number"},
		"no secret":  {file(good + entry("x", "", "")), "", 2, "key-empty"},
		"empty":      {file(""), "import-damaged", 0, ""},
		"cut off":    {file(good)[:150], "import-damaged", 0, ""},
		"no hex":     {file(`<data encrypted="y" sha1="0">no</data>`), "import-damaged", 0, ""},
		"entities": {
			`<!DOCTYPE WinAuth [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><WinAuth version="3"><name>&b;</name></WinAuth>`, "import-damaged", 0, "",
		},
		"deep": {file(strings.Repeat("<a>", 50_000)), "import-damaged", 0, ""},
	} {
		format, entries, err := Read([]byte(tt.text), ReadOptions{Ask: nobody(t, name)})
		if format != "WinAuth" || sentenceOf(err) != tt.id || len(entries) != tt.n {
			t.Errorf("%s: %q, %v, %d entries", name, format, err, len(entries))
		}
		refused := ""
		for _, e := range entries {
			if e.Refuse != nil {
				refused = e.Refuse.ID
			}
		}
		if refused != tt.refused {
			t.Errorf("%s: refused by %q", name, refused)
		}
	}
}

// A map of Java's that is none, or of other things, is damage.
func TestFreeOTP2Damaged(t *testing.T) {
	data := readFile(t, "testdata/freeotp2.bin")
	at := bytes.Index(data, []byte("w\x08"))
	for name, change := range map[string]func([]byte){
		"a huge map":   func(b []byte) { binary.BigEndian.PutUint32(b[at+6:], 1<<31-1) },
		"a huge text":  func(b []byte) { copy(b[at+10:], "|\x7f\xff\xff\xff\xff\xff\xff\xff") },
		"a number":     func(b []byte) { b[at+10] = 's' },
		"costly":       func(b []byte) { copy(b[bytes.Index(b, []byte(`"mIterations": 1000`)):], `"mIterations":99999999999`) },
		"another name": func(b []byte) { copy(b[bytes.Index(b, []byte("masterKey")):], "nasterKey") },
	} {
		b := bytes.Clone(data)
		change(b)
		if _, entries, err := Read(b, ReadOptions{Ask: nobody(t, name)}); err == nil || entries != nil {
			t.Errorf("%s: %d entries, %v", name, len(entries), err)
		}
	}
	if got := javaText([]byte("a\xc0\x80\xc3\x81\xed\xa0\xbd\xed\xb8\x80")); got != "a\x00Á😀" {
		t.Errorf("%q", got)
	}
}

// Ten thousand entries of each plain format.
func BenchmarkFormats10k(b *testing.B) {
	for _, f := range jsonFormats {
		var all []string
		for i := range 10_000 {
			secret := fmt.Sprintf("%s%05d", testKey[:11], i)
			secret = strings.NewReplacer("0", "A", "1", "B", "8", "C", "9", "D").Replace(secret)
			all = append(all, fmt.Sprintf(f.entry, fmt.Sprint("Kft. ", i), secretIn(f.format, secret)))
		}
		data := []byte(f.before + strings.Join(all, ",") + f.after)
		b.Run(f.format, func(b *testing.B) {
			for b.Loop() {
				if _, entries, err := Read(data, ReadOptions{}); err != nil || len(entries) != 10_000 {
					b.Fatal(err)
				}
			}
		})
	}
}

// Every file that the tests have, cut off in fifty places and with twenty bytes changed, is read or refused by a
// sentence. What costs a key is TestBroken's.
func TestEveryFileBroken(t *testing.T) {
	files, err := filepath.Glob("testdata/*.*")
	if err != nil || len(files) < 40 {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		if ext := filepath.Ext(file); ext == ".golden" || ext == ".py" {
			continue
		}
		data := readFile(t, file)
		try := func(what string, data []byte) {
			_, entries, err := Read(data, ReadOptions{})
			if err != nil && (sentenceOf(err) == "" || entries != nil) {
				t.Errorf("%s, %s: %d entries, %v", file, what, len(entries), err)
			}
			for _, e := range entries {
				if e.Refuse != nil && (e.Key != vault.Key{} || e.Note != "" || e.Refuse.Error() == "") {
					t.Errorf("%s, %s: refused: %+v", file, what, e)
				}
			}
		}
		for i := range 50 {
			try(fmt.Sprint("cut off at ", i*len(data)/50), data[:i*len(data)/50])
		}
		for i := range 20 {
			broken := bytes.Clone(data)
			for j := range 20 {
				broken[(i*7919+j*104729)%len(data)] ^= byte(1 + i*13 + j)
			}
			try(fmt.Sprint("broken ", i), broken)
		}
	}
}
