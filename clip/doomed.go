package clip

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"slices"
)

// Doomed is what is still to be cleared: keyed hashes of the texts that were copied, by which a text is known again
// whoever offers it. The texts themselves are not kept. Who has the hashes can try out all six digits, of codes that
// are good for seconds.
type Doomed struct {
	Key  []byte   `json:"key"`
	Sums [][]byte `json:"sums"`
}

// maxDoomed is how many texts are known again: a user name, its code, and what was copied in between.
const maxDoomed = 8

// with is these texts and one more.
func (d Doomed) with(text string) Doomed {
	if d.Key == nil {
		d.Key = make([]byte, 32)
		_, _ = rand.Read(d.Key)
	}
	d.Sums = append(slices.Clone(d.Sums[max(0, len(d.Sums)-maxDoomed+1):]), d.sum([]byte(text)))
	return d
}

// has says whether a text is one of those. Bridges between machines may have put an end after it.
func (d Doomed) has(text []byte) bool {
	sum := d.sum(bytes.TrimRight(text, "\x00\r\n"))
	return len(text) > 0 && slices.ContainsFunc(d.Sums, func(s []byte) bool { return hmac.Equal(s, sum) })
}

func (d Doomed) sum(text []byte) []byte {
	h := hmac.New(sha256.New, d.Key)
	h.Write(text)
	return h.Sum(nil)
}
