package exchange

import "encoding/json"

// enteSealed writes Ente Auth's encrypted export: its plain lines, sealed by a key that costs so much to make.
type enteSealed struct{ memory, passes uint64 }

// What Ente itself writes on a machine that cannot spare a gigabyte, such as a telephone: a terminal server cannot
// either. It takes some seconds, and it is what its other end expects.
const (
	enteMemory = 128 << 20 // bytes
	entePasses = 32
)

func (enteSealed) Name() string    { return ente{}.Name() }
func (enteSealed) Sealed() bool    { return true }
func (enteSealed) Fits(Entry) bool { return true }

func (w enteSealed) Write(entries []Entry, o Options) ([][]byte, error) {
	lines, err := enteLines(entries)
	if err != nil {
		return nil, err
	}
	var file enteEnvelope
	file.Version = 1
	file.KDFParams.MemLimit, file.KDFParams.OpsLimit = w.memory, w.passes
	file.KDFParams.Salt = random(16)
	key, err := argon2id(file.KDFParams.Salt, w.passes, w.memory>>10, 1).derive(nil, o.Passphrase)
	if err != nil {
		return nil, err
	}
	file.EncryptionNonce, file.EncryptedData = sealStream(key, lines)
	data, err := json.Marshal(file)
	return [][]byte{data}, err
}
