//go:build !windows

package disk

import (
	"os"
	"os/user"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// private says whether nobody but the person and root is in a group: root's own, or the group that a system makes for
// each user (user private group), which bears the user's name. What /etc does not know comes from a directory service,
// and is taken for a private one if its number is the user's.
func (r *reader) private(gid uint32) bool {
	const wheel, macAdministrators = 0, 80
	if gid == wheel && !r.strict || runtime.GOOS == "darwin" {
		return gid == wheel || gid == macAdministrators // groups of macOS are in no file, and none is private
	}
	if r.strict {
		return false
	}
	id, uid := strconv.FormatUint(uint64(gid), 10), strconv.FormatUint(uint64(r.uid), 10)
	name, known := uid, false
	if u, err := user.LookupId(uid); err == nil {
		name, known = u.Username, true
	}
	for _, line := range lines("/etc/passwd") { // name, -, user, group
		if len(line) > 3 && line[3] == id && line[2] != uid {
			return false
		}
	}
	for _, line := range lines("/etc/group") { // name, -, group, members
		if len(line) > 3 && line[2] == id {
			members := strings.FieldsFunc(line[3], func(r rune) bool { return r == ',' })
			return known && line[0] == name && !slices.ContainsFunc(members, func(m string) bool { return m != name && m != "root" })
		}
	}
	return id == uid
}

// lines are those of a table whose columns are parted by colons.
func lines(path string) (all [][]string) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	for line := range strings.Lines(string(data)) {
		all = append(all, strings.Split(strings.TrimSpace(line), ":"))
	}
	return all
}
