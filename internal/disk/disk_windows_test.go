package disk

import (
	"path/filepath"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"
)

func TestRightsOfOthersAreSeen(t *testing.T) {
	me, err := windows.GetCurrentProcessToken().GetTokenUser()
	check(t, err)
	dir, ours := t.TempDir(), "D:P(A;;FA;;;"+me.User.Sid.String()+")(A;;FA;;;SY)(A;;FA;;;BA)"
	for name, tt := range map[string]struct {
		rights string
		open   bool
	}{"closed": {ours, false}, "open": {ours + "(A;;FR;;;WD)", true}} {
		rights := windows.SecurityAttributes{}
		rights.Length = uint32(unsafe.Sizeof(rights))
		rights.SecurityDescriptor, err = windows.SecurityDescriptorFromString(tt.rights)
		check(t, err)
		path := filepath.Join(dir, name)
		file, err := windows.UTF16PtrFromString(path)
		check(t, err)
		h, err := windows.CreateFile(file, windows.GENERIC_WRITE, 0, &rights, windows.CREATE_NEW, windows.FILE_ATTRIBUTE_NORMAL, 0)
		check(t, err)
		check(t, windows.CloseHandle(h))
		if open, err := OpenToOthers(path); open != tt.open || err != nil {
			t.Errorf("%s: %v, %v", name, open, err)
		}
	}
}
