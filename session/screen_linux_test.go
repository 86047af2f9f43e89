package session

import (
	"os"
	"path/filepath"
	"testing"
)

func TestScreenOpen(t *testing.T) {
	const head = "       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid      atime      dtime      ctime\n"
	for name, c := range map[string]struct {
		table, maker, remote string
		want                 bool
	}{
		"xorgxrdp 0.9":        {"         0          3  1777               2800000    41    52      2  1000  1000  1000  1000  1  0  1\n", "Xorg\n", "1", true},
		"closed":              {"         0          3  1600               2800000    41    52      2  1000  1000  1000  1000  1  0  1\n", "Xorg\n", "1", false},
		"another user's":      {"         0          3  1777               2800000    41    52      2  1001  1001  1001  1001  1  0  1\n", "Xorg\n", "1", false},
		"another program's":   {"         0          3   777               2800000    41    52      2  1000  1000  1000  1000  1  0  1\n", "game\n", "1", false},
		"not a remote screen": {"         0          3  1777               2800000    41    52      2  1000  1000  1000  1000  1  0  1\n", "Xorg\n", "", false},
		"nothing shared":      {"", "Xorg\n", "1", false},
	} {
		t.Run(name, func(t *testing.T) {
			proc := t.TempDir()
			for file, text := range map[string]string{"sysvipc/shm": head + c.table, "41/comm": c.maker} {
				path := filepath.Join(proc, file)
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			p := environment{uid: 1000, getenv: func(string) string { return c.remote }}
			if got := p.screenOpen(proc); got != c.want {
				t.Errorf("%v", got)
			}
		})
	}
	if (environment{getenv: func(string) string { return "1" }}).screenOpen(t.TempDir()) {
		t.Error("without a table")
	}
}
