package exchange

import (
	"bytes"
	"io"
	"strings"

	"github.com/yeka/zip"

	"kapu/lang"
)

// winAuthZip reads the zip archive that WinAuth exports to: a list of otpauth lines, usually behind a password, by
// the classic cipher or by AES. The list alone is read by otpauth.
type winAuthZip struct{}

const maxList = 4 << 20 // ten thousand lines

func (winAuthZip) Name() string { return "WinAuth" }

func (winAuthZip) Detect(data []byte) bool {
	files, _ := lists(data)
	return len(files) > 0
}

// lists are the text files of an archive. Nothing is written anywhere, so their names and paths do no harm.
func lists(data []byte) (files []*zip.File, err error) {
	defer spoilt(&err)
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	for _, f := range archive.File {
		// The library makes room for what the archive says.
		if f.CompressedSize64 <= uint64(len(data)) && strings.HasSuffix(strings.ToLower(f.Name), ".txt") {
			files = append(files, f)
		}
	}
	return files, nil
}

// damaged makes an error of the panics of a library that does not count what is left of a header.
func spoilt(err *error) {
	if recover() != nil {
		*err = lang.E("zip-damaged")
	}
}

func (w winAuthZip) Read(data []byte, o ReadOptions) ([]Entry, error) {
	files, err := lists(data)
	if err != nil {
		return nil, lang.E("zip-damaged")
	}
	var answer *string
	var entries []Entry
	for _, f := range files {
		if f.IsEncrypted() {
			if answer == nil {
				given, err := password(o.Ask, w.Name())
				if err != nil {
					return nil, err
				}
				answer = &given
			}
			f.SetPassword(*answer)
		}
		text, err := unpack(f)
		if err != nil {
			return nil, err
		}
		if !isList(plainText(text)) {
			return nil, lang.E("zip-no-list")
		}
		more, err := otpauth{}.Read(text, ReadOptions{})
		if entries = append(entries, more...); err != nil || len(entries) > maxEntries {
			return nil, tooMany()
		}
	}
	return entries, nil
}

func unpack(f *zip.File) (text []byte, err error) {
	defer spoilt(&err)
	r, err := f.Open()
	if err == nil {
		defer r.Close()
		text, err = io.ReadAll(io.LimitReader(r, maxList+1))
	}
	switch {
	case len(text) > maxList:
		return nil, lang.E("zip-big", "Most", maxList>>20)
	case err != nil && f.IsEncrypted(): // the classic cipher has no other sign of a wrong password
		return nil, wrongPassword(winAuthZip{}.Name())
	case err != nil:
		return nil, lang.E("zip-damaged")
	}
	return text, nil
}
