package exchange

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/vault"
)

// jsonFormats write one entry each, with a name and a secret, in the way of each program that writes JSON.
var jsonFormats = []struct {
	format, before, entry, after string
}{
	{
		"Aegis", `{"version":1,"header":{"slots":null,"params":null},"db":{"version":3,"entries":[`,
		`{"type":"totp","name":"%s","issuer":"X","info":{"secret":"%s","algo":"SHA1","digits":6,"period":30}}`, `]}}`,
	},
	{
		"2FAS", `{"services":[`,
		`{"name":"X","secret":"%[2]s","otp":{"account":"%[1]s","issuer":"X","digits":6,"period":30,"algorithm":"SHA1","tokenType":"TOTP"}}`,
		`],"groups":[],"schemaVersion":4}`,
	},
	{
		"andOTP", `[`,
		`{"secret":"%[2]s","issuer":"X","label":"%[1]s","digits":6,"type":"TOTP","algorithm":"SHA1","period":30,"tags":[]}`, `]`,
	},
	{
		"Bitwarden", `{"encrypted":false,"folders":[],"items":[`,
		`{"type":1,"name":"%[1]s","login":{"totp":"otpauth://totp/X:x?secret=%[2]s"}}`, `]}`,
	},
	{
		"Proton Authenticator", `{"version":1,"entries":[`,
		`{"content":{"uri":"otpauth://totp/X:x?secret=%[2]s","entry_type":"Totp","name":"%[1]s"}}`, `]}`,
	},
	{
		"Ente Auth", `{"items":[`, `{"rawData":"otpauth://totp/X:%s?secret=%s"}`, `]}`,
	},
	{
		"Stratum", `{"Authenticators":[`,
		`{"Type":2,"Issuer":"X","Username":"%[1]s","Secret":"%[2]s","Algorithm":0,"Digits":6,"Period":30,"Counter":0}`,
		`],"Categories":[],"AuthenticatorCategories":[]}`,
	},
	{
		"LastPass Authenticator", `{"localDeviceId":"","version":3,"folders":[],"accounts":[`,
		`{"issuerName":"X","userName":"%[1]s","secret":"%[2]s","timeStep":30,"digits":6,"algorithm":"SHA1"}`, `]}`,
	},
	{
		"2FAuth", `{"app":"2fauth_v5","schema":1,"datetime":"","data":[`,
		`{"otp_type":"totp","account":"%[1]s","service":"X","secret":"%[2]s","digits":6,"algorithm":"sha1","period":30}`, `]}`,
	},
	{
		"Raivo OTP", `[`,
		`{"issuer":"X","account":"%[1]s","secret":"%[2]s","algorithm":"SHA1","digits":"6","kind":"TOTP","timer":"30","counter":"0"}`, `]`,
	},
	{
		"FreeOTP+", `{"tokenOrder":[],"tokens":[`,
		`{"algo":"SHA1","digits":6,"issuerExt":"X","label":"%[1]s","period":30,"secret":%[2]s,"type":"TOTP"}`, `]}`,
	},
}

// secretIn is a secret as a format has it. FreeOTP+ has bytes, here as many as the characters of the others are worth.
func secretIn(format, secret string) string {
	if format != "FreeOTP+" {
		return secret
	}
	var bytes []string
	for _, c := range secret[len(secret)*3/8:] {
		bytes = append(bytes, fmt.Sprint(int(c)-100))
	}
	return "[" + strings.Join(bytes, ",") + "]"
}

func TestBrokenJSON(t *testing.T) {
	for _, f := range jsonFormats {
		t.Run(f.format, func(t *testing.T) {
			good := fmt.Sprintf(f.entry, "Jó Kft.", secretIn(f.format, testKey))
			read := func(items string) ([]Entry, error) {
				t.Helper()
				format, entries, err := Read([]byte(f.before+items+f.after), ReadOptions{})
				if format != f.format {
					t.Errorf("%.80s is read as %q", f.before+items, format)
				}
				return entries, err
			}
			// Whatever stands between two good entries, both are taken, and it is refused by its number.
			for name, item := range map[string]string{
				"null":        `null`,
				"number":      `5`,
				"text":        `"x"`,
				"list":        `[[]]`,
				"empty":       `{}`,
				"no secret":   fmt.Sprintf(f.entry, "x", secretIn(f.format, "")),
				"long secret": fmt.Sprintf(f.entry, "x", secretIn(f.format, strings.Repeat("A", 4096))),
				"no name":     strings.Replace(strings.Replace(fmt.Sprintf(f.entry, " ", secretIn(f.format, testKey)), "X:x", "", 1), `"X"`, `""`, 2),
				"long name":   fmt.Sprintf(f.entry, strings.Repeat("x", 300), secretIn(f.format, testKey)),
				"deep":        `{"x":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`,
			} {
				if f.format == "Ente Auth" && name == "no name" {
					item = `{"rawData":"otpauth://totp/?secret=` + testKey + `"}`
				}
				entries, err := read(good + "," + item + "," + good)
				if err != nil || len(entries) != 3 || entries[0].Refuse != nil || entries[2].Refuse != nil || entries[2].Line != 3 {
					t.Errorf("%s: %d entries, %v", name, len(entries), err)
					continue
				}
				if e := entries[1]; e.Refuse == nil && e.Skip == nil || e.Key != (vault.Key{}) {
					t.Errorf("%s: is taken as %+v", name, e)
				}
			}
			for name, items := range map[string]string{
				"cut off":     good + "," + good[:len(good)-3],
				"too deep":    good + "," + strings.Repeat("[", 100_000),
				"deep, whole": good + "," + strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000),
				"no comma":    good + good,
			} {
				if entries, err := read(items); sentenceOf(err) != "import-damaged" || entries != nil {
					t.Errorf("%s: %d entries, %v", name, len(entries), err)
				}
			}
			if entries, err := read(good + "," + good + "\x00"); err == nil {
				t.Errorf("a NUL: %d entries", len(entries))
			}
		})
	}
}

// The encodings that other programs and Windows' make of such a file, and some that are mixed in one.
func TestJSONEncodings(t *testing.T) {
	for _, f := range jsonFormats {
		one := func(name string) string { return fmt.Sprintf(f.entry, name, secretIn(f.format, testKey)) }
		text := f.before + one("Kőrösi Bútor Kft.") + "," + one(`K\u0151r\u00f6si B\u00fator Kft.`) + "," + one("K\xf5r\xf6si B\xfator Kft.") + f.after
		utf16 := []byte{0xff, 0xfe}
		for _, r := range f.before + one("Kőrösi Bútor Kft.") + f.after {
			utf16 = append(utf16, byte(r), byte(r>>8))
		}
		for name, variant := range map[string]string{
			"mixed": text, "CRLF": strings.ReplaceAll(text, ",", ",\r\n"), "BOM": "\ufeff" + text, "UTF-16": string(utf16), "spaces": " \n\t" + text + "\n\n",
		} {
			format, entries, err := Read([]byte(variant), ReadOptions{})
			if err != nil || format != f.format || len(entries) != map[bool]int{true: 1, false: 3}[name == "UTF-16"] {
				t.Errorf("%s, %s: %q, %d entries, %v", f.format, name, format, len(entries), err)
			}
			for _, e := range entries {
				if e.Name != "Kőrösi Bútor Kft." || e.Refuse != nil {
					t.Errorf("%s, %s: %q, %v", f.format, name, e.Name, e.Refuse)
				}
			}
		}
	}
}

// Two entries of one name are two clients if their keys differ, and one if they do not.
func TestEqualNames(t *testing.T) {
	for _, f := range jsonFormats {
		one := func(secret string) string { return fmt.Sprintf(f.entry, "Kovács Kft.", secretIn(f.format, secret)) }
		_, entries, err := Read([]byte(f.before+one(keyA)+","+one(keyB)+","+one(keyA)+f.after), ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		report, err := Apply(t.Context(), vault.Draft(), entries, Decisions{})
		if got := fates(report); err != nil || got != "new new:namesake same" {
			t.Errorf("%s: %s, %v", f.format, got, err)
		}
	}
}

// An office that has been with several programs has each client once.
func TestOtherProgramsAgree(t *testing.T) {
	tx := vault.Draft()
	for i, file := range []string{"aegis.json", "2fas.json", "andotp.json", "proton.json", "freeotp.json"} {
		report, err := Apply(t.Context(), tx, read(t, string(readFile(t, filepath.Join("testdata", file)))), Decisions{})
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]int{"aegis.json": 5, "2fas.json": 1}[file]
		if report.Counts[New] != want {
			t.Errorf("%d. %s: %s", i, file, cmp.Diff(want, report.Counts[New]))
		}
	}
}

// More entries or cells than any office has are refused before they fill the memory.
func TestTooMany(t *testing.T) {
	files := map[string]string{
		"otpauth": strings.Repeat("otpauth://totp/x\n", maxEntries+1),
		"rows":    "Cégnév;Egyedi kulcs\n" + strings.Repeat("x\n", maxEntries+1),
		"CSV":     "Cégnév;Egyedi kulcs\n" + strings.Repeat("\n", maxCells),
		"a row":   "Cégnév;Egyedi kulcs\n" + strings.Repeat(";", 2*maxCells),
	}
	for _, f := range jsonFormats {
		good := fmt.Sprintf(f.entry, "Jó Kft.", secretIn(f.format, testKey))
		files[f.format] = f.before + good + strings.Repeat(",0", maxEntries) + f.after
	}
	for name, data := range files {
		_, entries, err := Read([]byte(data), ReadOptions{})
		if err == nil || entries != nil || !errors.Is(err, errBudget) {
			t.Errorf("%s: %d entries, %v", name, len(entries), err)
		}
	}
	for _, f := range jsonFormats { // what separates no entries is not counted
		good := fmt.Sprintf(f.entry, "Jó "+strings.Repeat(`,\",`, 10)+" Kft.", secretIn(f.format, testKey))
		if _, entries, err := Read([]byte(f.before+good+`,{"x":[`+strings.Repeat("0,", maxEntries/2)+"0]}"+f.after), ReadOptions{}); err != nil || len(entries) != 2 {
			t.Errorf("%s: %d entries, %v", f.format, len(entries), err)
		}
	}
}
