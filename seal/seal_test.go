package seal

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
)

func newIdentity(t testing.TB) *Identity {
	t.Helper()
	id, err := NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestRoundTrip(t *testing.T) {
	id := newIdentity(t)
	for _, body := range []string{`{}`, `{"név":"Árvíztűrő Kft."}`, `"` + strings.Repeat("x", 1<<20) + `"`} {
		sealed, err := Seal("vault", []byte(body), id, id.Public())
		if err != nil {
			t.Fatal(err)
		}
		got, err := Open("vault", sealed, id, id.Public())
		if err != nil || string(got) != body {
			t.Fatalf("got %d bytes, %v; want %d", len(got), err, len(body))
		}
	}
}

func TestSharedWithAnother(t *testing.T) {
	author, reader, stranger := newIdentity(t), newIdentity(t), newIdentity(t)
	sealed, err := Seal("account", []byte(`{}`), author, author.Public(), reader.Public())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open("account", sealed, reader, author.Public()); err != nil {
		t.Errorf("the reader cannot open it: %v", err)
	}
	if _, err := Open("account", sealed, stranger, author.Public()); !errors.Is(err, ErrNotAddressed) {
		t.Errorf("a stranger: got %v, want ErrNotAddressed", err)
	}
	if _, err := Open("account", sealed, reader, stranger.Public()); !errors.Is(err, ErrForged) {
		t.Errorf("another author: got %v, want ErrForged", err)
	}
	if _, err := Open("roster", sealed, reader, author.Public()); !errors.Is(err, ErrForged) {
		t.Errorf("another context: got %v, want ErrForged", err)
	}
}

// Whoever reads may encrypt anew to others; the signature must not follow a changed body.
func TestReaderCannotForge(t *testing.T) {
	author, reader := newIdentity(t), newIdentity(t)
	sealed, _ := Seal("account", []byte(`{"digits":6}`), author, reader.Public())
	r, err := age.Decrypt(bytes.NewReader(sealed), reader.age)
	if err != nil {
		t.Fatal(err)
	}
	plain, _ := io.ReadAll(r)
	forged := encryptPlain(t, bytes.Replace(plain, []byte("6"), []byte("8"), 1), reader)
	if _, err := Open("account", forged, reader, author.Public()); !errors.Is(err, ErrForged) {
		t.Errorf("got %v, want ErrForged", err)
	}
}

// Every single byte changed in turn is an error, and nothing is returned.
func TestEveryByteMatters(t *testing.T) {
	id := newIdentity(t)
	sealed, _ := Seal("vault", []byte(`{"accounts":[]}`), id, id.Public())
	for i := range sealed {
		for _, mask := range []byte{0x01, 0x80, 0x20} {
			altered := bytes.Clone(sealed)
			altered[i] ^= mask
			if body, err := Open("vault", altered, id, id.Public()); err == nil || body != nil {
				t.Fatalf("byte %d ^ %#x: got %q, %v", i, mask, body, err)
			}
		}
	}
	for n := range sealed {
		if body, err := Open("vault", sealed[:n], id, id.Public()); err == nil || body != nil {
			t.Fatalf("cut to %d bytes: got %q, %v", n, body, err)
		}
	}
}

func TestIdentityText(t *testing.T) {
	id := newIdentity(t)
	text := id.String()
	for _, typed := range []string{"  " + text + "\n", strings.ToLower(text), text[:30] + " \t" + text[30:50] + "\n" + text[50:]} {
		again, err := ParseIdentity(typed)
		if err != nil {
			t.Fatal(err)
		}
		if again.String() != id.String() || !bytes.Equal(again.signing, id.signing) {
			t.Error("an identity read back from its text is another one")
		}
	}
	secret := strings.Repeat("Q", 20)
	if _, err := ParseIdentity("AGE-SECRET-KEY-PQ-1" + secret); err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("a bad identity: got %v; want an error without the text", err)
	}
}

// The plain age tool and a plain JSON reader are enough to get at the data.
func TestPlainAgeReadsIt(t *testing.T) {
	tool, err := exec.LookPath("age")
	if err != nil {
		if os.Getenv("KAPU_DESKTOP_TESTS") != "" {
			t.Fatal("the age tool is missing; make test installs it")
		}
		t.Skip("the age tool is not installed")
	}
	id := newIdentity(t)
	sealed, _ := Seal("vault", []byte(`{"clients":["Őrség Kft."]}`), id, id.Public())
	dir := t.TempDir()
	key, file := filepath.Join(dir, "key.txt"), filepath.Join(dir, "vault.age")
	for name, data := range map[string][]byte{key: []byte(id.String() + "\n"), file: sealed} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command(tool, "-d", "-i", key, file).Output()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Format, Context string
		Body            struct{ Clients []string }
	}
	if err := json.Unmarshal(out, &doc); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, out)
	}
	if doc.Format != "kapu" || doc.Context != "vault" || doc.Body.Clients[0] != "Őrség Kft." {
		t.Errorf("got %+v", doc)
	}
}

func FuzzOpen(f *testing.F) {
	id, author := vectorIdentity(f)
	for _, v := range readVectors(f) {
		f.Add(v.plain)
	}
	f.Fuzz(func(t *testing.T, plain []byte) {
		// Fuzzing ciphertext would only exercise age's own checks; what is ours begins behind them.
		body, err := Open("vault", encryptPlain(t, plain, id), id, author.Public())
		if err == nil {
			again, _ := Seal("vault", body, author, id.Public())
			if !bytes.Equal(decryptPlain(t, again, id), plain) {
				t.Errorf("accepted %q, which Seal would not write", plain)
			}
		} else if body != nil {
			t.Error("an error and a body")
		}
	})
}

func FuzzOpenFile(f *testing.F) {
	id, author := vectorIdentity(f)
	for _, v := range readVectors(f) {
		f.Add(v.sealed)
	}
	f.Fuzz(func(t *testing.T, sealed []byte) {
		if body, err := Open("vault", sealed, id, author.Public()); err != nil && body != nil {
			t.Error("an error and a body")
		}
	})
}

func encryptPlain(t testing.TB, plain []byte, to *Identity) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := age.Encrypt(&b, to.age.Recipient())
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decryptPlain(t testing.TB, sealed []byte, by *Identity) []byte {
	t.Helper()
	r, err := age.Decrypt(bytes.NewReader(sealed), by.age)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}
