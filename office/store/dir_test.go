package store_test

import (
	"testing"

	"kapu/office/store"
	"kapu/office/store/storetest"
)

// folder is a store in a folder of its own.
func folder(t *testing.T) (store.Store, string) {
	t.Helper()
	path := t.TempDir()
	s, err := store.Open(path, nil)
	if err == nil {
		err = store.Prepare(t.Context(), s)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s, path
}

func TestFolder(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store { s, _ := folder(t); return s })
}
