package cli

import "strings"

// glyphs are the digits, three columns by five rows, read line by line.
var glyphs = map[rune]string{
	'0': "####.##.##.####", '1': ".#.##..#..#.###", '2': "###..#####..###", '3': "###..####..####", '4': "#.##.####..#..#",
	'5': "####..###..####", '6': "####..####.####", '7': "###..#..#..#..#", '8': "####.#####.####", '9': "####.####..####",
}

// big draws a code that can be read from across the desk; it is empty where there is more in it than digits.
func big(code string) string {
	var b strings.Builder
	for row := range 5 {
		b.WriteString("   ")
		for i, digit := range code {
			glyph, ok := glyphs[digit]
			if !ok {
				return ""
			}
			if i == (len(code)+1)/2 {
				b.WriteString("  ")
			}
			b.WriteString(" " + strings.NewReplacer("#", "██", ".", "  ").Replace(glyph[3*row:3*row+3]) + " ")
		}
		b.WriteByte('\n')
	}
	return b.String()
}
