package exchange

import (
	"fmt"
	"testing"

	"kapu/vault"
)

const benchRows = 10_000

func bigTable() [][]any {
	rows := [][]any{{"Ügyfél", "Adószám", "Mappa", "Felhasználónév", "Titkos kulcs", "Törlőkód", "Meghatalmazás vége", "Megjegyzés", "Kedvenc", "Telefon"}}
	for i := range benchRows {
		rows = append(rows, []any{
			fmt.Sprintf("Kovács %d. Kft.", i), 10000000142 + i*1000, "Kft-k", fmt.Sprint("kovacs", i), numbered(i), fmt.Sprintf("%08d", i), "2026-12-31", fmt.Sprint("jegyzet ", i), "igen", fmt.Sprint("+36 1 ", i),
		})
	}
	return rows
}

func benchmarkTable(b *testing.B, data []byte) {
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		_, entries, err := Read(data, ReadOptions{})
		if err != nil {
			b.Fatal(err)
		}
		if report, err := Apply(b.Context(), vault.Draft(), entries, Decisions{}); err != nil || report.Counts[New] != benchRows {
			b.Fatalf("%v, %v", report.Counts, err)
		}
	}
}

func BenchmarkXLSX10k(b *testing.B) { benchmarkTable(b, workbook(b, bigTable(), nil)) }

func BenchmarkCSV10k(b *testing.B) {
	var rows [][]string
	for _, r := range bigTable() {
		var cells []string
		for _, cell := range r {
			cells = append(cells, fmt.Sprint(cell))
		}
		rows = append(rows, cells)
	}
	benchmarkTable(b, []byte(save(rows, ";", "\r\n")))
}
