//go:build !windows

package disk

import (
	"io/fs"
	"os"
	"os/user"
	"strconv"
	"syscall"

	"kapu/lang"
)

// reader is on whose behalf something is read: whose files are believed beside root's.
type reader struct {
	uid    uint32
	strict bool // no group may write, nor does a closed folder shelter what is in it
	closed bool // others cannot enter the folder in which the next step lies
}

func ours() *reader { return &reader{uid: uint32(os.Geteuid())} }

// The bits of a mode that let a class of users write.
const (
	groupWrites = 0o020
	othersWrite = 0o002
	othersEnter = 0o011 // the group and all others
)

// judge says who else may have written a file, a folder or a link: ErrForeign in a sentence with the cure, or nil.
//
// A folder with the sticky bit (/tmp) may be everybody's: only who owns something in it can replace that. The group of
// a file may write if it is the person's own, with nobody else in it, as Fedora and Debian make one for everybody. Of
// access lists the mode's group bits are the upper bound, and where these are set the list is read.
func (r *reader) judge(path string, info fs.FileInfo) error {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok || s.Uid != 0 && s.Uid != r.uid {
		return r.foreign(path, s)
	}
	mode := info.Mode()
	if r.closed || isLink(info) || mode.IsDir() && mode&fs.ModeSticky != 0 {
		return nil
	}
	switch {
	case mode.Perm()&othersWrite != 0:
		return r.open(path, s, lang.E("trust-everybody"), "o-w")
	case mode.Perm()&groupWrites != 0:
		if list, ok := accessList(path); ok {
			if who := r.inList(list, s.Gid); who != nil {
				return r.open(path, s, who, "g-w")
			}
		} else if !r.private(s.Gid) {
			return r.open(path, s, groupName(s.Gid), "g-w")
		}
	}
	return nil
}

// judgeFile is judge for an open file, whose folder has been found to be trusted.
func (r *reader) judgeFile(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return r.judge(f.Name(), info)
}

// keepsOut says whether others cannot enter a folder: whatever the rights of what is in it, they do not come to it.
func keepsOut(info fs.FileInfo) bool { return info.IsDir() && info.Mode().Perm()&othersEnter == 0 }

// inList says who of an access list may write but the person and root; nil is nobody.
func (r *reader) inList(list []access, group uint32) error {
	for _, a := range list {
		if a.group {
			if a.id == ownGroup {
				a.id = group
			}
			if !r.private(a.id) {
				return groupName(a.id)
			}
		} else if a.id != 0 && a.id != r.uid {
			return lang.E("trust-user", "Name", userName(a.id))
		}
	}
	return nil
}

// foreign is the sentence about what belongs to somebody else.
func (r *reader) foreign(path string, s *syscall.Stat_t) error {
	if unowned(path) {
		return lang.E("trust-unowned", "Path", path).Kind(ErrUnowned)
	}
	return lang.E("trust-foreign", "Path", path, "Owner", userName(s.Uid),
		"ShellUser", lang.Shell(userName(r.uid)), "ShellPath", lang.Shell(path)).Kind(ErrForeign)
}

// open is the sentence about what others may write.
func (r *reader) open(path string, s *syscall.Stat_t, who error, mode string) error {
	if unowned(path) {
		return lang.E("trust-unowned", "Path", path).Kind(ErrUnowned)
	}
	if s.Uid != r.uid {
		return lang.E("trust-open-root", "Path", path, "Who", who, "Mode", mode, "ShellPath", lang.Shell(path)).Kind(ErrForeign)
	}
	return lang.E("trust-open", "Path", path, "Who", who, "Mode", mode, "ShellPath", lang.Shell(path)).Kind(ErrForeign)
}

func userName(uid uint32) string {
	id := strconv.FormatUint(uint64(uid), 10)
	if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return id
}

func groupName(gid uint32) error {
	id := strconv.FormatUint(uint64(gid), 10)
	if g, err := user.LookupGroupId(id); err == nil {
		id = g.Name
	}
	return lang.E("trust-group", "Name", id)
}
