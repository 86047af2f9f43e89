package exchange

import (
	"errors"

	"golang.org/x/text/unicode/norm"
)

// readAsTyped reads a file by the password as it was typed or, where that does not open it, in the other Unicode
// normalisation forms: a Mac's "á" may be two characters, another keyboard's is one, and both look alike. The person is
// asked once. Only a password with accents has other forms, and only a wrong one costs the further tries.
func readAsTyped(r Reader, data []byte, o ReadOptions) ([]Entry, error) {
	if o.Ask == nil {
		return r.Read(data, o)
	}
	ask, typed := o.Ask, ""
	o.Ask = func(format string) (answer string, err error) {
		o.Budget.pause()
		defer o.Budget.resume()
		typed, err = ask(format)
		return typed, err
	}
	entries, err := r.Read(data, o)
	tried := map[string]bool{typed: true}
	for _, form := range [...]norm.Form{norm.NFC, norm.NFD} {
		other := form.String(typed)
		if !errors.Is(err, ErrPassword) || tried[other] {
			continue
		}
		tried[other] = true
		o.Ask = func(string) (string, error) { return other, nil }
		again, fails := r.Read(data, o)
		if !errors.Is(fails, errBudget) { // else there is no time for another try
			entries, err = again, fails
		}
	}
	return entries, err
}
