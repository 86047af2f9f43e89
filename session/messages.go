package session

// The window messages of Windows and what they mean: a pure function, apart from the window, so that it can be tested
// on any system.

const (
	wmQueryEndSession  = 0x0011
	wmEndSession       = 0x0016
	wmTimeChange       = 0x001E
	wmPowerBroadcast   = 0x0218
	wmWTSSessionChange = 0x02B1

	pbtSuspend         = 0x0004
	pbtResumeCritical  = 0x0006 // woken from a sleep that was not announced
	pbtResumeAutomatic = 0x0012 // woken, whether announced or not

	wtsConsoleDisconnect = 0x2
	wtsRemoteDisconnect  = 0x4
	wtsSessionLogoff     = 0x6
	wtsSessionLock       = 0x7
	wtsSessionUnlock     = 0x8
	wtsSessionTerminate  = 0xB
)

// meaning is what a window message tells.
type meaning struct {
	reason Reason // "" for a message that is none of our business
	hold   bool   // the system waits for the answer, and goes on (sleeps, ends the process) after it
}

// meaningOf interprets a window message.
func meaningOf(msg uint32, wParam uintptr) meaning {
	switch msg {
	case wmWTSSessionChange:
		switch wParam {
		case wtsSessionLock:
			return meaning{reason: Locked}
		case wtsConsoleDisconnect:
			return meaning{reason: Switched}
		case wtsRemoteDisconnect:
			return meaning{reason: Disconnected}
		case wtsSessionUnlock:
			// That a remote client is there, or the machine awake, is no return yet: Windows may still be asking
			// for the password, and nothing says so to whoever begins to listen then.
			return meaning{reason: Back}
		case wtsSessionLogoff, wtsSessionTerminate:
			return meaning{reason: Logout}
		}
	case wmPowerBroadcast:
		switch wParam {
		case pbtSuspend:
			return meaning{reason: Sleep, hold: true}
		case pbtResumeCritical, pbtResumeAutomatic:
			return meaning{reason: Sleep}
		}
	case wmQueryEndSession:
		// Some other program may still refuse. Being locked then harms nobody, and the answer must come at once.
		return meaning{reason: Logout}
	case wmEndSession:
		if wParam != 0 {
			return meaning{reason: Logout, hold: true}
		}
	case wmTimeChange:
		return meaning{reason: Clock} // to be judged by the clocks: it also comes for a new time zone
	}
	return meaning{}
}
