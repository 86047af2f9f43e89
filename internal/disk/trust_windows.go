package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/windows"

	"kapu/lang"
)

// reader is on whose behalf something is read: whose files are believed.
type reader struct {
	who    func() ([]*windows.SID, error)
	strict bool // have no meaning here: who may not enter a folder still comes to what is in it
	closed bool
}

func ours() *reader { return &reader{who: trusted} }

// keepsOut is false here, for everybody has the right to pass through folders (SeChangeNotifyPrivilege).
func keepsOut(fs.FileInfo) bool { return false }

// judge says who else may have written a file, a folder or a link: ErrForeign in a sentence with the cure, or nil. A
// link is looked at itself, not what it leads to. That others may make files in a folder, as everybody may in C:\, lets
// them change nothing that is there.
func (r *reader) judge(path string, info fs.FileInfo) error {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	h, err := windows.CreateFile(name, windows.READ_CONTROL, windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE,
		nil, windows.OPEN_EXISTING, windows.FILE_FLAG_BACKUP_SEMANTICS|windows.FILE_FLAG_OPEN_REPARSE_POINT, 0)
	if errors.Is(err, fs.ErrPermission) && info.IsDir() && strings.HasPrefix(filepath.VolumeName(path), `\\`) {
		return nil // a server may let people pass through the folders above theirs and see nothing of them
	}
	if err != nil {
		return &fs.PathError{Op: "rights", Path: path, Err: err}
	}
	defer windows.CloseHandle(h) //nolint:errcheck // nothing was written
	return r.judgeHandle(path, info, h)
}

// judgeFile is judge for an open file.
func (r *reader) judgeFile(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return r.judgeHandle(f.Name(), info, windows.Handle(f.Fd()))
}

func (r *reader) judgeHandle(path string, info fs.FileInfo, h windows.Handle) error {
	descriptor, err := windows.GetSecurityInfo(h, windows.SE_FILE_OBJECT,
		windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return &fs.PathError{Op: "rights", Path: path, Err: err}
	}
	who, err := r.who()
	if err != nil {
		return err
	}
	return judgeDescriptor(path, info.IsDir() || isLink(info), descriptor, who)
}

// judgeDescriptor is the rule: the owner is one of who, and nobody else has a right to change.
func judgeDescriptor(path string, folder bool, descriptor *windows.SECURITY_DESCRIPTOR, who []*windows.SID) error {
	list, _, err := descriptor.DACL()
	if err != nil || list == nil {
		return lang.E("trust-unowned", "Path", path).Kind(ErrUnowned)
	}
	owner, _, err := descriptor.Owner()
	if err != nil {
		return lang.E("trust-unowned", "Path", path).Kind(ErrUnowned)
	}
	if !slices.ContainsFunc(who, owner.Equals) {
		return lang.E("trust-foreign-windows", "Path", path, "Owner", accountName(owner), "ShellPath", lang.Shell(path)).
			Kind(ErrForeign)
	}
	mask, inherit := windows.ACCESS_MASK(changeFile|windows.GENERIC_WRITE), ""
	if folder {
		mask, inherit = changeFolder, "(OI)(CI)"
	}
	if path == top(path) {
		mask &^= windows.DELETE // nobody can delete or rename a drive's root
	}
	other, err := firstOther(descriptor, mask, who)
	if err != nil || other == nil {
		return err
	}
	if me := who[len(who)-1]; !owner.Equals(me) { // its rights are not the person's to change
		return lang.E("trust-open-elsewhere", "Path", path, "Who", accountName(other)).Kind(ErrForeign)
	}
	return lang.E("trust-open-windows", "Path", path, "Who", accountName(other), "ShellPath", lang.Shell(path),
		"Rights", rightsOnly(inherit)).Kind(ErrForeign)
}

// served says whether a path lies on a share, whose server's owner tells whose a file is.
func served(path string) bool {
	root, err := windows.UTF16PtrFromString(top(path))
	return err == nil && windows.GetDriveType(root) == windows.DRIVE_REMOTE
}

// accountName is the name of a user or group as Windows shows it, or the SID of one that is unknown here.
func accountName(sid *windows.SID) string {
	if name, _, _, err := sid.LookupAccount(""); err == nil {
		return name
	}
	return sid.String()
}

// rightsOnly are the arguments of icacls for what nobody but this user, the system and the administrators may use, by
// their SIDs, which are the same in every language.
func rightsOnly(inherit string) string {
	me := "%USERNAME%"
	if user, err := windows.GetCurrentProcessToken().GetTokenUser(); err == nil {
		me = "*" + user.User.Sid.String()
	}
	const system, administrators = "*S-1-5-18", "*S-1-5-32-544"
	var all []string
	for _, who := range []string{me, system, administrators} {
		all = append(all, `"`+who+":"+inherit+`F"`)
	}
	return strings.Join(all, " ")
}
