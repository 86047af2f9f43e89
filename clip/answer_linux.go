package clip

import (
	"encoding/binary"
	"slices"
	"unicode/utf8"

	wire "golang.design/x/x11"
)

var le = binary.LittleEndian

// What the protocol has numbers for.
const (
	atomInteger = 19
	atomString  = 31
)

// xrdpProperty is where xrdp wants its answers.
const xrdpProperty = "XRDP_CLIP_PROPERTY_ATOM"

// internAtoms asks the server for the atoms, its numbers of names.
func (o *owner) internAtoms() error {
	o.atoms = map[string]uint32{"STRING": atomString}
	for _, name := range append(markNames(),
		"CLIPBOARD", "PRIMARY", "TARGETS", "TIMESTAMP", "MULTIPLE", "ATOM_PAIR", "UTF8_STRING", "TEXT", "text/plain",
		"text/plain;charset=utf-8", xrdpProperty, readProperty) {
		p, err := o.Ask(wire.InternAtom(name, false))
		if err != nil {
			return err
		}
		o.atoms[name] = p.Atom()
	}
	return nil
}

// offered are the names that the content can be had by. SAVE_TARGETS is none of them: nobody is to keep it when we
// are gone.
func (o *owner) offered() []string {
	names := append([]string{
		"TARGETS", "TIMESTAMP", "MULTIPLE", "UTF8_STRING", "TEXT", "text/plain;charset=utf-8", "text/plain",
	}, markNames()...)
	if o.latin() { // STRING is Latin-1 by definition
		names = append(names, "STRING")
	}
	return names
}

// latin tells whether the text is the same in Latin-1.
func (o *owner) latin() bool {
	return !slices.ContainsFunc(o.text, func(b byte) bool { return b >= utf8.RuneSelf })
}

// answer answers a program that wants to paste, or to know what it could.
//
// A request may be older than the content, which would be a reason to refuse it: programs give the time of the
// key that was pressed. But a person who presses too early would rather have the code than nothing.
func (o *owner) answer(r wire.SelectionRequestEvent) {
	if r.Property == wire.None {
		r.Property = r.Target // how old programs ask
	}
	ok := false
	if r.Target == o.atoms["MULTIPLE"] {
		ok = o.convertAll(r)
	} else {
		ok = o.convert(r.Requestor, r.Target, r.Property)
	}
	if !ok {
		r.Property = wire.None
	}
	if ok && (o.isText(r.Target) || r.Target == o.atoms["MULTIPLE"]) && o.inFront(r.Requestor) {
		o.paste.seen()
	}
	_ = o.Send(wire.SendSelectionNotify(wire.SelectionNotify{
		Time: r.Time, Requestor: r.Requestor, Selection: r.Selection, Target: r.Target, Property: r.Property,
	}))
}

// convert puts the content, in one form, where a program wants it.
func (o *owner) convert(requestor, target, property uint32) bool {
	put := func(kind uint32, format byte, data []byte) bool {
		request := wire.ChangeProperty(requestor, property, kind, format, data)
		defer clear(request)
		return o.Send(request) == nil
	}
	switch target {
	case o.atoms["TARGETS"]:
		var list []uint32
		for _, name := range o.offered() {
			list = append(list, o.atoms[name])
		}
		ok := put(wire.AtomATOM, 32, wire.AtomList(list...))
		if property == o.atoms[xrdpProperty] {
			o.xrdpAsked()
		}
		return ok
	case o.atoms["TIMESTAMP"]:
		return put(atomInteger, 32, wire.AtomList(o.since))
	case o.atoms["TEXT"]:
		return put(o.atoms["UTF8_STRING"], 8, o.content(property))
	case atomString:
		return o.latin() && put(target, 8, o.content(property))
	}
	for _, m := range marks {
		if target == o.atoms[m.name] {
			return put(target, 8, []byte(m.value))
		}
	}
	return o.isText(target) && put(target, 8, o.content(property))
}

// isText says whether a target is the content itself, in one form or another, and not a question about it.
func (o *owner) isText(target uint32) bool {
	switch target {
	case o.atoms["UTF8_STRING"], o.atoms["text/plain"], o.atoms["text/plain;charset=utf-8"], o.atoms["TEXT"], atomString:
		return true
	}
	return false
}

// xrdpAsked notes that xrdp, which asks by itself whenever the clipboard changes, knows of the content.
func (o *owner) xrdpAsked() {
	if !isClosed(o.announced) { // only serve closes it
		close(o.announced)
	}
	if o.text == nil {
		select {
		case o.clearedHeard <- struct{}{}:
		default: // it asked again
		}
	}
}

// content is the text. xrdp never answers its client's question for an empty text, and a program that pastes there
// hangs; a text that ends at once is what it passes on as empty.
func (o *owner) content(property uint32) []byte {
	if len(o.text) == 0 && property == o.atoms[xrdpProperty] {
		return []byte{0}
	}
	return o.text
}

// convertAll does what one request asks for in many forms. Its property lists them, and is told which failed.
func (o *owner) convertAll(r wire.SelectionRequestEvent) bool {
	const anyType, most = 0, 256
	p, err := o.Ask(wire.GetProperty(false, r.Requestor, r.Property, anyType, 0, most))
	if err != nil {
		return false // an error of the connection is serve's to find
	}
	pairs := p.PropertyValue()
	for pair := pairs; len(pair) >= 8; pair = pair[8:] {
		target, property := le.Uint32(pair), le.Uint32(pair[4:])
		if property == wire.None || !o.convert(r.Requestor, target, property) {
			le.PutUint32(pair[4:], wire.None)
		}
	}
	if len(pairs) == 0 || len(pairs)%8 != 0 {
		return false
	}
	return o.Send(wire.ChangeProperty(r.Requestor, r.Property, o.atoms["ATOM_PAIR"], 32, pairs)) == nil
}
