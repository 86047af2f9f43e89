package exchange

// passwordCSV reads the CSV export of a password manager that keeps one-time codes too. Logins without a code are
// skipped, and passwords are not read.
type passwordCSV struct {
	program  string
	headings []string // by which the file is known, in lower case
}

// The programs' headings.
var (
	onePasswordCSV   = passwordCSV{"1Password", []string{"title", "username", "password", "otpauth", "tags"}}
	appleCSV         = passwordCSV{"Apple Passwords", []string{"title", "url", "username", "password", "notes", "otpauth"}}
	protonPassCSV    = passwordCSV{"Proton Pass", []string{"type", "name", "username", "password", "totp", "vault"}}
	lastPassCSV      = passwordCSV{"LastPass", []string{"username", "password", "totp", "extra", "name", "grouping"}}
	dashlaneCSV      = passwordCSV{"Dashlane", []string{"username", "title", "password", "note", "otpurl"}}
	olderDashlaneCSV = passwordCSV{"Dashlane", []string{"username", "title", "password", "note", "otpsecret"}}
	safeInCloudCSV   = passwordCSV{"SafeInCloud", []string{"title", "login", "password", "one-time password"}}
	enpassCSV        = passwordCSV{"Enpass", []string{"title", "username", "password", "totp"}}
)

// passwordTable says what the columns of all of them mean: no two mean different things by one heading.
func passwordTable() dialect {
	fields := map[string]field{}
	for f, names := range map[field][]string{
		nameField:      {"title", "name"},
		userField:      {"username", "login"},
		keyField:       {"otpauth", "totp", "otpurl", "otpsecret", "one time password"},
		folderField:    {"vault", "grouping", "category", "tags", "tag", "folder"},
		noteField:      {"note", "notes", "extra", "comments"},
		favouriteField: {"favorite", "fav"},
		ownerField:     {"email", "e mail", "username2", "username3"}, // a second user name goes into the note
		passwordField:  {"password"},
		ignoredField: {
			"url", "urls", "website", "type", "archived", "createtime", "modifytime", "icon", "uuid", "created date",
			"modified date",
		},
	} {
		for _, name := range names {
			fields[name] = f
		}
	}
	return dialect{program: true, fields: fields}
}

func (p passwordCSV) Name() string { return p.program }

func (p passwordCSV) Detect(data []byte) bool {
	return hasHeadings(plainText(data[:min(len(data), 4<<10)]), p.headings...)
}

func (p passwordCSV) Read(data []byte, o ReadOptions) ([]Entry, error) {
	return passwordTable().readText(plainText(data), ',', o)
}
