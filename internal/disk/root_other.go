//go:build !linux

package disk

import "os"

// openRoot opens the folder of a Tree.
func openRoot(dir string) (rooted, error) { return os.OpenRoot(dir) }
