package exchange

// enteEnvelope is Ente Auth's encrypted export: its plain lines as one chunk of a libsodium stream.
type enteEnvelope struct {
	Version   int `json:"version"`
	KDFParams struct {
		MemLimit uint64 `json:"memLimit"` // bytes
		OpsLimit uint64 `json:"opsLimit"` // passes
		Salt     []byte `json:"salt"`
	} `json:"kdfParams"`
	EncryptedData   []byte `json:"encryptedData"`
	EncryptionNonce []byte `json:"encryptionNonce"`
}

func openEnte(format string, data []byte, o ReadOptions) ([]byte, error) {
	file, err := decodeFile[enteEnvelope](format, data)
	if err == nil {
		err = upTo(1, file.Version, format)
	}
	if err != nil {
		return nil, err
	}
	if len(file.EncryptionNonce) != streamHeader || len(file.EncryptedData) < streamOverhead {
		return nil, damaged(format)
	}
	key, err := argon2id(file.KDFParams.Salt, file.KDFParams.OpsLimit, file.KDFParams.MemLimit>>10, 1).key(o, format)
	if err != nil {
		return nil, err
	}
	plain, ok := openStream(key, file.EncryptionNonce, file.EncryptedData)
	if !ok {
		return nil, wrongPassword(format)
	}
	return plain, nil
}
