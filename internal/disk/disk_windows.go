package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Folder makes a folder, and those above it that are missing. One that exists stays as it is. Go's mode means nothing
// here: what it makes has the rights of the folder above, which outside of the person's profile lets others read.
func Folder(dir string) error {
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return nil
	}
	if parent := filepath.Dir(dir); parent != dir {
		if err := Folder(parent); err != nil {
			return err
		}
	}
	private, err := attributes()
	if err != nil {
		return err
	}
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return err
	}
	err = windows.CreateDirectory(name, private)
	if err == nil || errors.Is(err, fs.ErrExist) { // by another process, a moment ago
		return nil
	}
	return &fs.PathError{Op: "mkdir", Path: dir, Err: err}
}

// WriteFile writes a file. One that is there already goes first, for it would keep its rights.
func WriteFile(path string, data []byte) error {
	if err := Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	private, err := attributes()
	if err != nil {
		return err
	}
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	h, err := windows.CreateFile(name, windows.GENERIC_WRITE, 0, private, windows.CREATE_NEW, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return &fs.PathError{Op: "open", Path: path, Err: err}
	}
	f := os.NewFile(uintptr(h), path)
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

// OpenToOthers says whether other users of the machine can read a file or folder.
func OpenToOthers(path string) (bool, error) {
	trusted, err := trusted()
	if err != nil {
		return false, err
	}
	descriptor, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return false, &fs.PathError{Op: "rights", Path: path, Err: err}
	}
	return allowsOthers(descriptor, windows.FILE_READ_DATA|windows.GENERIC_READ|windows.GENERIC_ALL, trusted)
}

// What lets somebody change a file, or what its folder has in its place. That people may make further files in the
// folder, as in all of %ProgramData%, is none of it.
const (
	deleteChild  = 0x40
	changeFile   = windows.FILE_WRITE_DATA | windows.FILE_APPEND_DATA | changeFolder
	changeFolder = deleteChild | windows.DELETE | windows.WRITE_DAC | windows.WRITE_OWNER | windows.GENERIC_ALL
)

// Administrators says whether a file is an administrator's or the system's, and whether nobody else can change it or
// what its folder has in its place.
func Administrators(path string) (theirs, closed bool, err error) {
	trusted, err := administrators()
	if err != nil {
		return false, false, err
	}
	closed = true
	for _, at := range []struct {
		path string
		mask windows.ACCESS_MASK
	}{{filepath.Dir(path), changeFolder}, {path, changeFile | windows.GENERIC_WRITE}} {
		descriptor, err := windows.GetNamedSecurityInfo(at.path, windows.SE_FILE_OBJECT,
			windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION)
		if err != nil {
			return false, false, &fs.PathError{Op: "rights", Path: at.path, Err: err}
		}
		owner, _, err := descriptor.Owner()
		if err != nil {
			return false, false, err
		}
		theirs = slices.ContainsFunc(trusted, owner.Equals) // at last of the file itself
		open, err := allowsOthers(descriptor, at.mask, trusted)
		if err != nil {
			return false, false, err
		}
		closed = closed && theirs && !open
	}
	return theirs, closed, nil
}

// administrators are who can change everything on this machine anyway, as SIDs.
func administrators() (list []*windows.SID, err error) {
	for _, known := range []windows.WELL_KNOWN_SID_TYPE{
		windows.WinLocalSystemSid, windows.WinBuiltinAdministratorsSid, windows.WinCreatorOwnerRightsSid,
	} {
		sid, err := windows.CreateWellKnownSid(known)
		if err != nil {
			return nil, err
		}
		list = append(list, sid)
	}
	const installer = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464" // NT SERVICE\TrustedInstaller
	sid, err := windows.StringToSid(installer)
	return append(list, sid), err
}

// allowsOthers says whether the rights let anybody but the trusted do any of what a mask names.
func allowsOthers(descriptor *windows.SECURITY_DESCRIPTOR, mask windows.ACCESS_MASK, trusted []*windows.SID) (bool, error) {
	list, _, err := descriptor.DACL()
	if err != nil || list == nil { // a filesystem without rights, as a stick may have
		return true, nil
	}
	for i := range uint32(list.AceCount) {
		var entry *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(list, i, &entry); err != nil {
			return false, err
		}
		if entry.Header.AceType != windows.ACCESS_ALLOWED_ACE_TYPE || entry.Header.AceFlags&windows.INHERIT_ONLY_ACE != 0 ||
			entry.Mask&mask == 0 {
			continue
		}
		who := (*windows.SID)(unsafe.Pointer(&entry.SidStart))
		if !slices.ContainsFunc(trusted, who.Equals) {
			return true, nil
		}
	}
	return false, nil
}

// trusted are this user, the system and the machine's administrators, as in the folders of a profile. The last two
// can take whatever they want anyway, and a profile that roams is carried by them.
func trusted() ([]*windows.SID, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, err
	}
	list, err := administrators()
	return append(list, user.User.Sid), err
}

// attributes are the rights of what is made here: all for the user, the system and administrators, none for others,
// none from the folder above, the same for everything inside.
func attributes() (*windows.SecurityAttributes, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, err
	}
	descriptor, err := windows.SecurityDescriptorFromString(
		"D:P(A;OICI;FA;;;" + user.User.Sid.String() + ")(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)")
	if err != nil {
		return nil, err
	}
	a := &windows.SecurityAttributes{SecurityDescriptor: descriptor}
	a.Length = uint32(unsafe.Sizeof(*a))
	return a, nil
}

// busyTime is how long another process may hold a file. Another session reads the vault for milliseconds; a virus
// scanner looks at what was just written.
const busyTime = 2 * time.Second

// patiently tries again while another process holds the file. Access is denied too where it is being replaced just
// now, so a real refusal is reported late.
func patiently(do func() error) error {
	deadline := time.Now().Add(busyTime)
	for wait := time.Millisecond; ; wait = min(2*wait, 50*time.Millisecond) {
		err := do()
		busy := errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_ACCESS_DENIED) ||
			errors.Is(err, windows.ERROR_LOCK_VIOLATION)
		if !busy || time.Now().After(deadline) {
			return err
		}
		time.Sleep(wait)
	}
}

// claim renames, which here replaces nothing unless asked to, on a share either.
func claim(from, to string) error {
	old, err := windows.UTF16PtrFromString(from)
	if err != nil {
		return err
	}
	name, err := windows.UTF16PtrFromString(to)
	if err != nil {
		return err
	}
	if err := windows.MoveFileEx(old, name, windows.MOVEFILE_WRITE_THROUGH); err != nil {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	return nil
}

// SyncFolder has nothing to do here: NTFS journals names itself.
func SyncFolder(string) error { return nil }
