package exchange

import (
	"fmt"
	"strings"
	"testing"

	"kapu/vault"
)

func list(n int) []byte {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "otpauth://totp/%%C3%%9Cgyf%%C3%%A9lkapu%%2B:Kov%%C3%%A1cs%%20%d.%%20Kft.?secret=%s&issuer=%%C3%%9Cgyf%%C3%%A9lkapu%%2B&algorithm=SHA1&digits=6&period=30\n", i, numbered(i))
	}
	return []byte(b.String())
}

// numbered makes a key of sixteen characters.
func numbered(i int) string {
	key := []byte(keyA)
	for at := len(key) - 1; i > 0; at, i = at-1, i/32 {
		key[at] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[i%32]
	}
	return string(key)
}

func benchmark(b *testing.B, n int) {
	data := list(n)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		entries := read(b, string(data))
		report, err := Apply(vault.Draft(), entries)
		if err != nil || report.Counts[New] != n {
			b.Fatalf("%v, %v", report.Counts, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/entry")
}

func BenchmarkImport1k(b *testing.B)   { benchmark(b, 1_000) }
func BenchmarkImport10k(b *testing.B)  { benchmark(b, 10_000) }
func BenchmarkImport100k(b *testing.B) { benchmark(b, 100_000) }
