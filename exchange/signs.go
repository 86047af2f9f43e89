package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"kapu/lang"
	"kapu/vault"
)

// A sign is what a file of another program is known by. Of what no reader reads, the sentence names the program and the
// way out of it; nobody is asked for such a file's password.
type sign struct {
	program string
	way     string // out of it
	as      string // what the sentence says to export as, or with which command
	start   string // the first bytes
	within  string // texts that stand within the first bytes, by bars
	keys    string // keys of JSON, by bars, or the headings of a CSV, each with its comma
	whole   bool   // there are no other headings
	entry   string // a file of a zip archive
}

// signReach is how far into a file signs are looked for, in bytes.
const signReach = 64 << 10

// The ways out of other programs.
const (
	wayPortal   = "portal"   // nothing gives the keys: the portal does
	wayEntries  = "entries"  // the program shows them, entry by entry
	wayExport   = "export"   // another of its exports has them
	wayNoKeys   = "no-keys"  // this export has none
	wayArchive  = "archive"  // to be unpacked
	wayDocument = "document" // no table
	wayDecrypt  = "decrypt"  // by the program's command
	waySheet    = "sheet"    // a table, to be saved in another format
)

// Where several are fitting, the first counts.
var signs = [...]sign{
	{program: "Microsoft Authenticator", way: wayPortal, start: "SQLite format 3\x00", within: "oath_secret_key"},
	{program: "Google Authenticator", way: wayExport, as: "QR", start: "SQLite format 3\x00", within: "original_name|provider"},
	{program: "Stratum", way: wayExport, as: "JSON", start: "SQLite format 3\x00", within: "authenticatorcategory"},
	{program: "SQLite", way: wayPortal, start: "SQLite format 3\x00"},
	{program: "Authy", way: wayPortal, start: "<", within: "<map>|com.authy"},
	{program: "Battle.net", way: wayPortal, start: "<", within: "<map>|com.blizzard"},
	{program: "FreeOTP", way: wayExport, as: "externalBackup.xml", start: "<", within: "<map>|issuerExt"},
	{program: "TOTP Authenticator", way: wayEntries, start: "<", within: "<map>|STATIC_TOTP_CODES_LIST"},
	{program: "SafeInCloud", way: wayExport, as: "CSV", start: "<", within: "<database|<card "},
	{program: "Password Safe", way: wayEntries, start: "<", within: "<passwordsafe"},
	{program: "Password Safe", way: wayEntries, start: "PWS3"},
	{program: "KeePass 1", way: wayExport, as: ".kdbx", start: keepassMark + "\x65\xfb\x4b\xb5"},
	{program: "KeePass", way: wayExport, as: ".kdbx", start: keepassMark + "\x66\xfb\x4b\xb5"},

	{program: "Authy", way: wayPortal, keys: "authenticator_tokens"},
	{program: "Authy", way: wayPortal, keys: "encrypted_seed|unique_id"},
	{program: "Authy", way: wayPortal, keys: "encrypted_seed|salt"},
	{program: "Duo Mobile", way: wayPortal, keys: "otpGenerator"},
	{program: "Steam", way: wayPortal, keys: "shared_secret|identity_secret"},
	{program: "Steam", way: wayPortal, keys: "shared_secret|serial_number"},
	{program: "Passman", way: wayEntries, keys: "credential_id|guid"},
	{program: "Proton Pass", way: wayExport, as: "CSV", keys: "vaults|shareId"},
	{program: "Proton Pass", way: wayExport, as: "CSV", keys: "vaults|userId"},
	{program: "Enpass", way: wayEntries, keys: "items|template_type"},
	{program: "Dashlane", way: wayExport, as: "CSV", keys: "AUTHENTIFIANT"},
	{program: "Keeper", way: wayEntries, keys: "records|custom_fields"},
	{program: "Keeper", way: wayEntries, keys: "records|shared_folders"},
	{program: "1Password", way: wayExport, as: "CSV", keys: "securityLevel|secureContents"},
	{program: "1Password", way: wayExport, as: "CSV", keys: "accounts|vaults|attrs"},
	{program: "Buttercup", way: wayEntries, keys: "!type|pcsv_group"},

	{program: "1Password", way: wayExport, as: "CSV", entry: "export.attributes"},
	{program: "Proton Pass", way: wayExport, as: "CSV", entry: "proton pass/"},
	{program: "Excel (.xlsb)", way: waySheet, entry: "xl/workbook.bin"},
	{program: "Word", way: wayDocument, entry: "word/"},
	{program: "PowerPoint", way: wayDocument, entry: "ppt/"},
	{program: "LibreOffice Writer", way: wayDocument, start: "PK", within: "application/vnd.oasis.opendocument.text"},
	{program: "Word", way: wayDocument, start: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", within: "W\x00o\x00r\x00d\x00D\x00"},
	{program: "Word", way: wayDocument, start: `{\rtf`},

	{program: "GnuPG", way: wayDecrypt, as: "gpg --decrypt", start: "-----BEGIN PGP MESSAGE-----"},
	{program: "age", way: wayDecrypt, as: "age --decrypt", start: "age-encryption.org/"},
	{program: "age", way: wayDecrypt, as: "age --decrypt", start: "-----BEGIN AGE ENCRYPTED FILE-----"},
	{program: "OpenSSL", way: wayDecrypt, as: "openssl enc -d", start: "Salted__"},
	{program: "1Password", way: wayExport, as: "CSV", within: "***5642bee8-a5ff-11dc-8314-0800200c9a66***"},
	{program: "RAR", way: wayArchive, start: "Rar!\x1a\x07"},
	{program: "7-Zip", way: wayArchive, start: "7z\xbc\xaf\x27\x1c"},
	{program: "gzip", way: wayArchive, start: "\x1f\x8b"},
	{program: "bzip2", way: wayArchive, start: "BZh"},
	{program: "xz", way: wayArchive, start: "\xfd7zXZ\x00"},
	{program: "Zstandard", way: wayArchive, start: "\x28\xb5\x2f\xfd"},

	{program: "NordPass", way: wayNoKeys, keys: "name,url,additional_urls,username,"},
	{program: "NordPass", way: wayNoKeys, keys: "name,url,username,password,note,cardholdername,"},
	{program: "RoboForm", way: wayNoKeys, keys: "name,url,matchurl,login,pwd,"},
	{program: "RoboForm", way: wayNoKeys, keys: "name,url,login,pwd,"},
	{program: "Firefox", way: wayNoKeys, keys: "url,username,password,httprealm,"},
	{program: "Chrome / Edge", way: wayNoKeys, keys: "name,url,username,password,", whole: true},
	{program: "Chrome / Edge", way: wayNoKeys, keys: "name,url,username,password,note,", whole: true},
}

// signOf says which other program a file is of, or nil.
func signOf(data []byte) *lang.Error {
	if vault.IsArchive(data) {
		return nil
	}
	head := data[:min(len(data), signReach)]
	var names []string
	if bytes.HasPrefix(head, []byte("PK")) {
		names = namesInZip(data)
	}
	for i := range signs {
		if s := &signs[i]; s.fits(head, names) {
			return lang.E("other-"+s.way, "Program", s.program, "As", s.as)
		}
	}
	if isPGP(head) {
		return lang.E("other-"+wayDecrypt, "Program", "GnuPG (pass)", "As", "gpg --decrypt")
	}
	return nil
}

func (s *sign) fits(head []byte, names []string) bool {
	if s.entry != "" {
		for _, name := range names {
			if strings.HasPrefix(name, s.entry) {
				return true
			}
		}
		return false
	}
	if !bytes.HasPrefix(bytes.TrimPrefix(head, []byte("\ufeff")), []byte(s.start)) {
		return false
	}
	for part := range strings.SplitSeq(s.within, "|") {
		if !bytes.Contains(head, []byte(part)) {
			return false
		}
	}
	switch {
	case s.keys == "":
		return true
	case strings.Contains(s.keys, ","):
		line, _, _ := bytes.Cut(bytes.TrimPrefix(head, []byte("\ufeff")), []byte("\n"))
		line = bytes.ToLower(bytes.ReplaceAll(line[:min(len(line), 1<<10)], []byte(`"`), nil))
		line = append(bytes.TrimSpace(line), ',')
		return bytes.HasPrefix(line, []byte(s.keys)) && (len(line) == len(s.keys) || !s.whole)
	}
	keys := strings.Split(s.keys, "|")
	return hasKeys(head, '{', keys...) || hasKeys(head, '[', keys...)
}

// namesInZip are the names of an archive's files, in lower case; none if there are more than any of these programs
// write.
func namesInZip(data []byte) (names []string) {
	if bytes.Count(data, []byte(zipDirectoryLine)) > 10*maxListed {
		return nil
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil
	}
	for _, f := range archive.File {
		names = append(names, strings.ToLower(f.Name))
	}
	return names
}

// isPGP says whether data begins as a message that OpenPGP has encrypted: to a key (packet 1, version 3 or 6) or by a
// password (packet 3, version 4, 5 or 6).
func isPGP(data []byte) bool {
	if len(data) < 16 || data[0]&0x80 == 0 {
		return false
	}
	packet, size := data[0]>>2&0x0f, 1<<(data[0]&3) // the old form, in whose size pass files are written
	body := data[1+min(size, 4):]
	if data[0]&0x40 != 0 {
		packet, body = data[0]&0x3f, data[2:]
		if data[1] >= 192 {
			body = data[3:]
		}
	} else if data[0]&3 == 3 {
		return false
	}
	switch packet {
	case 1: // version, eight bytes that name the key, algorithm
		return body[0] == 3 && len(body) > 9 && (body[9] == 1 || body[9] == 16 || body[9] == 18 || body[9] == 25)
	case 3: // version, cipher, how the key is made
		return (body[0] == 4 || body[0] == 5) && body[1] >= 1 && body[1] <= 13 && body[2] <= 4
	}
	return false
}

// unknown is said of what no reader and no sign knows.
func unknown(data []byte) error {
	head := data[:min(len(data), signReach)]
	switch {
	case isBase64(head):
		return lang.E("other-base64")
	case bytes.HasPrefix(head, []byte("PK")):
		if len(namesInZip(data)) == 0 {
			return lang.E("import-unknown") // damaged, whatever it was
		}
		return lang.E("other-"+wayArchive, "Program", "zip", "As", "")
	case bytes.IndexByte(head, 0) >= 0 || !utf8.Valid(head[:max(0, len(head)-utf8.UTFMax)]) && !isText8(head):
		return lang.E("import-unknown-binary")
	}
	return lang.E("import-unknown")
}

// isText8 says whether data could be a text of an encoding with one byte to a character.
func isText8(data []byte) bool {
	for _, b := range data {
		if b < ' ' && b != '\t' && b != '\n' && b != '\r' {
			return false
		}
	}
	return true
}

// isBase64 says whether a file is a text of Base64 alone, as some programs write what they have encrypted.
func isBase64(data []byte) bool {
	text := strings.Join(strings.Fields(string(data)), "")
	if len(text) < 64 || strings.Contains(string(data[:min(len(data), 40)]), " ") {
		return false
	}
	raw, err := base64.StdEncoding.DecodeString(text[:len(text)&^3])
	return err == nil && !utf8.Valid(raw)
}
