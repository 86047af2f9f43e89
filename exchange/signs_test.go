package exchange

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kapu/lang"
)

// noise is bytes as an encrypted file has them, the same each time.
func noise(n int) (b []byte) {
	for i := 0; len(b) < n; i++ {
		sum := sha256.Sum256([]byte{byte(i), byte(i >> 8), byte(n)})
		b = append(b, sum[:]...)
	}
	return b[:n]
}

// nobody fails the test if a file's password is asked for.
func nobody(t *testing.T, what string) Ask {
	return func(format string) (string, error) {
		t.Errorf("%s: asks for the password of %q", what, format)
		return "x", nil
	}
}

// Each file of another program is named with the way out of it, and nothing is asked.
func TestSigns(t *testing.T) {
	sqlite := "SQLite format 3\x00" + strings.Repeat("\x00", 100)
	for name, tt := range map[string]struct{ data, way, program string }{
		"Microsoft":      {sqlite + "CREATE TABLE `accounts` (`oath_secret_key` TEXT)", wayPortal, "Microsoft Authenticator"},
		"Google":         {sqlite + "CREATE TABLE accounts (provider INTEGER, original_name TEXT)", wayExport, "Google Authenticator"},
		"SQLite":         {sqlite, wayPortal, "SQLite"},
		"Authy":          {`{"authenticator_tokens":[{"encrypted_seed":"x"}],"success":true}`, wayPortal, "Authy"},
		"Authy's app":    {`<?xml version='1.0'?><map><string name="com.authy.storage.tokens">x</string></map>`, wayPortal, "Authy"},
		"Duo":            {`[{"name":"x","otpGenerator":{"otpSecret":"JBSWY3DPEHPK3PXP"}}]`, wayPortal, "Duo Mobile"},
		"Steam":          {`{"shared_secret":"x","identity_secret":"y","account_name":"z"}`, wayPortal, "Steam"},
		"Passman":        {`[{"credential_id":1,"guid":"x","label":"L","tags":[],"otp":{"secret":"x","type":"totp"}}]`, wayEntries, "Passman"},
		"Proton Pass":    {`{"version":"1","userId":"x","vaults":{"a":{"items":[]}}}`, wayExport, "Proton Pass"},
		"Enpass":         {`{"folders":[],"items":[{"template_type":"login.default","fields":[]}]}`, wayEntries, "Enpass"},
		"Dashlane":       {`{"AUTHENTIFIANT":[{"title":"x"}]}`, wayExport, "Dashlane"},
		"Keeper":         {`{"shared_folders":[],"records":[{"title":"x"}]}`, wayEntries, "Keeper"},
		"1Password zip":  {string(zipped(t, map[string]string{"export.attributes": "{}", "export.data": "{}"})), wayExport, "1Password"},
		"1Password 1pif": {`{"uuid":"x"}` + "\n***5642bee8-a5ff-11dc-8314-0800200c9a66***\n", wayExport, "1Password"},
		"xlsb":           {string(zipped(t, map[string]string{"xl/workbook.bin": "x", "[Content_Types].xml": "x"})), waySheet, "Excel (.xlsb)"},
		"docx":           {string(zipped(t, map[string]string{"word/document.xml": "x"})), wayDocument, "Word"},
		"rtf":            {`{\rtf1\ansi x}`, wayDocument, "Word"},
		"SafeInCloud":    {`<?xml version="1.0"?><database><card title="x"/></database>`, wayExport, "SafeInCloud"},
		"KeePass 1":      {keepassMark + "\x65\xfb\x4b\xb5" + string(noise(500)), wayExport, "KeePass 1"},
		"pass":           {"\x85\x01\x0c\x03" + string(noise(8)) + "\x01" + string(noise(400)), wayDecrypt, "GnuPG (pass)"},
		"gpg -c":         {"\x8c\x0d\x04\x09\x03\x08" + string(noise(400)), wayDecrypt, "GnuPG (pass)"},
		"gpg -c, new":    {"\xc3\x0d\x04\x09\x03\x08" + string(noise(400)), wayDecrypt, "GnuPG (pass)"},
		"gpg --armor":    {"-----BEGIN PGP MESSAGE-----\n\nx", wayDecrypt, "GnuPG"},
		"age":            {"age-encryption.org/v1\n-> X25519 x\n", wayDecrypt, "age"},
		"openssl":        {"Salted__" + string(noise(100)), wayDecrypt, "OpenSSL"},
		"rar":            {"Rar!\x1a\x07\x01\x00" + string(noise(100)), wayArchive, "RAR"},
		"7z":             {"7z\xbc\xaf\x27\x1c" + string(noise(100)), wayArchive, "7-Zip"},
		"gzip":           {"\x1f\x8b\x08" + string(noise(100)), wayArchive, "gzip"},
		"another zip":    {string(zipped(t, map[string]string{"photo.jpg": "x"})), wayArchive, "zip"},
		"NordPass":       {"name,url,additional_urls,username,password,note\nx,y,,z,p,\n", wayNoKeys, "NordPass"},
		"RoboForm":       {"Name,Url,MatchUrl,Login,Pwd,Note,Folder,RfFieldsV2\nx,y,y,z,p,,,\n", wayNoKeys, "RoboForm"},
		"Chrome":         {"\ufeffname,url,username,password,note\r\nx,y,z,p,\r\n", wayNoKeys, "Chrome / Edge"},
		"Firefox":        {`"url","username","password","httpRealm","formActionOrigin"` + "\n", wayNoKeys, "Firefox"},
		"TOTP Auth.":     {base64.StdEncoding.EncodeToString(noise(480)), "base64", ""},
		"noise":          {string(noise(3000)), "", ""},
	} {
		format, entries, err := Read([]byte(tt.data), ReadOptions{Ask: nobody(t, name)})
		said, wantID := sentence(err), "other-"+tt.way
		if tt.way == "" {
			wantID = "import-unknown-binary"
		}
		if format != "" || entries != nil || said.ID != wantID || tt.program != "" && said.Values["Program"] != tt.program {
			t.Errorf("%s: %q, %s %v", name, format, said.ID, said.Values["Program"])
		}
		for _, l := range []string{lang.Hungarian, lang.English} {
			if text := lang.In(l).Error(err); strings.Contains(text, "<no value>") || !strings.Contains(text, tt.program) {
				t.Errorf("%s: %s", name, text)
			}
		}
	}
}

// What looks like another program's file and is none is read all the same.
func TestNoSigns(t *testing.T) {
	for name, data := range map[string]string{
		"a table with addresses":  "name,url,username,password,kulcs\nKovács Kft.,x,y,,JBSWY3DPEHPK3PXP\n",
		"a note that speaks":      `{"encrypted":false,"items":[{"type":1,"name":"X","notes":"\"credential_id\": \"guid\":","login":{"totp":"JBSWY3DPEHPK3PXP"}}]}`,
		"a name like a beginning": "PK Kft.;JBSWY3DPEHPK3PXP\nname;kulcs\nBZh Kft.;JBSWY3DPEHPK3PXP\n",
	} {
		if format, entries, err := Read([]byte(data), ReadOptions{}); err != nil || len(entries) == 0 {
			t.Errorf("%s: %q, %v", name, format, err)
		}
	}
}

// Noise is never taken for a file of andOTP, unless it begins as one of those does; then the doubt is said.
func TestNoise(t *testing.T) {
	for n := 0; n < 5000; n += 3 {
		_, entries, err := Read(noise(n), ReadOptions{Ask: nobody(t, fmt.Sprint(n, " bytes"))})
		if err == nil || sentenceOf(err) == "" || entries != nil {
			t.Fatalf("%d bytes: %v", n, err)
		}
	}
	for iterations, want := range map[uint32]bool{1: false, 999: false, 1000: true, 6000: false, 139_999: false, 150_000: true, 160_001: false, 1 << 31: false} {
		data := binary.BigEndian.AppendUint32(nil, iterations)
		asked := ""
		_, _, err := Read(append(data, noise(1000)...), ReadOptions{Ask: func(format string) (string, error) { asked = format; return "x", nil }})
		if (asked == andOTPGuess) != want || want && sentenceOf(err) != "andotp-password" || !want && asked != "" {
			t.Errorf("%d iterations: asked for %q, %v", iterations, asked, err)
		}
	}
}

// The format that the person names is the one that is read.
func TestNamedFormat(t *testing.T) {
	data := readFile(t, "testdata/andotp-old.bin")
	if format, entries, err := Read(data, ReadOptions{As: "andotp", Ask: answer(testPassword)}); format != "andOTP" || err != nil || len(entries) == 0 {
		t.Errorf("%s, %d entries, %v", format, len(entries), err)
	}
	if _, _, err := Read(data, ReadOptions{Ask: nobody(t, "unnamed")}); sentenceOf(err) != "import-unknown-binary" {
		t.Errorf("unnamed: %v", err)
	}
	if _, _, err := Read(data, ReadOptions{As: "Excell", Ask: nobody(t, "misnamed")}); sentenceOf(err) != "import-as-unknown" {
		t.Errorf("misnamed: %v", err)
	}
	for _, r := range readers { // whatever the person says a file is
		for _, data := range []string{"hello", "\ufeff", "{}", "[]", "<x/>", "PK\x05\x06" + strings.Repeat("\x00", 18), string(noise(300))} {
			_, entries, err := Read([]byte(data), ReadOptions{As: r.Name(), Ask: answer("x")})
			if err != nil && sentenceOf(err) == "" || err != nil && entries != nil {
				t.Errorf("%.10q as %s: %d entries, %v", data, r.Name(), len(entries), err)
			}
		}
	}
}

// Files of other programs, where there are any.
func TestSignsOfSamples(t *testing.T) {
	dir := "../../shared/samples/faults"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no samples here")
	}
	for file, want := range map[string]string{
		"random-bytes.xls": "import-unknown-binary", "pass-entry.gpg": "other-decrypt", "passman-taken-for-andotp.json": "other-entries", "sample.xlsb": "other-sheet",
	} {
		if _, _, err := Read(readFile(t, filepath.Join(dir, file)), ReadOptions{Ask: nobody(t, file)}); sentenceOf(err) != want {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func FuzzSigns(f *testing.F) {
	f.Add([]byte("\x85\x01\x0c\x03"))
	f.Add([]byte(`[{"credential_id":1,"guid":2}]`))
	f.Add(zipped(f, map[string]string{"export.attributes": "{}"}))
	f.Fuzz(func(t *testing.T, data []byte) {
		if said := signOf(data); said == nil && unknown(data) == nil || said != nil && bytes.Equal(data, nil) {
			t.Error("nothing is said")
		}
	})
}
