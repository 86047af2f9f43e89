package exchange

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
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
	key := []byte("JBSWY3DPAAAAAAAA")
	for at := len(key) - 1; i > 0; at, i = at-1, i/32 {
		key[at] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[i%32]
	}
	return string(key)
}

// others writes n entries in each other format.
func others(n int) map[string][]byte {
	files := map[string][]byte{}
	for _, f := range jsonFormats {
		var b strings.Builder
		b.WriteString(f.before)
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, f.entry, fmt.Sprintf("Kovács %d. Kft.", i), secretIn(f.format, numbered(i)))
		}
		b.WriteString(f.after)
		files[f.format] = []byte(b.String())
	}
	return files
}

func benchmark(b *testing.B, n int) {
	files := others(n)
	files["otpauth"] = list(n)
	for _, format := range slices.Sorted(maps.Keys(files)) {
		data := files[format]
		b.Run(strings.ReplaceAll(format, " ", "-"), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				entries := read(b, string(data))
				report, err := Apply(b.Context(), vault.Draft(), entries, Decisions{})
				if err != nil || report.Counts[New] != n {
					b.Fatalf("%v, %v", report.Counts, err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/entry")
		})
	}
}

func BenchmarkImport1k(b *testing.B)   { benchmark(b, 1_000) }
func BenchmarkImport10k(b *testing.B)  { benchmark(b, 10_000) }
func BenchmarkImport100k(b *testing.B) { benchmark(b, 100_000) }

// BenchmarkDetect looks at what no reader knows, as large as a file may be.
func BenchmarkDetect(b *testing.B) {
	for name, data := range map[string][]byte{
		"JSON": append([]byte("{"), bytes.Repeat([]byte(`"name":"Kov\u00e1cs",`), maxFile/22)...),
		"text": bytes.Repeat([]byte("Kovács Kft.;12345678\n"), maxFile/23),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if format, _, err := Read(data, ReadOptions{}); err == nil {
					b.Fatal(format)
				}
			}
		})
	}
}

// BenchmarkKDF measures what kdf.go reckons with, in seconds for a unit of work.
func BenchmarkKDF(b *testing.B) {
	for name, k := range map[string]struct {
		kdf
		per float64
	}{
		"PBKDF2-SHA256": {pbkdf2SHA256(nil, 600_000), perHash},
		"PBKDF2-SHA1":   {pbkdf2SHA1(nil, 150_000), perHash},
		"scrypt":        {scryptOf(nil, 1<<15, 8, 1), perMix},
		"Argon2id":      {argon2id(nil, 4, 64<<10, 1), perArgon2},
		"AES-KDF":       {aesKDF(make([]byte, keyLength), 10_000_000), perRound},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := k.derive(nil, strings.Repeat("x", keyLength)); err != nil {
					b.Fatal(err)
				}
			}
			took := b.Elapsed().Seconds() / float64(b.N)
			b.ReportMetric(took*k.per/k.seconds*1e6, "µs/unit")
			b.ReportMetric(100*took/k.seconds, "%-of-reckoned")
		})
	}
}
