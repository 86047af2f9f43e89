package keeper

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"

	"kapu/agent"
)

// A file comes whole behind the JSON of its request, and takes the memory of the file and no more.
func TestDecodeAttached(t *testing.T) {
	head, err := json.Marshal(agent.Stage{Name: "a.kdbx", Data: []byte("never in the JSON")})
	if err != nil {
		t.Fatal(err)
	}
	file := append(bytes.Repeat([]byte("{\"\x00\xff\n}"), 4<<20), '\n', ' ')
	for _, file := range [][]byte{nil, file} {
		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(append(head[:len(head):len(head)], file...)))
		var before, after runtime.MemStats
		var got agent.Stage
		runtime.ReadMemStats(&before)
		err := decode(r, &got)
		runtime.ReadMemStats(&after)
		if err != nil || got.Name != "a.kdbx" || !bytes.Equal(got.Data, file) {
			t.Errorf("%v, %s, %d bytes of %d", err, got.Name, len(got.Data), len(file))
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > uint64(len(file))+1<<20 {
			t.Errorf("%d bytes took %d", len(file), took)
		}
	}
}
