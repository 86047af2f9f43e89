package peer

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"unsafe"

	"golang.org/x/sys/windows"
)

// newHolders reads the system's table of connections, which names the process at each end; the process names its user.
func newHolders(net.Addr) holders { return resting(byTable) }

// byTable reads each table once for all. That a process is another user's is asked once for each process. A connection
// without a process is admitted: it may have ended already, and Wine finds no process that lets nobody look into its
// memory, as ours do.
func byTable(asked []ends) []bool {
	found := make([]bool, len(asked))
	processes := map[ends]uint32{}
	for _, shape := range []rowShape{fourRows, sixRows} {
		shape.read(processes)
	}
	others := map[uint32]bool{}
	for i, e := range asked {
		pid := processes[e]
		theirs, known := others[pid]
		if !known {
			theirs = pid != 0 && isOthers(pid)
			others[pid] = theirs
		}
		found[i] = !theirs
	}
	return found
}

var getExtendedTCPTable = windows.NewLazySystemDLL("iphlpapi.dll").NewProc("GetExtendedTcpTable")

// rowShape is where the fields stand in the rows of GetExtendedTcpTable (MIB_TCPROW_OWNER_PID, MIB_TCP6ROW_OWNER_PID).
type rowShape struct {
	family                                          uintptr
	size, local, localPort, remote, remotePort, pid int
	address                                         int // length
}

var (
	fourRows = rowShape{windows.AF_INET, 24, 4, 8, 12, 16, 20, net.IPv4len}
	sixRows  = rowShape{windows.AF_INET6, 56, 0, 20, 24, 44, 52, net.IPv6len}
)

// read adds the connections to a map, each by its ends as its process sees them.
func (s rowShape) read(processes map[ends]uint32) {
	end := func(row []byte, address, port int) netip.AddrPort {
		ip, _ := netip.AddrFromSlice(row[address : address+s.address])
		return netip.AddrPortFrom(ip.Unmap(), binary.BigEndian.Uint16(row[port:]))
	}
	for table := connections(s.family); len(table) >= s.size; table = table[s.size:] {
		row := table[:s.size]
		at := ends{end(row, s.local, s.localPort), end(row, s.remote, s.remotePort)}
		processes[at] = binary.LittleEndian.Uint32(row[s.pid:])
	}
}

// connections returns the rows of the table of established connections with their processes.
func connections(family uintptr) []byte {
	const ownerPIDConnections = 4 // TCP_TABLE_OWNER_PID_CONNECTIONS
	size := uint32(16 << 10)
	for range 10 { // the table may grow between two calls
		table := make([]byte, size)
		r, _, _ := getExtendedTCPTable.Call(uintptr(unsafe.Pointer(&table[0])), uintptr(unsafe.Pointer(&size)), 0, family, ownerPIDConnections, 0)
		switch windows.Errno(r) {
		case windows.ERROR_SUCCESS:
			return table[4:] // the number of rows; behind the last there is nothing that matches
		case windows.ERROR_INSUFFICIENT_BUFFER:
			size += 4 << 10
		default:
			return nil
		}
	}
	return nil
}

// isOthers says whether a process is another user's. Such a one cannot be asked, as a rule; one of this user always
// can, also where it has shut all others out of its memory.
func isOthers(pid uint32) bool {
	process, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, pid)
	if err != nil {
		return errors.Is(err, windows.ERROR_ACCESS_DENIED)
	}
	defer windows.CloseHandle(process)
	var token windows.Token
	if err := windows.OpenProcessToken(process, windows.TOKEN_QUERY, &token); err != nil {
		return errors.Is(err, windows.ERROR_ACCESS_DENIED)
	}
	defer token.Close()
	theirs, err := token.GetTokenUser()
	if err != nil {
		return true
	}
	mine, err := windows.GetCurrentProcessToken().GetTokenUser()
	return err != nil || !mine.User.Sid.Equals(theirs.User.Sid)
}
