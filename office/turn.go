package office

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"kapu/office/store"
	"kapu/seal"
	"kapu/vault"
)

// Turns: the portal takes a code once, so of two who use one account at the same time the second is refused. Whoever
// copies a code puts an object into the store whose name stands for the account and the code's window; who finds the
// name taken knows that a colleague was first, and takes the next code. It is a hint: without the store only that is
// lost.
//
// The name is a keyed hash, and the body is sealed, by a key that everybody has who has codes of the account. So who
// keeps the store sees that some code was copied, and neither whose nor by whom.

// turnKeyLength is that of the key of an account's turns, in bytes.
const turnKeyLength = 32

// turnKey is derived from the account's key, of which it tells nothing: a book carries it to those who have no more.
func turnKey(office, record, secret string) []byte {
	key, err := hkdf.Key(sha256.New, []byte(secret), nil, "kapu/v1 turn\n"+office+"\n"+record, turnKeyLength)
	if err != nil {
		panic(err) // the length is right
	}
	return key
}

// Turn is the use of one code of an account by this device.
type Turn struct {
	name   string
	sealed cipher.AEAD
	claim  turnClaim
	id     *seal.Identity
	office string
	roster *Roster
}

// turnClaim is the body of a turn: who has taken it.
type turnClaim struct {
	Device    string    `json:"device"`
	At        time.Time `json:"at"`
	Signature []byte    `json:"signature,omitempty"`
}

// Taken says by whom a code was taken first.
type Taken struct {
	Member, Machine string
	Own             bool // another machine of the same person
	At              time.Time
}

// Turn is the turn of a code that this device uses now; nil if the account is not the office's or its codes have no
// windows.
func (o *Office) Turn(account *vault.Account, code vault.Code) (*Turn, error) {
	if code.From.IsZero() {
		return nil, nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.load(); err != nil {
		return nil, err
	}
	s := o.state
	if s.me() == nil {
		return nil, nil
	}
	var key []byte
	if account.Key.Kind == vault.Book {
		if b := o.bookFor(account.ID, code.From); b != nil {
			key = b.Turn
		}
	} else if record, _ := s.byLocal(account.ID); record != "" {
		key = turnKey(s.Office, record, account.Key.Secret)
	}
	if len(key) != turnKeyLength {
		return nil, nil
	}
	t := &Turn{
		claim: turnClaim{Device: s.Device, At: wireTime(o.now())}, id: o.id, office: s.Office, roster: s.Roster,
	}
	return t, t.derive(key, code.From)
}

// derive makes the name and the cipher of the turn of one window.
func (t *Turn) derive(key []byte, window time.Time) error {
	part := func(label string) []byte {
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "kapu/v1 turn %s\n%d", label, window.Unix())
		return mac.Sum(nil)
	}
	t.name = turnName(window, base32Lower.EncodeToString(part("name"))[:idLength])
	block, err := aes.NewCipher(part("cipher"))
	if err == nil {
		t.sealed, err = cipher.NewGCMWithRandomNonce(block)
	}
	return err
}

func (t *Turn) context() string { return "office/" + t.office + "/" + t.name }

// statement is what a claim's signature is of.
func (c *turnClaim) statement() []byte {
	return []byte(c.Device + "\n" + c.At.Format(time.RFC3339Nano))
}

// Take takes the turn in a store, or says who has taken it before. It is idempotent for this device.
func (t *Turn) Take(ctx context.Context, st store.Store) (*Taken, error) {
	t.claim.Signature = t.id.Sign(t.context(), t.claim.statement())
	body, err := json.Marshal(t.claim)
	if err != nil {
		return nil, err
	}
	err = st.Put(ctx, t.name, t.sealed.Seal(nil, nil, body, []byte(t.context())))
	if !errors.Is(err, store.ErrExists) {
		return nil, err
	}
	there, err := st.Get(ctx, t.name)
	if err != nil {
		return nil, err
	}
	return t.read(there)
}

// maxTurnBytes is the limit of a turn's object.
const maxTurnBytes = 4 << 10

// read decrypts and verifies another's claim. One that nobody of the office has made is nobody's.
func (t *Turn) read(sealed []byte) (*Taken, error) {
	if len(sealed) > maxTurnBytes {
		return nil, errRefused
	}
	body, err := t.sealed.Open(nil, nil, sealed, []byte(t.context()))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errRefused, err)
	}
	c := &turnClaim{}
	if err := strict(body, c); err != nil {
		return nil, fmt.Errorf("%w: %w", errRefused, err)
	}
	if c.Device == t.claim.Device {
		return nil, nil
	}
	by, me := t.roster.device(c.Device), t.roster.device(t.claim.Device)
	if by == nil || !seal.Verify(by.Public.SigningKey(), t.context(), c.statement(), c.Signature) {
		return nil, errRefused
	}
	member, machine := t.roster.names(c.Device)
	return &Taken{member, machine, by.Member == me.Member, c.At}, nil
}

// keepTurns is for how long turns stay in the store: whoever's clock is a little off may still ask.
const keepTurns = 48 * time.Hour

// dropTurns deletes the turns of days that are over.
func (p *pass) dropTurns(ctx context.Context) error {
	names, err := p.list(ctx, prefixTurns, "")
	if err != nil {
		return err
	}
	first := turnName(p.at.Add(-keepTurns), "")
	var old []string
	for _, name := range names {
		if strings.Compare(name, first) < 0 {
			old = append(old, name)
		}
	}
	return store.DeleteAll(ctx, p.store, old)
}
