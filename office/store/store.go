// Package store is a write-once object store for an office: a folder that several machines see, or a bucket of an
// S3-compatible cluster.
//
// Its promise: an object never changes, a name is given once, and of several who want it at once exactly one gets it.
// That is all it promises. What the objects hold is sealed and signed before it comes here; the store is trusted with
// being there and with nothing else.
package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
)

// Store is a key-value store of immutable objects. All of it may be called from several goroutines at once.
//
// A name is ValidName, and no name is a folder of another ("a" and "a/b"): in a folder one is a file, the other
// is not.
//
// An error other than ErrExists and ErrNotExist leaves open whether the operation was done: its answer may be what
// got lost. Every operation is idempotent: to repeat it is always safe.
type Store interface {
	// Put creates an object, atomically and durably: when it returns nil, it is on the disk. ErrExists: the name is taken
	// by other bytes, also where these cannot be read yet. The same bytes once more are nil.
	Put(ctx context.Context, name string, body []byte) error

	// Get returns an object. ErrNotExist: it is not there, or not visible yet as a whole.
	Get(ctx context.Context, name string) ([]byte, error)

	// List gives the names that begin with prefix and are greater than after, in the order of their bytes. A name
	// that is given may still be on its way (Get says ErrNotExist); one that is made or deleted meanwhile may be
	// given or not. An error that comes with a name, which ends with a slash, is of that folder alone: what is below it is
	// not given. After any other error nothing more comes.
	List(ctx context.Context, prefix, after string) iter.Seq2[string, error]

	// Delete removes an object; nil if it is gone already.
	Delete(ctx context.Context, name string) error
}

// Watcher is a Store that notifies of changes, which is sooner than polling.
type Watcher interface {
	// Watch sends when names with the prefix may have come or gone, after two seconds at the latest where the folder
	// is on this machine or on a server. It is a hint: what it misses, the next List finds. Each folder below the
	// prefix costs something, so ask for few. The channel is closed when ctx ends.
	Watch(ctx context.Context, prefix string) <-chan struct{}
}

// The sentinel errors, about names. Everything else that goes wrong is a sentence of lang.
var (
	ErrExists   = errors.New("store: the name is taken")
	ErrNotExist = errors.New("store: there is no such object")
)

// biggest is the limit of an object, in bytes, so that whoever holds the store cannot exhaust a reader's memory.
const biggest = 16 << 20

func checkBody(body []byte) error {
	if len(body) > biggest {
		return fmt.Errorf("store: an object has %d bytes; there can be %d", len(body), biggest)
	}
	return nil
}
