package build

import (
	"runtime/debug"
	"testing"
)

func TestCommit(t *testing.T) {
	const revision = "0123456789abcdef0123456789abcdef01234567"
	of := func(kv ...string) (settings []debug.BuildSetting) {
		for i := 0; i < len(kv); i += 2 {
			settings = append(settings, debug.BuildSetting{Key: kv[i], Value: kv[i+1]})
		}
		return settings
	}
	for _, c := range []struct {
		settings    []debug.BuildSetting
		commit, day string
	}{
		{of("GOOS", "linux"), "", ""},
		{of("vcs.revision", revision, "vcs.time", "2026-11-22T20:55:16Z", "vcs.modified", "false"), "0123456789ab", "2026-11-22"},
		{of("vcs.revision", revision, "vcs.time", "2026-11-22T20:55:16Z", "vcs.modified", "true"), "0123456789ab+", "2026-11-22"},
	} {
		if commit, day := commitIn(c.settings); commit != c.commit || day != c.day {
			t.Errorf("%v: %q of %q", c.settings, commit, day)
		}
	}
}
