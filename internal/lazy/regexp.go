// Package lazy has values that are made when they are first used. Package initialisation is paid by each run of the
// program, also where nothing uses them.
package lazy

import (
	"regexp"
	"sync"
)

// Regexp is regexp.MustCompile, at the first call of what it returns.
func Regexp(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
