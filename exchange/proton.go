package exchange

// proton reads Proton Authenticator's JSON export, plain or encrypted.
type proton struct{}

func (proton) Name() string { return "Proton Authenticator" }

func (proton) Detect(data []byte) bool {
	return hasKeys(data, '{', "entries", "entry_type") || hasKeys(data, '{', "version", "salt", "content")
}

// protonFile is either, and what is in Content under the password is the plain one.
type protonFile struct {
	Version       int
	Entries       items
	Salt, Content []byte
}

func (p proton) Read(data []byte, o ReadOptions) ([]Entry, error) {
	file, err := decodeFile[protonFile](p.Name(), data)
	if err == nil {
		err = upTo(1, file.Version, p.Name())
	}
	if err == nil && file.Entries == nil {
		file, err = p.open(file, o)
	}
	if err != nil {
		return nil, err
	}
	return entriesOf(o.Budget, p.Name(), file.Entries, func(x struct {
		Content struct{ URI, Name string }
		Note    string
	}, e *Entry,
	) (err error) {
		*e, err = readCode(x.Content.URI)
		e.Note = x.Note
		e.renamed(x.Content.Name)
		return err
	}), nil
}

const protonNonce = 12

func (p proton) open(file protonFile, o ReadOptions) (protonFile, error) {
	if len(file.Content) < protonNonce+gcmTag {
		return file, damaged(p.Name())
	}
	key, err := argon2id(file.Salt, 2, 19<<10, 1).key(o, p.Name())
	if err != nil {
		return file, err
	}
	plain, ok := openGCM(key, file.Content[:protonNonce], file.Content[protonNonce:], "proton.authenticator.export.v1")
	if !ok {
		return file, wrongPassword(p.Name())
	}
	file, err = decodeFile[protonFile](p.Name(), plain)
	if err == nil && file.Entries == nil {
		err = damaged(p.Name())
	}
	return file, err
}
