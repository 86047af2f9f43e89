package seal

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"

	"filippo.io/age"
)

// Public is the public half of an identity: the age recipient and the Ed25519 verification key. In JSON it is the two
// fields of publicJSON.
type Public struct {
	publicJSON
	recipient *age.HybridRecipient
}

// publicJSON is a public half as it stands in a document. Public embeds it, and no MarshalJSON writes it: encoding/json
// would read again what that wrote, two thousand characters for each colleague of an office.
type publicJSON struct {
	Recipient string `json:"recipient"` // age1pq1…
	Signing   []byte `json:"signing"`   // Ed25519
}

// UnmarshalJSON reads a public half, and refuses what is none.
func (p *Public) UnmarshalJSON(data []byte) error {
	var j publicJSON
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	r, err := age.ParseHybridRecipient(j.Recipient)
	if err != nil || len(j.Signing) != ed25519.PublicKeySize {
		return errors.New("not the public half of an identity")
	}
	*p = Public{j, r}
	return nil
}

// SigningKey is the Ed25519 verification key in base64, the id of an author.
func (p *Public) SigningKey() string { return encode(p.Signing) }

// Equal says whether two are the same.
func (p *Public) Equal(q *Public) bool {
	return bytes.Equal(p.Signing, q.Signing) && p.Recipient == q.Recipient
}

// statementLabel is the domain separation of detached signatures from those in envelopes.
const statementLabel = "kapu/v1 signed statement\n"

// Sign makes a detached signature of a statement that travels in other people's envelopes, under a context as in Seal.
func (i *Identity) Sign(context string, statement []byte) []byte {
	return ed25519.Sign(i.signing, statementMessage(context, statement))
}

// Verify checks a detached signature: whether the holder of a SigningKey signed a statement under a context.
func Verify(signingKey, context string, statement, signature []byte) bool {
	return verify(signingKey, statementMessage(context, statement), signature)
}

func verify(signingKey string, message, signature []byte) bool {
	key, err := base64.StdEncoding.Strict().DecodeString(signingKey)
	return err == nil && len(key) == ed25519.PublicKeySize && ed25519.Verify(key, message, signature)
}

func statementMessage(context string, statement []byte) []byte {
	return bytes.Join([][]byte{[]byte(statementLabel), []byte(context), {'\n'}, statement}, nil)
}
