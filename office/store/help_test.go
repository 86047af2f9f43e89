package store_test

import (
	"encoding/pem"
	"errors"
	"net/http/httptest"
	"testing"

	"kapu/lang"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// says checks that an error is the sentence with this id.
func says(t *testing.T, err error, id string) {
	t.Helper()
	var sentence *lang.Error
	if !errors.As(err, &sentence) || sentence.ID != id {
		t.Errorf("it says %v, not %s", err, id)
	} else {
		t.Log(err)
	}
}

func certificate(server *httptest.Server) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
}
