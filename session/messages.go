package session

// What a window hears on Windows. It is apart from the window, so that it can be tested on any system.

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

// heard is what a message means.
type heard struct {
	reason Reason // "" for a message that is none of our business
	hold   bool   // the system waits for the answer, and goes on (sleeps, ends the process) after it
}

// hear explains a window message.
func hear(msg uint32, wParam uintptr) heard {
	switch msg {
	case wmWTSSessionChange:
		switch wParam {
		case wtsSessionLock:
			return heard{reason: Locked}
		case wtsConsoleDisconnect:
			return heard{reason: Switched}
		case wtsRemoteDisconnect:
			return heard{reason: Disconnected}
		case wtsSessionUnlock:
			// That a remote client is there, or the machine awake, is no return yet: Windows may still be asking
			// for the password, and nothing says so to whoever begins to listen then.
			return heard{reason: Back}
		case wtsSessionLogoff, wtsSessionTerminate:
			return heard{reason: Logout}
		}
	case wmPowerBroadcast:
		switch wParam {
		case pbtSuspend:
			return heard{reason: Sleep, hold: true}
		case pbtResumeCritical, pbtResumeAutomatic:
			return heard{reason: Sleep}
		}
	case wmQueryEndSession:
		// Some other program may still refuse. Being locked then harms nobody, and the answer must come at once.
		return heard{reason: Logout}
	case wmEndSession:
		if wParam != 0 {
			return heard{reason: Logout, hold: true}
		}
	case wmTimeChange:
		return heard{reason: Clock} // to be judged by the clocks: it also comes for a new time zone
	}
	return heard{}
}
