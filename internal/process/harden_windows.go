package process

import "golang.org/x/sys/windows"

// processRights is what other programs of the same user may do with this one: wait for it, ask its name, end it. That
// is what Windows grants to a protected process too.
const processRights = windows.SYNCHRONIZE | windows.PROCESS_QUERY_LIMITED_INFORMATION | windows.PROCESS_TERMINATE

// Harden keeps this process's memory to itself: other programs of the same user may not read or write it, take its
// handles, nor change that; and a crash is neither reported nor dumped. (Administrators can do all of this; see
// docs/security.md.)
func Harden() {
	_ = restrict()
	noReports()
}

// restrict sets the access list of this process. The owner of an object may change its list whatever stands there,
// unless the list says what the owner may do.
func restrict() error {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return err
	}
	system, err := windows.CreateWellKnownSid(windows.WinLocalSystemSid)
	if err != nil {
		return err
	}
	owner, err := windows.CreateWellKnownSid(windows.WinCreatorOwnerRightsSid)
	if err != nil {
		return err
	}
	allow := func(who *windows.SID, what windows.ACCESS_MASK) windows.EXPLICIT_ACCESS {
		return windows.EXPLICIT_ACCESS{
			AccessPermissions: what, AccessMode: windows.GRANT_ACCESS,
			Trustee: windows.TRUSTEE{TrusteeForm: windows.TRUSTEE_IS_SID, TrusteeValue: windows.TrusteeValueFromSID(who)},
		}
	}
	list, err := windows.ACLFromEntries([]windows.EXPLICIT_ACCESS{
		allow(user.User.Sid, processRights), allow(system, windows.GENERIC_ALL), allow(owner, windows.READ_CONTROL),
	}, nil)
	if err != nil {
		return err
	}
	return windows.SetSecurityInfo(windows.CurrentProcess(), windows.SE_KERNEL_OBJECT,
		windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, list, nil)
}

// noReports lets a crash end the process, no more: without the error box Windows Error Reporting is not called, and
// were it called (GOTRACEBACK=wer asks for it), its report would have no heap. A list of programs that are never
// reported is kept in the registry; this leaves nothing there.
func noReports() {
	windows.SetErrorMode(windows.SEM_FAILCRITICALERRORS | windows.SEM_NOGPFAULTERRORBOX | windows.SEM_NOOPENFILEERRORBOX)
	const noHeap, noUI = 1, 32
	flags := windows.NewLazySystemDLL("kernel32.dll").NewProc("WerSetFlags")
	if flags.Find() == nil {
		_, _, _ = flags.Call(noHeap | noUI)
	}
}
