// Package build says which build of the program this is: its version, and the commit that it was made from.
package build

import (
	"runtime/debug"
	"strings"
)

// Version of the program: in `kapu version`, and in the vault so that an older program can name what it lacks.
const Version = "0.1.0"

// Commit is the revision that the program was built from, twelve digits of its hash and its day: the day of the build
// would make builds irreproducible. "" is a build outside a repository; a + marks a dirty work tree.
func Commit() (commit, day string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", ""
	}
	return commitIn(info.Settings)
}

func commitIn(settings []debug.BuildSetting) (commit, day string) {
	of := map[string]string{}
	for _, s := range settings {
		of[s.Key] = s.Value
	}
	commit = of["vcs.revision"]
	if len(commit) > 12 {
		commit = commit[:12]
	}
	if commit != "" && of["vcs.modified"] == "true" {
		commit += "+"
	}
	day, _, _ = strings.Cut(of["vcs.time"], "T")
	return commit, day
}
