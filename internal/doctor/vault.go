package doctor

import (
	"context"
	"runtime"

	"kapu/internal/disk"
	"kapu/lang"
	"kapu/office"
	"kapu/vault"
)

func (e *examination) examineVault() Finding {
	f := e.judge("vault", e.checkVault())
	if exists, _ := vault.Exists(e.paths.Vault); !exists && f.State == OK {
		f.Detail = e.texts.T("doctor-vault-none")
	}
	return f
}

// examineHistory knows what this machine has seen of the vault; whether there is more only its key tells.
func (e *examination) examineHistory() Finding {
	saved, apart := vault.Door{Dir: e.paths.Vault, State: e.paths.State}.Apart()
	if apart {
		return e.judge("history", lang.E("doctor-history-apart", "Saved", office.TimeOf(saved)))
	}
	return e.judge("history", nil)
}

// examineRecovery cannot see into a safe: it knows only what this machine was asked for.
func (e *examination) examineRecovery() Finding {
	d := vault.Door{Dir: e.paths.Vault, State: e.paths.State}
	switch exists, err := vault.Exists(e.paths.Vault); {
	case err == nil && !exists:
		return Finding{Check: "recovery", State: OK, Detail: e.texts.T("doctor-vault-none")}
	case !d.RecoveryKept():
		return Finding{Check: "recovery", State: Unknown, Detail: e.texts.T("recovery-remind")}
	default:
		return e.judge("recovery", nil)
	}
}

// checkKeychain asks the keychain, unless a password makes it unnecessary.
func (e *examination) checkKeychain(ctx context.Context) Finding {
	d := vault.Door{Dir: e.paths.Vault, State: e.paths.State}
	if d.Method() == vault.Password {
		return Finding{Check: "keychain", State: OK, Detail: e.texts.T("doctor-keychain-unneeded")}
	}
	return e.judge("keychain", d.CheckKeychain(ctx))
}

// checkVault looks whether the vault can be used, and whether others can get at it or at its folder, where they could
// put something in its place.
func (e *examination) checkVault() error {
	exists, err := vault.Exists(e.paths.Vault)
	if err != nil || !exists {
		return err
	}
	for _, it := range []struct{ path, closed string }{
		{e.paths.Vault, "chmod 700"}, {vault.Path(e.paths.Vault), "chmod 600"},
	} {
		open, err := disk.OpenToOthers(it.path)
		if err != nil {
			return err
		}
		if open && runtime.GOOS == "windows" {
			it.closed = e.texts.T("doctor-vault-open-windows")
		}
		if open {
			return lang.E("doctor-vault-open", "Path", it.path, "How", it.closed)
		}
	}
	return nil
}
