package exchange

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"kapu/lang"
	"kapu/vault"
)

// keepassXML reads what KeePass 2 and KeePassXC export as XML: the text of a database, unencrypted.
type keepassXML struct{}

func (keepassXML) Name() string { return kdbx{}.Name() }

func (keepassXML) Detect(data []byte) bool {
	start := bytes.TrimSpace(bytes.TrimPrefix(data[:min(len(data), 1<<10)], []byte("\ufeff")))
	return bytes.HasPrefix(start, []byte("<")) && bytes.Contains(start, []byte("<KeePassFile"))
}

func (keepassXML) Read(data []byte, o ReadOptions) ([]Entry, error) {
	return readKeePassXML(o.Budget, bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))), plainStream{}, nil)
}

// keepassReader reads a database's text from its beginning to its end: each protected value must be decrypted in its
// turn, also those of which nothing is taken in.
type keepassReader struct {
	d       *xml.Decoder
	stream  valueStream
	header  []byte
	bin     string // the id of the group that is the bin
	hasBin  bool
	budget  *Budget
	entries []Entry
	depth   int
}

// maxDepth is how deep elements may lie within each other. Groups do, ten deep in the deepest of databases.
const maxDepth = 200

var errXML = errors.New("not as KeePass writes it")

// readKeePassXML reads a database's text, in which format 3 has the hash of the header.
func readKeePassXML(b *Budget, r io.Reader, stream valueStream, header []byte) ([]Entry, error) {
	k := &keepassReader{d: decoderOf(b, r), stream: stream, header: header, hasBin: true, budget: b}
	for {
		t, err := k.d.Token()
		if _, declares := t.(xml.Directive); err != nil || declares {
			return nil, damaged(kdbx{}.Name())
		}
		if start, ok := t.(xml.StartElement); ok {
			if start.Name.Local != "KeePassFile" {
				return nil, damaged(kdbx{}.Name())
			}
			break
		}
	}
	err := k.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "Meta":
			return k.meta()
		case "Root":
			return k.children(func(e xml.StartElement) error {
				if e.Name.Local == "Group" {
					return k.group(nil, true, false)
				}
				return k.skip(e)
			})
		}
		return k.skip(e)
	})
	if errors.Is(err, errBudget) {
		return nil, err
	}
	if err != nil {
		return nil, damaged(kdbx{}.Name())
	}
	return k.entries, nil
}

// decoderOf decodes XML that ends with the import, and of which no text is longer than a large attachment: the decoder
// holds each text as a whole, twice.
func decoderOf(b *Budget, r io.Reader) *xml.Decoder {
	return xml.NewDecoder(&shortTexts{Reader: ending{b, r}, budget: b})
}

// maxXMLText is the longest text between two tags, in bytes.
const maxXMLText = 16 << 20

// shortTexts is a reader that fails where for too long no tag begins.
type shortTexts struct {
	io.Reader
	budget *Budget
	long   int // since the last tag began
}

func (s *shortTexts) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if at := bytes.LastIndexByte(p[:n], '<'); at >= 0 {
		s.long = n - at
	} else if s.long += n; s.long > maxXMLText {
		s.budget.spent = tooLong()
		return 0, s.budget.spent
	}
	return n, err
}

// children hands each element within the current one to read, which reads it to its end.
func (k *keepassReader) children(read func(xml.StartElement) error) error {
	if k.depth++; k.depth > maxDepth {
		return errXML
	}
	defer func() { k.depth-- }()
	for {
		t, err := k.d.Token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.Directive:
			return errXML
		case xml.EndElement:
			return nil
		case xml.StartElement:
			if err := read(t); err != nil {
				return err
			}
		}
	}
}

// skip reads an element of which nothing is wanted.
func (k *keepassReader) skip(e xml.StartElement) error {
	_, _, err := k.read(e, false)
	return err
}

// text reads an element's text, decrypted if it is protected.
func (k *keepassReader) text(e xml.StartElement) (text string, secret bool, err error) {
	return k.read(e, true)
}

// read reads an element to its end. A text that is not wanted is kept only as long as the stream must go over it.
func (k *keepassReader) read(e xml.StartElement, wanted bool) (text string, secret bool, err error) {
	if k.depth++; k.depth > maxDepth {
		return "", false, errXML
	}
	defer func() { k.depth-- }()
	protected := strings.EqualFold(attribute(e, "Protected"), "true")
	var b strings.Builder
	for end := false; !end; {
		t, err := k.d.Token()
		if err != nil {
			return "", false, err
		}
		switch t := t.(type) {
		case xml.CharData:
			if wanted || protected {
				b.Write(t)
			}
		case xml.StartElement:
			if err := k.skip(t); err != nil {
				return "", false, err
			}
		case xml.EndElement:
			end = true
		}
	}
	if !protected {
		return b.String(), strings.EqualFold(attribute(e, "ProtectInMemory"), "true"), nil
	}
	sealed, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(b.String()), ""))
	if err != nil {
		return "", false, err
	}
	k.stream.XORKeyStream(sealed, sealed)
	return string(sealed), true, nil
}

func (k *keepassReader) meta() error {
	return k.children(func(e xml.StartElement) error {
		text, _, err := k.text(e)
		switch e.Name.Local {
		case "RecycleBinEnabled":
			k.hasBin = !strings.EqualFold(text, "false")
		case "RecycleBinUUID":
			k.bin = text
		case "HeaderHash":
			sum := sha256.Sum256(k.header)
			if err == nil && k.header != nil && text != base64.StdEncoding.EncodeToString(sum[:]) {
				return errXML
			}
		}
		return err
	})
}

// group reads a group within the groups of a path. The uppermost has the database's name, which is no folder.
func (k *keepassReader) group(path []string, top, binned bool) error {
	name := ""
	within := func() []string {
		if top {
			return nil
		}
		return append(path[:len(path):len(path)], name)
	}
	return k.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "UUID":
			id, _, err := k.text(e)
			binned = binned || k.hasBin && id == k.bin && strings.Trim(id, "A=") != "" // of none it is zeros
			return err
		case "Name":
			text, _, err := k.text(e)
			name = vault.CleanText(text)
			return err
		case "Group":
			return k.group(within(), false, binned)
		case "Entry":
			x, err := k.entry()
			if err != nil {
				return err
			}
			if len(k.entries) == maxEntries {
				return tooMany()
			}
			if err := k.budget.err(); err != nil {
				return err
			}
			k.entries = append(k.entries, x.read(len(k.entries)+1, strings.Join(within(), "/"), binned))
			return nil
		}
		return k.skip(e)
	})
}

// keepassEntry is what a database holds of an entry, but for its attachments and what it was before.
type keepassEntry struct {
	fields   []keepassField
	tags     string
	attached []string
}

type keepassField struct {
	name, value string
	secret      bool
}

func (k *keepassReader) entry() (x keepassEntry, err error) {
	err = k.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "String":
			f, err := k.field()
			x.fields = append(x.fields, f)
			if over := k.budget.spend(1 + len(x.fields)/100); over != nil { // an entry has a dozen
				return over
			}
			return err
		case "Binary":
			f, err := k.field()
			x.attached = append(x.attached, f.name)
			if over := k.budget.spend(1 + len(x.attached)/100); over != nil {
				return over
			}
			return err
		case "Tags":
			x.tags, _, err = k.text(e)
			return err
		}
		return k.skip(e)
	})
	return x, err
}

func (k *keepassReader) field() (f keepassField, err error) {
	err = k.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "Key":
			f.name, _, err = k.text(e)
			return err
		case "Value":
			f.value, f.secret, err = k.text(e)
			return err
		}
		return k.skip(e)
	})
	return f, err
}

// read makes an entry of it. The password is not read.
func (x keepassEntry) read(line int, folder string, binned bool) Entry {
	of := map[string]string{}
	for _, f := range x.fields {
		of[strings.ToLower(f.name)] = f.value
	}
	e, used, err := keepassCode(of)
	title := vault.CleanText(of["title"])
	e.Line = line
	switch {
	case binned:
		return Entry{Line: line, Name: shorten(title, vault.MaxName), Folder: folder, Skip: lang.E("table-trashed")}
	case used == nil:
		return Entry{Line: line, Name: shorten(title, vault.MaxName), Skip: lang.E("import-no-code")}
	}
	e.UserName, e.Folder, e.Note = of["username"], folder, of["notes"]
	if title != "" {
		if lang.Fold(e.Service) == lang.Fold(title) {
			e.Service = "" // KeePassXC has no place for the service and writes the title there
		}
		if e.Name == "none" {
			e.Name = title // which it writes where there is no user name
		}
		e.renamed(title)
	}
	e.keep("URL", of["url"])
	if x.tags != "" {
		e.keep("Tags", strings.Join(strings.FieldsFunc(x.tags, func(r rune) bool { return r == ';' || r == ',' }), ", "))
	}
	for _, f := range x.fields {
		switch name := strings.ToLower(f.name); {
		case used[name] || name == "title" || name == "username" || name == "password" || name == "url" || name == "notes":
		case isCodeField(name):
			if vault.CleanText(f.value) != "" && (strings.Contains(name, "secret") || name == "totp seed") {
				e.leaveOut(f.name) // a second key
			}
		default:
			e.custom(f.name, f.value, f.secret)
		}
	}
	e.leaveOut(x.attached...)
	if err == nil {
		e.wholeKey()
		err = e.fit()
	}
	if err != nil {
		e.refused(err)
	}
	return e
}
