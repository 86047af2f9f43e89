package disk

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"
)

func TestRightsThatLetOthersChange(t *testing.T) {
	who, err := trusted()
	check(t, err)
	me := who[len(who)-1].String()
	const anna = "S-1-5-21-1-2-3-1001" // somebody else
	domain := me[:strings.LastIndexByte(me, '-')]
	for name, tt := range map[string]struct {
		rights string // SDDL
		folder bool
		path   string
		want   string
	}{
		"a profile":                    {"O:ME D:(A;OICI;FA;;;ME)(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)", true, `C:\Users\me`, ""},
		"an administrator's":           {"O:BAD:(A;;FA;;;ME)(A;;FA;;;SY)", true, `C:\x`, ""},
		"readable":                     {"O:ME D:(A;;FA;;;ME)(A;;FRFX;;;WD)", false, `C:\x\a.json`, ""},
		"everybody may make folders":   {"O:SYD:(A;;FA;;;BA)(A;;0x4;;;AU)(A;OICIIO;SDGXGWGR;;;AU)", true, `C:\`, ""},
		"everybody's drive":            {"O:BAD:(A;;FA;;;BA)(A;OICI;0x1301bf;;;AU)", true, `D:\`, ""},
		"the drive is wholly anyone's": {"O:BAD:(A;OICI;FA;;;WD)", true, `D:\`, "elsewhere"},
		"inherited from the drive":     {"O:ME D:(A;OICIID;FA;;;ME)(A;OICIID;0x1301bf;;;AU)", true, `C:\kapu`, "icacls"},
		"another's folder":             {"O:" + anna + "D:(A;;FA;;;ME)", true, `C:\kapu\run`, "takeown"},
		"another's file":               {"O:" + anna + "D:(A;;FA;;;ME)", false, `C:\kapu\run\a.json`, "takeown"},
		"anyone may write":             {"O:ME D:(A;;FA;;;ME)(A;;FW;;;BU)", false, `C:\x\a.json`, "icacls"},
		"anyone may take the rights":   {"O:ME D:(A;;FA;;;ME)(A;;WD;;;BU)", false, `C:\x\a.json`, "icacls"},
		"under a condition":            {"O:ME D:(A;;FA;;;ME)(XA;;FW;;;BU;(WIN://X == 1))", false, `C:\x\a.json`, "icacls"},
		"denied":                       {"O:ME D:(D;;FW;;;BU)(A;;FA;;;ME)", false, `C:\x\a.json`, ""},
		"the domain's administrators":  {"O:ME D:(A;;FA;;;ME)(A;;FA;;;" + domain + "-512)", true, `\\srv\users$\me`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			sddl := strings.NewReplacer("ME ", me, "ME)", me+")").Replace(tt.rights)
			descriptor, err := windows.SecurityDescriptorFromString(sddl)
			if err != nil {
				t.Skipf("%s: %v", sddl, err) // Wine knows no conditions
			}
			err = judgeDescriptor(tt.path, tt.folder, descriptor, who)
			if tt.want == "" && err != nil || tt.want != "" && (!errors.Is(err, ErrForeign) || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("%s: %v", sddl, err)
			}
		})
	}
}

// A stick with FAT has neither owner nor rights.
func TestAFilesystemWithoutRights(t *testing.T) {
	who, err := trusted()
	check(t, err)
	descriptor, err := windows.NewSecurityDescriptor()
	check(t, err)
	check(t, descriptor.SetOwner(who[len(who)-1], false))
	check(t, descriptor.SetDACL(nil, true, false))
	if err := judgeDescriptor(`E:\kapu`, true, descriptor, who); !errors.Is(err, ErrUnowned) {
		t.Error(err)
	}
}

// A folder that everybody may write to, as one made under a drive's root is, is refused with all that is in it.
func TestAFolderOfEverybodyIsNotTrusted(t *testing.T) {
	me, err := windows.GetCurrentProcessToken().GetTokenUser()
	check(t, err)
	dir := filepath.Join(t.TempDir(), "kapu")
	rights := windows.SecurityAttributes{}
	rights.Length = uint32(unsafe.Sizeof(rights))
	rights.SecurityDescriptor, err = windows.SecurityDescriptorFromString("D:P(A;OICI;FA;;;" + me.User.Sid.String() + ")(A;OICI;FA;;;WD)")
	check(t, err)
	name, err := windows.UTF16PtrFromString(dir)
	check(t, err)
	check(t, windows.CreateDirectory(name, &rights))
	kept, err := windows.GetNamedSecurityInfo(dir, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	check(t, err)
	who, err := trusted()
	check(t, err)
	if everybody, err := firstOther(kept, changeFolder, who); everybody == nil || err != nil {
		t.Skipf("the right was not kept, as in Wine: %s, %v", kept, err)
	}
	for _, path := range []string{dir, filepath.Join(dir, "run"), filepath.Join(dir, "run", "agent.json")} {
		if err := Trusted(path); !errors.Is(err, ErrForeign) || !strings.Contains(err.Error(), "icacls") {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestAFolderOfOnesOwnIsTrusted(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kapu", "run")
	check(t, TrustedFolder(dir))
	path := filepath.Join(dir, "agent.json")
	check(t, WriteFile(path, []byte("token")))
	if data, err := ReadTrusted(path); string(data) != "token" || err != nil {
		t.Errorf("read %q, %v", data, err)
	}
}
