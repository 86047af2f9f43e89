package peer

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net/netip"
	"os"

	"golang.org/x/sys/unix"
)

// diag asks the kernel for one socket by its addresses (NETLINK_SOCK_DIAG, inet_diag). The kernel looks it up in its
// hash table and answers while it is asked, so a question costs two system calls, however many connections there are.
type diag struct {
	socket int
	number uint32 // of the last question
}

// The kernel's messages (linux/inet_diag.h). Ports and addresses are in the network's order, all else in the machine's.
type (
	socketID struct {
		LocalPort, RemotePort [2]byte
		Local, Remote         [16]byte
		Interface             uint32
		Cookie                [2]uint32
	}
	diagRequest struct {
		Header                           unix.NlMsghdr
		Family, Protocol, Extras, Unused uint8
		States                           uint32
		ID                               socketID
	}
	diagAnswer struct {
		Family, State, Timer, Retransmits uint8
		ID                                socketID
		Expires, Received, Sent           uint32
		UID, Inode                        uint32
	}
)

const stateListening = 10 // TCP_LISTEN

// errNoSocket is that there is no such socket, or that no process holds it any more.
var errNoSocket = errors.New("no such socket")

func newDiag() (*diag, error) {
	s, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	return &diag{socket: s}, nil
}

// holder returns the user whose process holds the socket at one end of a connection.
func (d *diag) holder(local, remote netip.AddrPort) (uid uint32, err error) {
	a, err := d.ask(local, remote)
	if err != nil {
		return 0, err
	}
	// Where there is no such connection, the kernel offers what listens at that port. What no process holds any more
	// (orphaned, waiting for its end) has user 0 in many kernels, and no inode in all.
	if a.State == stateListening || a.Inode == 0 ||
		a.end(a.ID.Local, a.ID.LocalPort) != local || a.end(a.ID.Remote, a.ID.RemotePort) != remote {
		return 0, errNoSocket
	}
	return a.UID, nil
}

// end is one of the addresses in an answer. A program may hold an IPv4 connection by a socket for IPv6.
func (a diagAnswer) end(ip [16]byte, port [2]byte) netip.AddrPort {
	at := netip.AddrFrom16(ip).Unmap()
	if a.Family == unix.AF_INET {
		at = netip.AddrFrom4([4]byte(ip[:4]))
	}
	return netip.AddrPortFrom(at, binary.BigEndian.Uint16(port[:]))
}

func (d *diag) ask(local, remote netip.AddrPort) (diagAnswer, error) {
	d.number++
	request := diagRequest{
		Header: unix.NlMsghdr{Type: unix.SOCK_DIAG_BY_FAMILY, Flags: unix.NLM_F_REQUEST, Seq: d.number},
		Family: unix.AF_INET6, Protocol: unix.IPPROTO_TCP,
		ID: socketID{Cookie: [2]uint32{^uint32(0), ^uint32(0)}}, // any
	}
	if local.Addr().Is4() {
		request.Family = unix.AF_INET
	}
	copy(request.ID.Local[:], local.Addr().AsSlice())
	copy(request.ID.Remote[:], remote.Addr().AsSlice())
	binary.BigEndian.PutUint16(request.ID.LocalPort[:], local.Port())
	binary.BigEndian.PutUint16(request.ID.RemotePort[:], remote.Port())
	request.Header.Len = uint32(binary.Size(request))
	message, err := binary.Append(nil, binary.NativeEndian, request)
	if err != nil {
		return diagAnswer{}, err
	}
	if err := unix.Sendto(d.socket, message, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return diagAnswer{}, os.NewSyscallError("sendto", err)
	}
	return d.answer()
}

// answer reads the answer to the last question; it is there already.
func (d *diag) answer() (a diagAnswer, err error) {
	var buffer [1024]byte
	for {
		n, from, err := unix.Recvfrom(d.socket, buffer[:], unix.MSG_DONTWAIT)
		if err != nil {
			return a, os.NewSyscallError("recvfrom", err)
		}
		if sender, ok := from.(*unix.SockaddrNetlink); !ok || sender.Pid != 0 {
			continue // not the kernel
		}
		var header unix.NlMsghdr
		in := bytes.NewReader(buffer[:n])
		if err := binary.Read(in, binary.NativeEndian, &header); err != nil {
			return a, err
		}
		switch {
		case header.Seq != d.number:
			continue
		case header.Type == unix.NLMSG_ERROR:
			var code int32
			if err := binary.Read(in, binary.NativeEndian, &code); err != nil {
				return a, err
			}
			if unix.Errno(-code) == unix.ENOENT {
				return a, errNoSocket
			}
			return a, os.NewSyscallError("sock_diag", unix.Errno(-code))
		case header.Type != unix.SOCK_DIAG_BY_FAMILY:
			continue
		}
		return a, binary.Read(in, binary.NativeEndian, &a)
	}
}
