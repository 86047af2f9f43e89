package keeper

import (
	"kapu/config"
	"kapu/session"
)

// autoLock translates the settings into what is to be listened to.
func autoLock(c config.Lock) session.Options {
	return session.Options{
		Idle: c.Idle.Duration,
		Off: map[session.Reason]bool{
			session.Locked: !c.OnScreenLock, session.Sleep: !c.OnSleep, session.Clock: !c.OnSleep,
			session.Logout: !c.OnLogout, session.Switched: !c.OnSwitch, session.Disconnected: !c.OnDisconnect,
		},
	}
}
