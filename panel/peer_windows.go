package panel

import (
	"encoding/binary"
	"net"
	"unsafe"

	"golang.org/x/sys/windows"
)

// isOurs says whether the other end of a connection on the loopback interface belongs to this user. The system's table
// of connections names the process, the process its user; what cannot be found out is not ours.
func isOurs(them, us *net.TCPAddr) bool {
	pid, ok := ownerOf(them, us)
	if !ok {
		return false
	}
	theirs, err := userOf(pid)
	if err != nil {
		return false
	}
	mine, err := windows.GetCurrentProcessToken().GetTokenUser()
	return err == nil && mine.User.Sid.Equals(theirs)
}

var getExtendedTCPTable = windows.NewLazySystemDLL("iphlpapi.dll").NewProc("GetExtendedTcpTable")

// Rows of GetExtendedTcpTable: where the fields stand in MIB_TCPROW_OWNER_PID and MIB_TCP6ROW_OWNER_PID.
type rowShape struct {
	family                                          uintptr
	size, local, localPort, remote, remotePort, pid int
	address                                         int // length
}

var (
	fourRows = rowShape{windows.AF_INET, 24, 4, 8, 12, 16, 20, net.IPv4len}
	sixRows  = rowShape{windows.AF_INET6, 56, 0, 20, 24, 44, 52, net.IPv6len}
)

// ownerOf returns the process at the other end.
func ownerOf(them, us *net.TCPAddr) (pid uint32, ok bool) {
	shape, from, to := fourRows, them.IP.To4(), us.IP.To4()
	if to == nil {
		shape, from, to = sixRows, them.IP.To16(), us.IP.To16()
	}
	port := func(row []byte, at int) int { return int(binary.BigEndian.Uint16(row[at:])) }
	table := connections(shape.family)
	for ; len(table) >= shape.size; table = table[shape.size:] {
		row := table[:shape.size]
		if port(row, shape.localPort) == them.Port && port(row, shape.remotePort) == us.Port &&
			from.Equal(row[shape.local:shape.local+shape.address]) && to.Equal(row[shape.remote:shape.remote+shape.address]) {
			return binary.LittleEndian.Uint32(row[shape.pid:]), true
		}
	}
	return 0, false
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

// userOf returns whose a process is. That of another user cannot be asked.
func userOf(pid uint32) (*windows.SID, error) {
	process, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, pid)
	if err != nil {
		return nil, err
	}
	defer windows.CloseHandle(process)
	var token windows.Token
	if err := windows.OpenProcessToken(process, windows.TOKEN_QUERY, &token); err != nil {
		return nil, err
	}
	defer token.Close()
	user, err := token.GetTokenUser()
	if err != nil {
		return nil, err
	}
	return user.User.Sid, nil
}
