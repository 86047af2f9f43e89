package session

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// ScreenOpen says whether every user of the machine can read the picture of this session's screen: xorgxrdp before
// 0.10 shares it with xrdp in memory that it lets everybody attach. While nobody is connected there is none.
func ScreenOpen() bool { return here().screenOpen("/proc") }

func (p environment) screenOpen(proc string) bool {
	if p.getenv("XRDP_SESSION") == "" {
		return false
	}
	table, _ := os.ReadFile(filepath.Join(proc, "sysvipc", "shm"))
	for line := range bytes.Lines(table) {
		const mode, maker, owner, readableByAll = 2, 4, 7, 0o004 // columns, and a bit of the first
		f := strings.Fields(string(line))
		if len(f) <= owner || f[owner] != strconv.Itoa(p.uid) {
			continue
		}
		bits, err := strconv.ParseUint(f[mode], 8, 32)
		name, _ := os.ReadFile(filepath.Join(proc, f[maker], "comm"))
		if err == nil && bits&readableByAll != 0 && strings.TrimSpace(string(name)) == "Xorg" {
			return true
		}
	}
	return false
}
