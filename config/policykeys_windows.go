package config

import (
	"errors"
	"strings"
	"time"

	"golang.org/x/sys/windows/registry"

	"kapu/lang"
)

// policyKey is where group policies put what kapu.admx describes. Only administrators can write below it, for a person
// (HKCU) too.
const policyKey = `Software\Policies\Kapu`

// withKeys adds what the group policies say: the machine's, the file's, the person's; the stricter counts.
func withKeys(file Policy) (Policy, error) {
	p, err := readKeys(registry.LOCAL_MACHINE, `HKLM\`+policyKey)
	if err == nil {
		p, err = p.with(file)
	}
	if err != nil {
		return p, err
	}
	mine, err := readKeys(registry.CURRENT_USER, `HKCU\`+policyKey)
	if err != nil {
		return p, err
	}
	return p.with(mine)
}

// readKeys reads the policy of one hive; a missing key decides nothing.
func readKeys(hive registry.Key, name string) (p Policy, err error) {
	k, err := registry.OpenKey(hive, policyKey, registry.QUERY_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return p, lang.E("config-unreadable", "Path", name, "Reason", err)
	}
	defer k.Close()
	names, err := k.ReadValueNames(0)
	if err != nil {
		return p, lang.E("config-unreadable", "Path", name, "Reason", err)
	}
	for _, value := range names {
		if err := p.take(k, value); err != nil {
			return p, lang.E("config-policy-key", "Path", name, "Key", value, "Reason", err)
		}
	}
	if err := p.check(); err != nil {
		return p, lang.E("config-policy-wrong", "Path", name, "Reason", err)
	}
	return p, nil
}

// take reads one value into the policy.
func (p *Policy) take(k registry.Key, name string) (err error) {
	var n uint64
	switch strings.ToLower(name) {
	case "methods":
		var list string
		list, _, err = k.GetStringValue(name)
		p.Methods = strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
	case "idleminutes":
		n, _, err = k.GetIntegerValue(name)
		p.IdleMost = Duration{time.Duration(min(n, 24*60+1)) * time.Minute} // more than a day is refused, whatever it is
	case "noplainexport":
		n, _, err = k.GetIntegerValue(name)
		p.NoPlainExport = n != 0
	case "officestore":
		p.Store, _, err = k.GetStringValue(name)
	case "audit":
		p.Audit, _, err = k.GetStringValue(name)
	case "updateurl":
		p.UpdateURL, _, err = k.GetStringValue(name)
	case "": // the key's default value, which regedit shows and nobody sets
	default:
		err = lang.E("config-unknown-key", "Key", name)
	}
	return err
}
