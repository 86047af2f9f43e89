package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"strings"

	"kapu/lang"
)

// Prepare probes whether a store keeps its promise, which some S3 servers do not (a conditional put that overwrites),
// and marks a folder as an office's. It is for who founds an office, leaves no object behind, and is idempotent.
func Prepare(ctx context.Context, s Store) error {
	d, isFolder := s.(*dir)
	if isFolder {
		if err := d.within(ctx, func(context.Context) error { return d.prepare() }); err != nil {
			return err
		}
	}
	name := "probe-" + strings.ToLower(rand.Text())
	defer func() { _ = s.Delete(context.WithoutCancel(ctx), name) }()
	first := []byte("first")
	if err := s.Put(ctx, name, first); err != nil {
		return err
	}
	switch err := s.Put(ctx, name, []byte("second")); {
	case err == nil:
		return lang.E("store-careless")
	case !errors.Is(err, ErrExists):
		return err
	}
	if isFolder {
		if err := d.within(ctx, func(context.Context) error { return d.probe(name) }); err != nil {
			return err
		}
	}
	if body, err := s.Get(ctx, name); err != nil {
		return err
	} else if !bytes.Equal(body, first) {
		return lang.E("store-careless")
	}
	for found, err := range s.List(ctx, "probe-", "") {
		if err != nil {
			return err
		}
		if found == name {
			return s.Delete(ctx, name)
		}
	}
	return lang.E("store-careless")
}
