package exchange

// bitwardenCSV reads the CSV export of Bitwarden and Vaultwarden, of a person or an organisation. Its passwords
// are not read.
type bitwardenCSV struct{}

func (bitwardenCSV) Name() string { return "Bitwarden" }

var bitwardenTable = dialect{program: true, fields: map[string]field{
	"folder": folderField, "collections": folderField, "favorite": favouriteField, "type": ignoredField, "name": nameField,
	"notes": noteField, "reprompt": ignoredField, "archiveddate": ignoredField, "login uri": ignoredField,
	"login username": userField, "login password": passwordField, "login totp": keyField,
}}

func (bitwardenCSV) Detect(data []byte) bool {
	return hasHeadings(plainText(data), "name", "login_username", "login_totp")
}

func (bitwardenCSV) Read(data []byte, o ReadOptions) ([]Entry, error) {
	return bitwardenTable.readText(plainText(data), ',', o)
}
