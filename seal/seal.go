// Package seal is the envelope that every file of Kapu wears, sign-then-encrypt: a body signed by its author (Ed25519)
// under a context (domain separation), and encrypted with age to the recipients who may read it.
//
//	seal.go        the envelope
//	identity.go    a private key pair: age, and Ed25519 derived from it
//	public.go      its public half, and detached signatures
//	passphrase.go  files under a passphrase (scrypt)
//
// Its promise: Open returns the body only if it was written for this context by this author and not one bit
// was changed since; otherwise it returns an error and nothing else. Every envelope is an age file, so with
// the identity in hand the plain age tool reads it. docs/formats.md specifies the format; testdata holds
// vectors.
package seal

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"filippo.io/age"
)

// version of the envelope. There is one at a time; a reader refuses every other.
const version = 1

// fault is what can be wrong with an envelope: its words, and the id of the message that says it to a person. This room
// imports no catalogue.
type fault struct{ words, message string }

func (f *fault) Error() string     { return f.words }
func (f *fault) MessageID() string { return f.message }

// What can be wrong with an envelope. Test with errors.Is.
var (
	// ErrNotAddressed means that the identity is not among the recipients: another vault's key, or a damaged
	// header, which cannot be told apart.
	ErrNotAddressed = error(&fault{"not sealed to this identity", "cause-not-addressed"})
	// ErrDamaged means that the file is cut short or altered, or was never an envelope.
	ErrDamaged = error(&fault{"damaged or not an envelope", "cause-damaged"})
	// ErrForged means that the body was not signed by the expected author for the expected context.
	ErrForged = error(&fault{"not signed by the expected author for this use", "cause-forged"})
)

// VersionError means that a newer program made the envelope.
type VersionError struct{ Version int }

func (e *VersionError) Error() string {
	return fmt.Sprintf("envelope version %d; this program knows %d", e.Version, version)
}

// header is the first line of the plaintext. With the body and the closing brace it makes one JSON document,
// so that what `age -d` prints can be read by any JSON tool.
type header struct {
	Format    string `json:"format"`
	Version   int    `json:"version"`
	Context   string `json:"context"`
	Signer    string `json:"signer"`
	Signature string `json:"signature"`
}

const (
	format     = "kapu"
	headerTail = `,"body":` + "\n"
	bodyTail   = "\n}\n"
)

// Seal signs a JSON body under a context and encrypts it to the recipients. A context says what the body is
// for ("vault"); it holds no line break.
func Seal(context string, body []byte, author *Identity, to ...*Public) ([]byte, error) {
	head, err := json.Marshal(header{
		format, version, context,
		author.Public().SigningKey(),
		encode(ed25519.Sign(author.signing, message(context, body))),
	})
	if err != nil {
		return nil, err
	}
	recipients := make([]age.Recipient, len(to))
	for i, p := range to {
		recipients[i] = p.recipient
	}
	var sealed bytes.Buffer
	sealed.Grow(len(body) + len(body)/1024 + 4096)
	w, err := age.Encrypt(&sealed, recipients...)
	if err != nil {
		return nil, err
	}
	for _, part := range [][]byte{head[:len(head)-1], []byte(headerTail), body, []byte(bodyTail)} {
		if _, err := w.Write(part); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return sealed.Bytes(), nil
}

// Open decrypts an envelope with the reader's identity and returns its body if the author signed it under the
// context.
func Open(context string, sealed []byte, reader *Identity, author *Public) ([]byte, error) {
	body, _, err := OpenFrom(context, sealed, reader, author.SigningKey())
	return body, err
}

// OpenFrom is Open for an envelope that one of several authors may have signed, by their SigningKeys; it says who did.
func OpenFrom(
	context string, sealed []byte, reader *Identity, authors ...string,
) (body []byte, author string, err error) {
	return OpenBy(context, sealed, reader, func([]byte) []string { return authors })
}

// OpenBy is OpenFrom for an envelope whose body names the keys that may have signed it, which the caller verifies by
// other means (a chain of signatures). authors is given the body before its signature is verified: it must only look up
// keys in it.
func OpenBy(
	context string, sealed []byte, reader *Identity, authors func(body []byte) []string,
) ([]byte, string, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), reader.age)
	if noMatch := (*age.NoIdentityMatchError)(nil); errors.As(err, &noMatch) {
		return nil, "", ErrNotAddressed
	} else if err != nil {
		return nil, "", fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	plain := bytes.NewBuffer(make([]byte, 0, len(sealed)))
	if _, err := io.Copy(plain, r); err != nil {
		return nil, "", fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	head, body, err := split(plain.Bytes())
	if err != nil {
		return nil, "", err
	}
	signature, err := base64.StdEncoding.Strict().DecodeString(head.Signature)
	if err != nil {
		return nil, "", ErrDamaged
	}
	if head.Context != context || !slices.Contains(authors(body), head.Signer) ||
		!verify(head.Signer, message(context, body), signature) {
		return nil, "", ErrForged
	}
	return body, head.Signer, nil
}

// Recipients is the number of recipients, the stanzas in age's header. Compared with the list that the body declares,
// it betrays an undeclared reader.
func Recipients(sealed []byte) (int, error) {
	head, err := age.ExtractHeader(bytes.NewReader(sealed))
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return bytes.Count(head, []byte("\n-> ")), nil
}

// split parses the plaintext. Only the canonical encoding, the very bytes that Seal writes, is accepted.
func split(plain []byte) (header, []byte, error) {
	end := bytes.IndexByte(plain, '\n') + 1
	line, rest := plain[:end], plain[end:]
	line, ok1 := bytes.CutSuffix(line, []byte(headerTail))
	body, ok2 := bytes.CutSuffix(rest, []byte(bodyTail))
	if !ok1 {
		return header{}, nil, ErrDamaged
	}
	line = append(line[:len(line):len(line)], '}')
	var h header
	if err := json.Unmarshal(line, &h); err != nil || h.Format != format {
		return header{}, nil, ErrDamaged
	}
	if h.Version > version {
		return header{}, nil, &VersionError{h.Version}
	}
	if again, err := json.Marshal(h); err != nil || !bytes.Equal(again, line) || h.Version != version || !ok2 {
		return header{}, nil, ErrDamaged
	}
	return h, body, nil
}

// message is what is signed, with a label for domain separation: no signature made here means anything elsewhere.
func message(context string, body []byte) []byte {
	m := make([]byte, 0, len(context)+len(body)+32)
	m = append(m, "kapu/v1 signed envelope\n"...)
	m = append(m, context...)
	m = append(m, '\n')
	return append(m, body...)
}

func encode(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
