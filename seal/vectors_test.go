package seal

import (
	"bytes"
	"encoding/base64"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

//go:generate go test -run TestVectors -write-vectors

var writeVectors = flag.Bool("write-vectors", false, "make testdata anew")

// A vector is one file of testdata: lines "name: value" that docs/formats.md explains. All are opened with the
// identity of testdata/identity.txt, in the context "vault"; each bad one has a single fault.
type vector struct {
	name, want    string
	plain, sealed []byte
}

func faults(t testing.TB, id, other *Identity) []vector {
	const body = `{"accounts":[],"clients":[]}`
	good := func(context string, author *Identity) []byte {
		sealed, err := Seal(context, []byte(body), author, id.Public())
		if err != nil {
			t.Fatal(err)
		}
		return decryptPlain(t, sealed, id)
	}
	plain := good("vault", id)
	edit := func(old, new string) []byte {
		if !bytes.Contains(plain, []byte(old)) {
			t.Fatalf("no %q to replace", old)
		}
		return bytes.Replace(plain, []byte(old), []byte(new), 1)
	}
	vectors := []vector{
		{name: "good", want: "ok", plain: plain},
		{name: "body-changed", want: "forged", plain: edit(`"clients":[]`, `"clients":{}`)},
		{name: "other-author", want: "forged", plain: good("vault", other)},
		{name: "other-context", want: "forged", plain: good("roster", id)},
		{name: "context-renamed", want: "forged", plain: bytes.Replace(good("roster", id), []byte("roster"), []byte("vault"), 1)},
		{name: "signature-short", want: "forged", plain: shortSignature(plain)},
		{name: "signature-not-base64", want: "damaged", plain: edit(`"signature":"`, `"signature":"!`)},
		{name: "version-2", want: "version", plain: edit(`"version":1`, `"version":2`)},
		{name: "version-0", want: "damaged", plain: edit(`"version":1`, `"version":0`)},
		{name: "format-other", want: "damaged", plain: edit(`"format":"kapu"`, `"format":"kapU"`)},
		{name: "header-spaced", want: "damaged", plain: edit(`"version":1`, `"version": 1`)},
		{name: "header-extra-key", want: "damaged", plain: edit(`"version":1`, `"version":1,"x":1`)},
		{name: "header-crlf", want: "damaged", plain: edit("\n", "\r\n")},
		{name: "no-closing-brace", want: "damaged", plain: bytes.TrimSuffix(plain, []byte("}\n"))},
		{name: "trailing-byte", want: "damaged", plain: append(bytes.Clone(plain), ' ')},
		{name: "empty", want: "damaged", plain: []byte{}},
	}
	for i := range vectors {
		vectors[i].sealed = encryptPlain(t, vectors[i].plain, id)
	}
	sealed := vectors[0].sealed
	return append(
		vectors,
		vector{name: "other-recipient", want: "not-addressed", sealed: encryptPlain(t, plain, other)},
		vector{name: "cut-short", want: "damaged", sealed: sealed[:len(sealed)-1]},
		vector{name: "bit-flipped", want: "damaged", sealed: append(bytes.Clone(sealed[:len(sealed)-1]), sealed[len(sealed)-1]^1)},
		vector{name: "not-age", want: "damaged", sealed: []byte("PK\x03\x04")},
	)
}

func shortSignature(plain []byte) []byte {
	s := string(plain)
	start := strings.Index(s, `"signature":"`) + len(`"signature":"`)
	end := start + strings.Index(s[start:], `"`)
	raw, _ := base64.StdEncoding.DecodeString(s[start:end])
	return []byte(s[:start] + base64.StdEncoding.EncodeToString(raw[:63]) + s[end:])
}

func TestVectors(t *testing.T) {
	if *writeVectors {
		write(t)
	}
	id, author := vectorIdentity(t)
	vectors := readVectors(t)
	if len(vectors) < 20 {
		t.Fatalf("only %d vectors", len(vectors))
	}
	for _, v := range vectors {
		t.Run(v.name, func(t *testing.T) {
			body, err := Open("vault", v.sealed, id, author.Public())
			if got := outcome(err); got != v.want {
				t.Errorf("got %s (%v), want %s", got, err, v.want)
			}
			if (err == nil) != (body != nil) {
				t.Errorf("body %q with error %v", body, err)
			}
		})
	}
}

func outcome(err error) string {
	var newer *VersionError
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, &newer):
		return "version"
	case errors.Is(err, ErrForged):
		return "forged"
	case errors.Is(err, ErrNotAddressed):
		return "not-addressed"
	case errors.Is(err, ErrDamaged):
		return "damaged"
	default:
		return err.Error()
	}
}

func write(t *testing.T) {
	id, other := newIdentity(t), newIdentity(t)
	if err := os.WriteFile("testdata/identity.txt", []byte(id.String()+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, v := range faults(t, id, other) {
		text := "want: " + v.want + "\nsealed: " + base64.StdEncoding.EncodeToString(v.sealed) + "\n"
		if v.plain != nil {
			text += "plain: " + base64.StdEncoding.EncodeToString(v.plain) + "\n"
		}
		if err := os.WriteFile("testdata/"+v.name+".vector", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// vectorIdentity is the reader and the author of the vectors: a vault is written by its owner. It is fixed in
// testdata so that the vectors mean the same for ever, and protects nothing.
func vectorIdentity(t testing.TB) (reader, author *Identity) {
	t.Helper()
	text, err := os.ReadFile("testdata/identity.txt")
	if err != nil {
		t.Fatal(err)
	}
	id, err := ParseIdentity(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return id, id
}

func readVectors(t testing.TB) []vector {
	t.Helper()
	names, _ := filepath.Glob("testdata/*.vector")
	var vectors []vector
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		v := vector{name: strings.TrimSuffix(filepath.Base(name), ".vector")}
		for line := range strings.Lines(string(text)) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			raw, _ := base64.StdEncoding.DecodeString(value)
			switch key {
			case "want":
				v.want = value
			case "sealed":
				v.sealed = raw
			case "plain":
				v.plain = raw
			}
		}
		vectors = append(vectors, v)
	}
	return vectors
}
