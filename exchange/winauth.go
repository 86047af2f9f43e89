package exchange

import (
	"archive/zip"
	"io"
	"strings"

	"kapu/lang"
)

// sealedZip reads a zip archive with one program's lists, usually behind a password, by the classic cipher or by AES. A
// list alone is read by the reader of its own.
type sealedZip struct {
	program string
	suffix  string // of the files that are lists, in lower case
	list    Reader
}

// winAuthZip is what WinAuth exports to, raivoZip what Raivo OTP does, and plusZip what Authenticator Plus did.
type (
	winAuthZip struct{}
	raivoZip   struct{}
	plusZip    struct{}
)

func (winAuthZip) archive() sealedZip { return sealedZip{"WinAuth", ".txt", otpauth{}} }
func (raivoZip) archive() sealedZip {
	return sealedZip{raivo{}.Name(), "raivo-otp-export.json", raivo{}}
}

func (plusZip) archive() sealedZip {
	return sealedZip{"Authenticator Plus", "accounts.txt", otpauth{}}
}

func (w winAuthZip) Name() string            { return w.archive().program }
func (w winAuthZip) Detect(data []byte) bool { return w.archive().detect(data) }
func (w winAuthZip) Read(data []byte, o ReadOptions) ([]Entry, error) {
	return w.archive().read(data, o)
}

func (p plusZip) Name() string            { return p.archive().program }
func (p plusZip) Detect(data []byte) bool { return p.archive().detect(data) }
func (p plusZip) Read(data []byte, o ReadOptions) ([]Entry, error) {
	return p.archive().read(data, o)
}

func (r raivoZip) Name() string            { return r.archive().program }
func (r raivoZip) Detect(data []byte) bool { return r.archive().detect(data) }
func (r raivoZip) Read(data []byte, o ReadOptions) ([]Entry, error) {
	return r.archive().read(data, o)
}

// What an archive may hold: its files may overlap, so that a small one holds as much as its directory has lines.
const (
	maxList   = 4 << 20 // bytes of all lists together, unpacked: ten thousand lines
	maxListed = 1000    // files
)

func (z sealedZip) detect(data []byte) bool {
	files, _ := z.lists(data)
	return len(files) > 0
}

// lists are the lists of an archive. Nothing is written anywhere, so their names and paths do no harm.
func (z sealedZip) lists(data []byte) ([]*zip.File, error) {
	archive, err := readZip(data, maxListed)
	if err != nil {
		return nil, err
	}
	var files []*zip.File
	for _, f := range archive.File {
		if strings.HasSuffix(strings.ToLower(f.Name), z.suffix) {
			files = append(files, f)
		}
	}
	return files, nil
}

func (z sealedZip) read(data []byte, o ReadOptions) ([]Entry, error) {
	files, err := z.lists(data)
	if err != nil {
		return nil, lang.E("zip-damaged")
	}
	if len(files) == 0 {
		return nil, lang.E("zip-no-list")
	}
	var answer *string
	var entries []Entry
	left := maxList
	for _, f := range files {
		secret := ""
		if zipSealed(f) {
			if answer == nil {
				given, err := password(o.Ask, z.program)
				if err != nil {
					return nil, err
				}
				answer = &given
			}
			secret = *answer
		}
		text, err := z.unpack(f, secret, left, o.Budget)
		if err != nil {
			return nil, err
		}
		left -= len(text)
		if !z.list.Detect(text) {
			if zipSealed(f) { // the classic cipher lets one wrong password of 256 pass
				return nil, wrongPassword(z.program)
			}
			return nil, lang.E("zip-no-list")
		}
		more, err := z.list.Read(text, ReadOptions{Budget: o.Budget})
		if err != nil {
			return nil, err
		}
		if entries = append(entries, more...); len(entries) > maxEntries {
			return nil, tooMany()
		}
	}
	return entries, nil
}

// unpack reads one list, of which so many bytes are left.
func (z sealedZip) unpack(f *zip.File, secret string, left int, b *Budget) ([]byte, error) {
	var text []byte
	var err error
	tooBig := f.CompressedSize64 > uint64(left)+zipOverhead
	if !tooBig {
		text, err = unpackZip(f, secret, left, b)
	}
	switch {
	case tooBig || len(text) > left:
		return nil, lang.E("zip-big", "Most", maxList>>20)
	case err != nil && zipSealed(f): // the classic cipher has no other sign of a wrong password
		return nil, wrongPassword(z.program)
	case err != nil:
		return nil, lang.E("zip-damaged")
	}
	return text, nil
}

// unpackZip reads a member, of which no more than one byte above the limit is wanted.
func unpackZip(f *zip.File, secret string, limit int, b *Budget) ([]byte, error) {
	var r io.Reader
	var err error
	if zipSealed(f) {
		r, err = openZip(f, secret)
	} else {
		r, err = f.Open()
	}
	if err != nil {
		return nil, err
	}
	return io.ReadAll(unpacking{b, io.LimitReader(r, int64(limit)+1)})
}
