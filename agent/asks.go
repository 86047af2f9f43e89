package agent

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"

	"kapu/office"
	"kapu/vault"
)

// Asks is when an endpoint asks the person for the PIN or password again (step-up authentication): whoever sits at an
// unlocked screen need not be who unlocked it. Where the keychain alone unlocks, nobody can be asked.
//
// The rule: a key, or a right to one, leaves the unlocked vault only through an endpoint that asks. Taking something
// back never asks, nor does what the person could do with the client at hand anyway.
type Asks int

// The zero value is none of these: the agent takes it for Always.
const (
	_         Asks = iota
	Never          // the agent's token is enough
	Always         // before anything is done
	ByRequest      // where the request says so (Guarded): it asks for a secret, or gives a right
	ByReach        // where a change of the vault would give somebody in the office a key, or codes, who had none
	ByDialog       // the agent itself, on the desktop, where the secret does not come along
)

// Guarded is a request of which its contents decide whether the person is asked.
type Guarded interface{ Asks() bool }

// Asks says whether a secret is asked for.
func (r Reveal) Asks() bool { return r.Key || r.URI || r.DeletionCode }

// Asks says whether a right is given: what takes rights away asks nothing.
func (r OfficeAssignment) Asks() bool { return r.Right != "" }

// Asks says whether the role gives every key.
func (r RoleRequest) Asks() bool { return r.Role != office.Staff }

// Asker is a callback that asks the person for the PIN or password of a method. why is what the agent has said: that it
// wants it (ErrAsked), or what was the matter with the last answer; an Asker that does not ask twice returns that.
type Asker func(ctx context.Context, method string, why error) (string, error)

// AskBy lets c ask the person whenever the agent wants what a request has not brought along; the request is then made
// again. The answer is good for what else is done by c: a command, or one dialog, asks once.
func (c *Conn) AskBy(ask Asker) { c.ask = ask }

// Authenticate lets the requests of c bring the PIN or password along, for whoever has asked for it before them.
func (c *Conn) Authenticate(secret string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.secret = secret
}

// stepUp makes a request, with the secret that is known if the endpoint asks. Where the agent wants one, or finds it
// wrong, the Asker is asked and the request made again.
func (c *Conn) stepUp(
	ctx context.Context, asks Asks, request func(secret string) (io.ReadCloser, error),
) (io.ReadCloser, error) {
	secret, known := "", c.secretOf(ctx)
	if asks == Always || asks == ByRequest {
		secret = known
	}
	for {
		body, why := request(secret)
		switch {
		case errors.Is(why, ErrAsked) && secret == "" && known != "":
			secret = known
			continue
		case c.ask == nil, !errors.Is(why, ErrAsked) && !errors.Is(why, vault.ErrSecret):
			return body, why
		}
		s, err := c.Status(ctx)
		if err == nil {
			secret, err = c.ask(ctx, s.Method, why)
		}
		if err != nil || secret == "" {
			return nil, cmp.Or(err, why)
		}
		c.Authenticate(secret)
	}
}

// secretKey marks the PIN or password in a context.
type secretKey struct{}

// WithSecret returns a context whose requests bring the PIN or password along. It is for the page, whose requests come
// from several windows over one Conn.
func WithSecret(ctx context.Context, secret string) context.Context {
	return context.WithValue(ctx, secretKey{}, secret)
}

// SecretOf is the PIN or password that a context has by WithSecret, or "".
func SecretOf(ctx context.Context) string {
	secret, _ := ctx.Value(secretKey{}).(string)
	return secret
}

// secretOf is what a request brings along: the context's, else that of c.
func (c *Conn) secretOf(ctx context.Context) string {
	if secret := SecretOf(ctx); secret != "" {
		return secret
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.secret
}

// SecretHeader carries the PIN or password of a request, percent-encoded.
const SecretHeader = "Kapu-Secret"

// WantsSecret says whether a request was refused because its secret is missing, is wrong, or comes too soon after a
// wrong one.
func WantsSecret(err error) bool {
	return errors.Is(err, ErrAsked) || errors.Is(err, vault.ErrSecret) || errors.Is(err, vault.ErrWait)
}

// setSecret adds the PIN or password to a request's header.
func setSecret(h http.Header, secret string) {
	if secret != "" {
		h.Set(SecretHeader, url.PathEscape(secret))
	}
}

// SecretIn is what setSecret has added; what is not percent-encoded is none.
func SecretIn(h http.Header) string {
	secret, err := url.PathUnescape(h.Get(SecretHeader))
	if err != nil {
		return ""
	}
	return secret
}
