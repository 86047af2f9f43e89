package exchange

import (
	"slices"
	"strings"

	"kapu/lang"
)

// keepassxc reads KeePassXC's CSV export. Its passwords are not read.
type keepassxc struct{}

func (keepassxc) Name() string { return "KeePassXC" }

var keepassxcTable = dialect{program: true, fields: map[string]field{
	"group": folderField, "title": nameField, "username": userField, "password": passwordField, "url": ignoredField,
	"notes": noteField, "totp": keyField, "icon": ignoredField, "last modified": ignoredField, "created": ignoredField,
}}

func (keepassxc) Detect(data []byte) bool {
	return hasHeadings(plainText(data), "group", "title", "username", "password", "totp")
}

func (keepassxc) Read(data []byte, o ReadOptions) ([]Entry, error) {
	entries, err := keepassxcTable.readText(plainText(data), ',', o)
	for i := range entries {
		e := &entries[i]
		_, e.Folder, _ = strings.Cut(e.Folder, "/") // every path begins with the database's own name
		if inBin(e.Folder) && e.Refuse == nil {
			e.Skip = lang.E("table-trashed")
		}
	}
	return entries, err
}

// inBin says whether a group is KeePassXC's bin or within it. The bin lies at the top, under the name that it has in
// the language of whoever made it.
func inBin(path string) bool {
	top, _, _ := strings.Cut(path, "/")
	switch lang.Fold(strings.TrimSpace(top)) {
	case "recycle bin", "lomtar", "kuka", "papierkorb":
		return true
	}
	return false
}

// hasHeadings says whether the first row names all these columns.
func hasHeadings(text string, all ...string) bool {
	line, _, _ := strings.Cut(text, "\n")
	rows := split(strings.ToLower(line), ',')
	return len(rows) > 0 && !slices.ContainsFunc(all, func(heading string) bool {
		return !slices.Contains(rows[0].cells, heading)
	})
}
