// Package disk does what the systems do differently with files that several processes of one person share.
//
// Its promise: what is made here can be read by its owner only (and by who administers the machine), and a file that
// another process holds for a moment, such as a virus scanner, is waited for and is no failure.
package disk

import "os"

// Rename gives a file the name of another, which it replaces.
func Rename(from, to string) error { return patiently(func() error { return os.Rename(from, to) }) }

// Open opens a file for reading.
func Open(path string) (f *os.File, err error) {
	err = patiently(func() error { f, err = os.Open(path); return err })
	return f, err
}

// ReadFile reads a whole file.
func ReadFile(path string) (data []byte, err error) {
	err = patiently(func() error { data, err = os.ReadFile(path); return err })
	return data, err
}

// Remove deletes a file.
func Remove(path string) error { return patiently(func() error { return os.Remove(path) }) }
