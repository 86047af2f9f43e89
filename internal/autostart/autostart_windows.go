package autostart

import (
	"errors"

	"golang.org/x/sys/windows/registry"
)

const (
	runKey      = `Software\Microsoft\Windows\CurrentVersion\Run`
	approvedKey = `Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run`
	valueName   = "Kapu"
)

func where() string { return `HKEY_CURRENT_USER\` + runKey + `\` + valueName }

func on(p program) error {
	k, _, err := registry.CreateKey(registry.CURRENT_USER, runKey, registry.SET_VALUE)
	if err != nil {
		return err
	}
	defer k.Close()
	if err := k.SetStringValue(valueName, runValue(p)); err != nil {
		return err
	}
	return remove(approvedKey)
}

func off() error { return errors.Join(remove(runKey), remove(approvedKey)) }

// remove takes Kapu's value out of a key.
func remove(key string) error {
	k, err := registry.OpenKey(registry.CURRENT_USER, key, registry.SET_VALUE)
	if err == nil {
		defer k.Close()
		err = k.DeleteValue(valueName)
	}
	if errors.Is(err, registry.ErrNotExist) {
		return nil
	}
	return err
}

func now(p program) (State, error) {
	s := State{Where: where()}
	k, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.QUERY_VALUE)
	if err == nil {
		defer k.Close()
		var value string
		value, _, err = k.GetStringValue(valueName)
		s.On, s.Other = err == nil, err == nil && value != runValue(p)
	}
	if errors.Is(err, registry.ErrNotExist) {
		return s, nil
	}
	s.On = s.On && leftOn()
	return s, err
}

// leftOn says whether the person has left it on in Task Manager.
func leftOn() bool {
	k, err := registry.OpenKey(registry.CURRENT_USER, approvedKey, registry.QUERY_VALUE)
	if err != nil {
		return true
	}
	defer k.Close()
	value, _, err := k.GetBinaryValue(valueName)
	return err != nil || approved(value)
}
