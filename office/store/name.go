package store

import (
	"fmt"
	"slices"
	"strings"
)

// longest is the limit of a name, in bytes. A Windows path has 260 characters, of which the folder's own path is a
// part.
const longest = 119

// CheckName is ValidName as an error.
func CheckName(name string) error {
	if !ValidName(name) {
		return fmt.Errorf("store: %q cannot be a name", name)
	}
	return nil
}

// ValidName says whether a name is portable: parts of a-z, 0-9, "-" and "." with slashes between them, short enough for
// every share, and meaning the same on every system. Files of other names in a folder are foreign and ignored.
func ValidName(name string) bool {
	if len(name) > longest {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if !validPart(part) {
			return false
		}
	}
	return true
}

// devices are names that Windows reserves, with any ending; com0 and lpt0 to be sure.
var devices = []string{"con", "prn", "aux", "nul"}

// foreign are files that systems put into folders on their own and whose names would be valid.
var foreign = []string{"desktop.ini", "thumbs.db", "ehthumbs.db"}

func validPart(part string) bool {
	if part == "" || part[0] == '.' || part[len(part)-1] == '.' || slices.Contains(foreign, part) {
		return false
	}
	for i := range len(part) {
		c := part[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' {
			return false
		}
	}
	stem, _, _ := strings.Cut(part, ".")
	port := len(stem) == 4 && (stem[:3] == "com" || stem[:3] == "lpt") && stem[3] >= '0' && stem[3] <= '9'
	return !port && !slices.Contains(devices, stem)
}
