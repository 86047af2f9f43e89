package office

import "kapu/seal"

// box is the seam between the office and its cryptography: authenticated encryption to several recipients, signed by
// its author. The simulation plays ten thousand offices with one that is cheaper.
type box interface {
	seal(context string, body []byte, author *seal.Identity, to ...*seal.Public) ([]byte, error)
	open(context string, sealed []byte, reader *seal.Identity, authors ...string) ([]byte, string, error)
	openBy(context string, sealed []byte, reader *seal.Identity, authors func([]byte) []string) ([]byte, string, error)
	recipients(sealed []byte) (int, error)
	words(office, invite, device string) string
}

// realBox is the box of the program: package seal.
type realBox struct{}

func (realBox) seal(context string, body []byte, author *seal.Identity, to ...*seal.Public) ([]byte, error) {
	return seal.Seal(context, body, author, to...)
}

func (realBox) open(context string, sealed []byte, reader *seal.Identity, authors ...string) ([]byte, string, error) {
	return seal.OpenFrom(context, sealed, reader, authors...)
}

func (realBox) openBy(context string, sealed []byte, reader *seal.Identity, authors func([]byte) []string) ([]byte, string, error) {
	return seal.OpenBy(context, sealed, reader, authors)
}

func (realBox) recipients(sealed []byte) (int, error) { return seal.Recipients(sealed) }

func (realBox) words(office, invite, device string) string { return authWords(office, invite, device) }
