package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
	other, err := firstOther(descriptor, windows.FILE_READ_DATA|windows.GENERIC_READ|windows.GENERIC_ALL, trusted)
	return other != nil, err
}

// What lets somebody change a file, or what its folder has in its place. That people may make further files in the
// folder, as in all of %ProgramData%, is none of it.
const (
	deleteChild  = 0x40
	changeFile   = windows.FILE_WRITE_DATA | windows.FILE_APPEND_DATA | changeFolder
	changeFolder = deleteChild | windows.DELETE | windows.WRITE_DAC | windows.WRITE_OWNER | windows.GENERIC_ALL
)

// Administrators says whether a file is an administrator's or the system's, and whether nobody else can change it or
// what any folder on the way has in its place.
func Administrators(path string) (theirs, closed bool, err error) {
	descriptor, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	if err != nil {
		return false, false, &fs.PathError{Op: "rights", Path: path, Err: err}
	}
	owner, _, err := descriptor.Owner()
	if err != nil {
		return false, false, err
	}
	who, err := administrators()
	if err != nil {
		return false, false, err
	}
	theirs = slices.ContainsFunc(who, owner.Equals)
	_, err = (&reader{who: administrators}).walk(path)
	if errors.Is(err, ErrForeign) {
		return theirs, false, nil
	}
	return theirs, err == nil, err
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

// allowedCallback is the type of an entry that allows under a condition; it is taken for met.
const allowedCallback = 9

// firstOther is the first who is not trusted and whom the rights let do any of what a mask names; nil is nobody. A file
// on a filesystem without rights, as a stick may have, is everybody's.
func firstOther(descriptor *windows.SECURITY_DESCRIPTOR, mask windows.ACCESS_MASK, trusted []*windows.SID) (*windows.SID, error) {
	list, _, err := descriptor.DACL()
	if err != nil || list == nil {
		return windows.CreateWellKnownSid(windows.WinWorldSid)
	}
	for i := range uint32(list.AceCount) {
		var entry *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(list, i, &entry); err != nil {
			return nil, err
		}
		allows := entry.Header.AceType == windows.ACCESS_ALLOWED_ACE_TYPE || entry.Header.AceType == allowedCallback
		if !allows || entry.Header.AceFlags&windows.INHERIT_ONLY_ACE != 0 || entry.Mask&mask == 0 {
			continue
		}
		who := (*windows.SID)(unsafe.Pointer(&entry.SidStart))
		if !slices.ContainsFunc(trusted, who.Equals) {
			return who.Copy()
		}
	}
	return nil, nil
}

// trusted are this user, the system and the machine's and the domain's administrators, as in the folders of a profile.
// They can take whatever they want anyway, and a profile that roams, or is redirected to a server, is carried by them.
func trusted() ([]*windows.SID, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, err
	}
	list, err := administrators()
	if err != nil {
		return nil, err
	}
	me := user.User.Sid.String()
	if domain, inDomain := strings.CutPrefix(me, "S-1-5-21-"); inDomain {
		const domainAdmins, enterpriseAdmins = "-512", "-519"
		domain = "S-1-5-21-" + domain[:strings.LastIndexByte(domain, '-')]
		for _, group := range []string{domainAdmins, enterpriseAdmins} {
			sid, err := windows.StringToSid(domain + group)
			if err != nil {
				return nil, err
			}
			list = append(list, sid)
		}
	}
	return append(list, user.User.Sid), nil
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

// SyncFolder has nothing to do here: NTFS journals names itself.
func SyncFolder(string) error { return nil }
