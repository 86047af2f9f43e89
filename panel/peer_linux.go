package panel

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
)

// isOurs says whether the other end of a connection on the loopback interface belongs to this user. The kernel's table
// of connections tells; what it does not know is not ours.
func isOurs(them, us *net.TCPAddr) bool {
	name := "/proc/self/net/tcp"
	if us.IP.To4() == nil {
		name += "6"
	}
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	const local, remote, owner = 1, 2, 7 // columns
	from, to, uid := tableAddress(them), tableAddress(us), strconv.Itoa(os.Getuid())
	for lines := bufio.NewScanner(f); lines.Scan(); {
		columns := strings.Fields(lines.Text())
		if len(columns) > owner && columns[local] == from && columns[remote] == to {
			return columns[owner] == uid
		}
	}
	return false
}

// tableAddress writes an address as the table does: words of four bytes in the machine's order, then the port.
func tableAddress(a *net.TCPAddr) string {
	ip := a.IP.To4()
	if ip == nil {
		ip = a.IP.To16()
	}
	var b strings.Builder
	for i := 0; i < len(ip); i += 4 {
		fmt.Fprintf(&b, "%08X", binary.NativeEndian.Uint32(ip[i:]))
	}
	fmt.Fprintf(&b, ":%04X", a.Port)
	return b.String()
}
