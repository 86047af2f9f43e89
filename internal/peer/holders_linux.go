package peer

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// newHolders asks the kernel, if it lets itself be asked: that it knows the listening socket shows it. Containers and
// kernels without the module refuse; there the table has to be read.
func newHolders(listening net.Addr) holders {
	table := resting(byTable)
	d, err := newDiag()
	if err != nil {
		return table
	}
	at := addrPort(listening)
	anyone := netip.AddrPortFrom(netip.IPv6Unspecified(), 0)
	if at.Addr().Is4() {
		anyone = netip.AddrPortFrom(netip.IPv4Unspecified(), 0)
	}
	if _, err := d.ask(at, anyone); err != nil {
		_ = unix.Close(d.socket)
		return table
	}
	return func(asked []ends) []bool {
		mine := uint32(os.Getuid())
		found := make([]bool, len(asked))
		for i, e := range asked {
			uid, err := d.holder(e.them, e.us)
			if err != nil && !errors.Is(err, errNoSocket) {
				return table(asked)
			}
			found[i] = err == nil && uid == mine
		}
		return found
	}
}

// byTable reads the kernel's tables of connections, once for all. A program may hold an IPv4 connection by a socket for
// IPv6, which stands in that table.
func byTable(asked []ends) []bool {
	rows := map[string]int{}
	for i, e := range asked {
		rows[tableAddress(e.them)+" "+tableAddress(e.us)] = i
		if e.them.Addr().Is4() {
			rows[tableAddress(mapped(e.them))+" "+tableAddress(mapped(e.us))] = i
		}
	}
	found := make([]bool, len(asked))
	for _, name := range []string{"/proc/self/net/tcp", "/proc/self/net/tcp6"} {
		readTable(name, rows, found)
	}
	return found
}

func readTable(name string, rows map[string]int, found []bool) {
	f, err := os.Open(name)
	if err != nil {
		return
	}
	defer f.Close()
	const local, remote, holder, inode = 1, 2, 7, 9 // columns
	mine := strconv.Itoa(os.Getuid())
	for lines := bufio.NewScanner(f); lines.Scan(); {
		columns := strings.Fields(lines.Text())
		if len(columns) <= inode {
			continue
		}
		if i, asked := rows[columns[local]+" "+columns[remote]]; asked {
			found[i] = columns[holder] == mine && columns[inode] != "0"
		}
	}
}

func mapped(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom16(a.Addr().As16()), a.Port())
}

// tableAddress writes an address as the tables do: words of four bytes in the machine's order, then the port.
func tableAddress(a netip.AddrPort) string {
	var b strings.Builder
	for word := range slices.Chunk(a.Addr().AsSlice(), 4) {
		fmt.Fprintf(&b, "%08X", binary.NativeEndian.Uint32(word))
	}
	fmt.Fprintf(&b, ":%04X", a.Port())
	return b.String()
}
