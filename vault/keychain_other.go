//go:build !linux

package vault

import (
	"context"
	"time"
)

// serviceName is under which a keychain shows what is ours.
const serviceName = "kapu"

// ready says how long the keychain may take; here the system gives no way to ask.
func ready(context.Context) (time.Duration, error) { return promptTime, nil }
