package exchange

import (
	"path/filepath"
	"slices"
	"strings"
)

// Together reads several files by a function that reads one, and makes one list of them: a transfer of several QR
// codes may be spread over several pictures. An error of any is one of all.
func Together(
	names []string, read func(name string) (format string, entries []Entry, err error),
) (string, []Entry, error) {
	var formats []string
	var all []Entry
	for _, name := range names {
		format, entries, err := read(name)
		if err != nil {
			return "", nil, err
		}
		if !slices.Contains(formats, format) {
			formats = append(formats, format)
		}
		for i := range entries {
			if len(names) > 1 {
				entries[i].File = filepath.Base(name)
			}
		}
		all = append(all, entries...)
	}
	return strings.Join(formats, ", "), settle(all), nil
}
