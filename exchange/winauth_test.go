package exchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"os"
	"testing"

	"kapu/vault"
)

func wantWinAuth() []Entry {
	long := totp("GEZDGNBVGY3TQOJQ")
	long.Digits, long.Period = 8, 60
	return []Entry{
		{Line: 2, Name: "Kovács Anna", Service: "Ügyfélkapu+", Key: totp(testKey)},
		{Line: 4, Name: "Szabó Béla", Key: long},
		{Line: 5, Name: "Számláló", Key: vault.Key{Kind: vault.HOTP, Secret: "MFRGGZDFMZTWQ2LK", Algorithm: "SHA1", Digits: 6, Counter: 3}},
	}
}

// The list alone, and in archives that zip and 7-Zip made: by the classic cipher and by AES of each strength, stored
// and deflated, with the checksum before and after.
func TestWinAuth(t *testing.T) {
	for file, want := range map[string]string{
		"winauth.txt": "otpauth", "winauth-classic.zip": "WinAuth", "winauth-aes.zip": "WinAuth",
		"winauth-classic-stored.zip": "WinAuth", "winauth-classic-streamed.zip": "WinAuth",
		"winauth-aes128.zip": "WinAuth", "winauth-aes192-stored.zip": "WinAuth",
	} {
		data := readFile(t, "testdata/"+file)
		asked := 0
		format, got, err := Read(data, ReadOptions{Ask: func(string) (string, error) { asked++; return "proba", nil }})
		if err != nil || format != want {
			t.Fatalf("%s is read as %q, %v", file, format, err)
		}
		same(t, file, wantWinAuth(), got)
		if want == "otpauth" {
			continue
		}
		if asked != 1 {
			t.Errorf("%s: asked %d times", file, asked)
		}
		for _, wrong := range []string{"Proba", "x"} {
			ask := func(string) (string, error) { return wrong, nil }
			if _, _, err := Read(data, ReadOptions{Ask: ask}); !errors.Is(err, ErrPassword) {
				t.Errorf("%s: the password %q: %v", file, wrong, err)
			}
		}
		if _, _, err := Read(data, ReadOptions{}); err == nil || sentence(err).ID != "import-encrypted" {
			t.Errorf("%s: nobody to ask: %v", file, err)
		}
		if _, _, err := Read(data[:len(data)-30], ReadOptions{}); err == nil {
			t.Errorf("%s was read though it is cut off", file)
		}
	}
}

// A path that climbs out is no more than a name: nothing is written.
func TestArchiveThatClimbsOut(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	data := zipped(t, map[string]string{"../../climbed.txt": "otpauth://totp/a?secret=" + testKey})
	_, got, err := Read(data, ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "entries", []Entry{{Line: 1, Name: "a", Key: totp(testKey)}}, got)
	for _, path := range []string{dir, "..", "../.."} {
		if _, err := os.Stat(path + "/climbed.txt"); err == nil {
			t.Errorf("written to %s", path)
		}
	}
	if files, _ := os.ReadDir(dir); len(files) != 0 {
		t.Error("something was written")
	}
	if _, _, err := Read(zipped(t, map[string]string{"a.txt": "hello"}), ReadOptions{}); sentence(err).ID != "zip-no-list" {
		t.Errorf("another archive: %v", err)
	}
}

// What a program wrote that was changed since is not read: each byte of a sealed member is authenticated by AES, and
// almost each covered by the checksum of the other.
func TestZipCipherFaults(t *testing.T) {
	for _, file := range []string{"winauth-aes.zip", "winauth-aes128.zip", "winauth-classic.zip"} {
		data := readFile(t, "testdata/"+file)
		archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		member := archive.File[0]
		begin, err := member.DataOffset()
		if err != nil {
			t.Fatal(err)
		}
		for at := begin; at < begin+int64(member.CompressedSize64); at++ {
			bad := bytes.Clone(data)
			bad[at] ^= 1
			archive, err := zip.NewReader(bytes.NewReader(bad), int64(len(bad)))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := unpackZip(archive.File[0], "proba", maxList, budgetOf(t)); err == nil {
				t.Errorf("%s with byte %d flipped was read", file, at-begin)
			}
		}
	}
}

func FuzzZipCipher(f *testing.F) {
	for _, name := range []string{"winauth-classic.zip", "winauth-aes.zip", "winauth-aes192-stored.zip"} {
		f.Add(readFile(f, "testdata/"+name))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil || len(archive.File) == 0 {
			return
		}
		if text, err := unpackZip(archive.File[0], "proba", 1<<10, budgetOf(t)); err == nil && len(text) > 1<<10+1 {
			t.Errorf("%d bytes", len(text))
		}
	})
}
