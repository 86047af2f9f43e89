package seal

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"strings"

	"filippo.io/age"
)

// Identity is a private key pair for decrypting and signing: a hybrid (post-quantum) age identity of 32 secret bytes,
// and the Ed25519 key derived from it with HKDF. Its text form is the age identity, which is also the recovery key.
type Identity struct {
	age     *age.HybridIdentity
	signing ed25519.PrivateKey
	public  *Public
}

// NewIdentity makes an identity from the system's random source.
func NewIdentity() (*Identity, error) {
	id, err := age.GenerateHybridIdentity()
	if err != nil {
		return nil, err
	}
	return derive(id)
}

// ParseIdentity reads the text form, AGE-SECRET-KEY-PQ-1…, also as a person copies it from paper: in groups, in small
// letters. Its error does not repeat the text.
func ParseIdentity(text string) (*Identity, error) {
	id, err := age.ParseHybridIdentity(strings.ToUpper(strings.Join(strings.Fields(text), "")))
	if err != nil {
		return nil, errors.New("not an age identity of the kind AGE-SECRET-KEY-PQ-1…")
	}
	return derive(id)
}

// signingLabel is the HKDF info: domain separation from whatever else may one day be derived from the identity.
const signingLabel = "kapu/v1 signing key, Ed25519"

func derive(id *age.HybridIdentity) (*Identity, error) {
	seed, err := hkdf.Key(sha256.New, []byte(id.String()), nil, signingLabel, ed25519.SeedSize)
	if err != nil {
		return nil, err
	}
	signing := ed25519.NewKeyFromSeed(seed)
	recipient := id.Recipient()
	return &Identity{id, signing, &Public{publicJSON{recipient.String(), signing.Public().(ed25519.PublicKey)}, recipient}}, nil
}

// String returns the text form. It is the secret itself: it goes to the keychain and to the person's recovery
// sheet, never into a log.
func (i *Identity) String() string { return i.age.String() }

// Public returns the public half, for recipients and verifiers.
func (i *Identity) Public() *Public { return i.public }
