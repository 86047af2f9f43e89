package config

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"kapu/lang"
)

// ErrPolicy is the kind of what an administrator of this machine does not allow.
var ErrPolicy = errors.New("against this machine's policy")

// Policy is what an administrator has decided for everybody on this machine. A person's own choice may be stricter,
// never looser. The zero value decides nothing.
type Policy struct {
	// Methods are the allowed ways of unlocking ("keychain", "pin", "password"), the weakest that a person should have
	// first; none is all.
	Methods []string `toml:"methods"`
	// IdleMost is the longest time for lock.idle; 0 is any, or never.
	IdleMost Duration `toml:"idle_most"`
	// NoPlainExport forbids exports that anybody can read.
	NoPlainExport bool `toml:"no_plain_export"`
	// Store is the address of the only store that an office may have; "" is any.
	Store string `toml:"office_store"`
	// Audit is where unlocking, locking and exporting are logged besides the vault's own log: AuditSystem, or "".
	Audit string `toml:"audit"`
	// UpdateURL is whom to ask for the newest version; "" asks nobody.
	UpdateURL string `toml:"update_url"`
}

// AuditSystem is the log of the system: syslog, or the event log of Windows.
const AuditSystem = "system"

// check validates the policy; the names are those of the file.
func (p Policy) check() error {
	for _, m := range p.Methods {
		if !slices.Contains([]string{"keychain", "pin", "password"}, m) {
			return lang.E("config-policy-method", "Value", m)
		}
	}
	if err := checkLockTime("policy.idle_most", p.IdleMost.Duration); err != nil {
		return err
	}
	if p.Audit != "" && p.Audit != AuditSystem {
		return lang.E("config-policy-audit", "Value", p.Audit)
	}
	if u, err := url.Parse(p.UpdateURL); p.UpdateURL != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		return lang.E("config-policy-update", "Value", p.UpdateURL)
	}
	return nil
}

// with is both policies at once, the stricter of each decision. Where only one can count (an address), it is p's.
func (p Policy) with(q Policy) (Policy, error) {
	switch {
	case len(p.Methods) == 0:
		p.Methods = q.Methods
	case len(q.Methods) > 0:
		p.Methods = slices.DeleteFunc(slices.Clone(p.Methods), func(m string) bool { return !slices.Contains(q.Methods, m) })
		if len(p.Methods) == 0 {
			return p, lang.E("config-policy-no-method")
		}
	}
	if !q.idleAllows(p.IdleMost.Duration) {
		p.IdleMost = q.IdleMost
	}
	p.NoPlainExport = p.NoPlainExport || q.NoPlainExport
	for mine, other := range map[*string]string{&p.Store: q.Store, &p.Audit: q.Audit, &p.UpdateURL: q.UpdateURL} {
		if *mine == "" {
			*mine = other
		}
	}
	return p, nil
}

// apply makes the settings as strict as the policy wants them.
func (p Policy) apply(c *Config) {
	if !p.idleAllows(c.Lock.Idle.Duration) {
		c.Lock.Idle = p.IdleMost
	}
}

// allows says what of the settings a person may not choose.
func (p Policy) allows(c Config) error {
	if !p.idleAllows(c.Lock.Idle.Duration) {
		return lang.E("policy-idle", "Most", short(p.IdleMost.Duration)).Kind(ErrPolicy)
	}
	return nil
}

func (p Policy) idleAllows(d time.Duration) bool {
	return p.IdleMost.Duration == 0 || d != 0 && d <= p.IdleMost.Duration
}

// AllowsMethod says whether a vault may be unlocked in a way; "" is the keychain.
func (p Policy) AllowsMethod(method string) error {
	if method == "" {
		method = "keychain"
	}
	if len(p.Methods) > 0 && !slices.Contains(p.Methods, method) {
		return lang.E("policy-method-" + p.Methods[0]).Kind(ErrPolicy)
	}
	return nil
}

// NewMethod is the method of a vault that has none yet, or one that is not allowed.
func (p Policy) NewMethod() string {
	if p.AllowsMethod("") == nil {
		return "keychain"
	}
	return p.Methods[0]
}

// AllowsExport says whether clients may leave in a format, which is sealed to a password or is not.
func (p Policy) AllowsExport(sealed bool) error {
	if p.NoPlainExport && !sealed {
		return lang.E("policy-export").Kind(ErrPolicy)
	}
	return nil
}

// AllowsStore says whether an office's store may be at an address.
func (p Policy) AllowsStore(address string) error {
	if p.Store != "" && strings.TrimRight(address, `/\`) != strings.TrimRight(p.Store, `/\`) {
		return lang.E("policy-store", "Store", p.Store, "Path", address).Kind(ErrPolicy)
	}
	return nil
}
