package exchange

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kapu/vault"
)

// What a database asks for is refused before anybody is asked; otherwise this test would not live to its end.
func TestCostlyDatabases(t *testing.T) {
	four, three := readFile(t, "testdata/keepass4-argon2d.kdbx"), readFile(t, "testdata/keepass3.kdbx")
	number := func(name string, n uint64) []byte {
		b := append([]byte("\x01\x00\x00\x00"), name+"\x08\x00\x00\x00"...)
		return binary.LittleEndian.AppendUint64(b, n)
	}
	for _, tt := range []struct {
		name       string
		data       []byte
		from, want []byte
		id         string
	}{
		{"4 GiB", four, number("M", 1<<20), number("M", 4<<30), "import-costly"},
		{"all memory", four, number("M", 1<<20), number("M", 1<<63), "import-costly"},
		{"no memory", four, number("M", 1<<20), number("M", 0), "import-damaged"},
		{"passes", four, number("I", 2), number("I", 1<<40), "import-costly"},
		{"no passes", four, number("I", 2), number("I", 0), "import-damaged"},
		{
			"rounds", three, append([]byte("\x06\x08\x00"), binary.LittleEndian.AppendUint64(nil, 6000)...),
			append([]byte("\x06\x08\x00"), binary.LittleEndian.AppendUint64(nil, 1<<40)...), "import-costly",
		},
	} {
		if !bytes.Contains(tt.data, tt.from) {
			t.Fatalf("%s: there is nothing to change", tt.name)
		}
		data := withHeaderHash(bytes.Replace(tt.data, tt.from, tt.want, 1))
		if _, _, err := Read(data, ReadOptions{Ask: nobody(t, tt.name)}); sentenceOf(err) != tt.id {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	newer := bytes.Clone(four)
	newer[10] = 5
	if _, _, err := Read(newer, ReadOptions{Ask: nobody(t, "format 5")}); sentenceOf(err) != "import-newer" {
		t.Errorf("format 5: %v", err)
	}
}

// withHeaderHash gives a changed header of format 4 its hash, which needs no key.
func withHeaderHash(data []byte) []byte {
	end := bytes.Index(data, []byte("\x00\x04\x00\x00\x00\r\n\r\n"))
	if data[10] != 4 || end < 0 {
		return data
	}
	end += 9
	sum := sha256Of(data[:end])
	copy(data[end:], sum)
	return data
}

// A database behind a password and a key file needs both.
func TestKeyFile(t *testing.T) {
	data, key := readFile(t, "testdata/keepass4-keyfile.kdbx"), readFile(t, "testdata/keepass.key")
	_, entries, err := Read(data, ReadOptions{Ask: answer(testPassword), KeyFile: key})
	if want := string(readFile(t, "testdata/keepass-export.xml.golden")); err != nil || describe(entries) != want {
		t.Errorf("%v, %s", err, describe(entries))
	}
	for name, o := range map[string]ReadOptions{
		"no key file":     {Ask: answer(testPassword)},
		"another one":     {Ask: answer(testPassword), KeyFile: key[1:]},
		"no password":     {Ask: answer(""), KeyFile: key},
		"nobody to ask":   {KeyFile: key},
		"a wrong passwd.": {Ask: answer("x"), KeyFile: key},
	} {
		if _, entries, err := Read(data, o); !errors.Is(err, ErrPassword) || sentenceOf(err) != "kdbx-password" || entries != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	raw := noise(32)
	for name, file := range map[string]string{
		"raw": string(raw), "hexadecimal": hex.EncodeToString(raw),
		"version 2": "<?xml version=\"1.0\"?>\n<KeyFile><Meta><Version>2.0</Version></Meta><Key><Data Hash=\"x\">\n " +
			strings.ToUpper(hex.EncodeToString(raw[:16])) + "\n " + hex.EncodeToString(raw[16:]) + "</Data></Key></KeyFile>",
	} {
		if !bytes.Equal(keyOfFile([]byte(file)), raw) {
			t.Errorf("%s is not understood", name)
		}
	}
}

// The fields in which the programs of KeePass's family keep a key.
func TestKeePassCodes(t *testing.T) {
	const secret = "JBSWY3DPEHPK3PXP" // "Hello!\xde\xad\xbe\xef"
	for name, tt := range map[string]struct {
		fields map[string]string
		want   vault.Key
		stated Stated
	}{
		"KeePassXC": {map[string]string{"otp": "otpauth://totp/x?secret=" + secret + "&period=60"}, vault.Key{Kind: "totp", Algorithm: "SHA1", Digits: 6, Period: 60}, Stated{Kind: true, Period: true}},
		"KeeOtp":    {map[string]string{"otp": "key=" + secret + "&size=8&otpHashMode=Sha512"}, vault.Key{Kind: "totp", Algorithm: "SHA512", Digits: 8, Period: 30}, Stated{Algorithm: true, Digits: true}},
		"Base32": {
			map[string]string{"timeotp-secret-base32": secret, "timeotp-length": "8", "timeotp-period": "60", "timeotp-algorithm": "HMAC-SHA-256"},
			vault.Key{Kind: "totp", Algorithm: "SHA256", Digits: 8, Period: 60},
			Stated{true, true, true, true},
		},
		"hexadecimal": {map[string]string{"timeotp-secret-hex": "48656c6c 6f21dead beef"}, vault.Key{Kind: "totp", Algorithm: "SHA1", Digits: 6, Period: 30}, Stated{Kind: true}},
		"Base64":      {map[string]string{"timeotp-secret-base64": "SGVsbG8h3q2+7w=="}, vault.Key{Kind: "totp", Algorithm: "SHA1", Digits: 6, Period: 30}, Stated{Kind: true}},
		"text":        {map[string]string{"timeotp-secret": "Hello!\xde\xad\xbe\xef"}, vault.Key{Kind: "totp", Algorithm: "SHA1", Digits: 6, Period: 30}, Stated{Kind: true}},
		"HOTP":        {map[string]string{"hmacotp-secret-base32": secret, "hmacotp-counter": "7"}, vault.Key{Kind: "hotp", Algorithm: "SHA1", Digits: 6, Counter: 7}, Stated{Kind: true}},
		"TrayTOTP":    {map[string]string{"totp seed": "jbsw y3dp ehpk 3pxp", "totp settings": "60;8"}, vault.Key{Kind: "totp", Algorithm: "SHA1", Digits: 8, Period: 60}, Stated{Kind: true, Digits: true, Period: true}},
		"its Steam":   {map[string]string{"totp seed": secret, "totp settings": "30;S;https://x"}, vault.Key{Kind: "steam", Algorithm: "SHA1", Digits: 5, Period: 30}, Stated{Kind: true, Period: true}},
		"its default": {map[string]string{"totp seed": secret}, vault.Key{Kind: "totp", Algorithm: "SHA1", Digits: 6, Period: 30}, Stated{Kind: true}},
	} {
		e, used, err := keepassCode(tt.fields)
		e.Name = "x"
		if err == nil {
			err = e.fit()
		}
		tt.want.Secret = secret
		if err != nil || e.Key != tt.want || e.Stated != tt.stated || used == nil {
			t.Errorf("%s: %+v %+v, %v", name, e.Key, e.Stated, err)
		}
	}
	if _, used, _ := keepassCode(map[string]string{"password": "x", "timeotp-period": "30"}); used != nil {
		t.Errorf("a code without a key: %v", used)
	}
}

// Entities, endless depth and other roots are no database.
func TestKeePassXMLBombs(t *testing.T) {
	bomb := `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`
	deep := strings.Repeat("<Group>", 100_000)
	for name, text := range map[string]string{
		"entities":        bomb + `<KeePassFile><Root><Group><Name>&b;</Name></Group></Root></KeePassFile>`,
		"unknown entity":  `<KeePassFile><Root><Group><Name>&b;</Name></Group></Root></KeePassFile>`,
		"deep":            `<KeePassFile><Root>` + deep,
		"deep, in a text": `<KeePassFile><Root><Group><Name>` + deep,
		"cut off":         `<KeePassFile><Root><Group><Name>x`,
		"within":          `<x><KeePassFile></KeePassFile></x>`,
		"bad Base64":      `<KeePassFile><Root><Group><Entry><String><Key>otp</Key><Value Protected="True">?</Value></String></Entry></Group></Root></KeePassFile>`,
	} {
		if _, entries, err := Read([]byte(text), ReadOptions{}); sentenceOf(err) != "import-damaged" || entries != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A database that KeePassXC itself makes, with a key file and without, gives the codes that it gives.
func TestKeePassXCsDatabase(t *testing.T) {
	cli, err := exec.LookPath("keepassxc-cli")
	if err != nil {
		t.Skip("KeePassXC is not installed")
	}
	dir := t.TempDir()
	run := func(input string, args ...string) string {
		t.Helper()
		cmd := exec.Command(cli, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "QT_QPA_PLATFORM=offscreen")
		cmd.Stdin = strings.NewReader(input)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v: %s", args, err, out)
		}
		return string(out)
	}
	xml, err := filepath.Abs("testdata/keepassxc.xml")
	if err != nil {
		t.Fatal(err)
	}
	twice := testPassword + "\n" + testPassword + "\n"
	run(twice, "import", "-p", "-t", "100", xml, "a.kdbx")
	run(testPassword+"\n", "rm", "a.kdbx", "Törölt Kft.")
	run(twice, "db-create", "-p", "-t", "100", "-k", "b.key", "b.kdbx")
	for _, file := range []string{"a.kdbx", "b.kdbx"} {
		o := ReadOptions{Ask: answer(testPassword)}
		if file == "b.kdbx" {
			o.KeyFile = readFile(t, filepath.Join(dir, "b.key"))
		}
		format, entries, err := Read(readFile(t, filepath.Join(dir, file)), o)
		if err != nil || format != "KeePass" {
			t.Fatalf("%s: %q, %v", file, format, err)
		}
		codes := 0
		for _, e := range entries {
			if e.Refuse != nil || e.Skip != nil {
				continue
			}
			before := time.Now()
			path := strings.TrimPrefix(e.Folder+"/"+e.Name, "/")
			said := strings.TrimSpace(run(testPassword+"\n", "show", "-q", "-t", file, path))
			want, err := e.Key.Code(before)
			after, _ := e.Key.Code(time.Now())
			if err != nil || !strings.HasSuffix(said, want.Digits) && !strings.HasSuffix(said, after.Digits) {
				t.Errorf("%s, %s: %s, but KeePassXC says %s (%v)", file, path, want.Digits, said, err)
			}
			codes++
		}
		if file == "a.kdbx" && codes < 3 {
			t.Errorf("only %d codes were compared: %s", codes, fmt.Sprint(entries))
		}
	}
}
