// Package credstore is the system's credential store: texts under names, which the system keeps encrypted for its user
// (Secret Service or KWallet on Linux, the Credential Manager on Windows, the keychain on macOS).
//
// On Linux it speaks to the services itself, on the session bus. github.com/99designs/keyring, which serves the other
// systems, does so there with a D-Bus library of 2019 that connects when a program begins, in every process, and with
// one of 2016 that knows no time limit (docs/decisions/dependencies.md).
//
//	credstore.go             what a store is, and its errors
//	open_linux.go            which of the services there is
//	secretservice_linux.go   the Secret Service: gnome-keyring, KWallet, KeePassXC
//	prompt_linux.go          the questions that a Secret Service asks the person
//	kwallet_linux.go         KWallet by its own interface
//	both_linux.go            the two where they are two programs
//	record_linux.go          the form of an item on Linux
//	library.go               Windows and macOS
package credstore

import (
	"context"
	"errors"
)

var (
	// ErrNotFound is the answer for a name that the store has nothing under.
	ErrNotFound = errors.New("no such item")
	// ErrNoBus means that there is no session bus to ask on.
	ErrNoBus = errors.New("no session bus")
	// ErrNoService means that this desktop has no credential store.
	ErrNoService = errors.New("no credential store")
	// ErrDismissed means that the person closed the store's own question, for its password as a rule.
	ErrDismissed = errors.New("the question was closed")
)

// Store is a connection to the credential store. Its questions end with their context, since the store may ask the
// person first, or hang.
type Store interface {
	// MayAsk says whether the store may ask the person something before it answers.
	MayAsk(ctx context.Context) (bool, error)
	// Get returns the text under a name, or ErrNotFound.
	Get(ctx context.Context, name string) (string, error)
	// Set puts a text under a name, in the place of what was there.
	Set(ctx context.Context, name, text string) error
	// Remove deletes what is under a name, or returns ErrNotFound.
	Remove(ctx context.Context, name string) error
	// Names are those of all items of Kapu, and may be those of others.
	Names(ctx context.Context) ([]string, error)
	Close()
}

// Open connects to the credential store; ErrNoBus or ErrNoService where there is none.
func Open(ctx context.Context) (Store, error) { return open(ctx) }
