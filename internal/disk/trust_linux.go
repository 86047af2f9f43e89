package disk

import (
	"encoding/binary"
	"math"
	"slices"

	"golang.org/x/sys/unix"
)

// access is an entry of an access list that lets somebody write.
type access struct {
	id    uint32 // of a user, or of a group
	group bool
}

// ownGroup stands for the file's own group.
const ownGroup = math.MaxUint32

// The tags of a POSIX access list (struct posix_acl_xattr_entry), and its right to write.
const (
	aclUser, aclGroupObject, aclGroup, aclMask = 2, 4, 8, 16
	aclWrite                                   = 2
	aclHeader, aclEntry                        = 4, 8
)

// accessList is the POSIX access list of a file, if it has one: who but its owner and all others may write.
func accessList(path string) (list []access, ok bool) {
	data := make([]byte, 64<<10) // what the kernel allows at most
	n, err := unix.Lgetxattr(path, "system.posix_acl_access", data)
	if err != nil || n < aclHeader {
		return nil, false
	}
	mask := uint16(aclWrite)
	for entry := range slices.Chunk(data[aclHeader:n], aclEntry) {
		if len(entry) < aclEntry {
			return nil, false
		}
		tag, rights := binary.LittleEndian.Uint16(entry), binary.LittleEndian.Uint16(entry[2:])
		id := binary.LittleEndian.Uint32(entry[4:])
		switch {
		case tag == aclMask:
			mask = rights
		case rights&aclWrite == 0:
		case tag == aclUser:
			list = append(list, access{id, false})
		case tag == aclGroup:
			list = append(list, access{id, true})
		case tag == aclGroupObject:
			list = append(list, access{ownGroup, true})
		}
	}
	if mask&aclWrite == 0 {
		list = nil
	}
	return list, true
}

// unowned says whether a filesystem keeps no owners and rights of its own: what it shows was chosen by who mounted it.
// Those are shares and sticks.
func unowned(path string) bool {
	const ntfs3, vboxsf = 0x7366746e, 0x786f4256
	return isOn(path, unix.MSDOS_SUPER_MAGIC, unix.EXFAT_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC, unix.SMB_SUPER_MAGIC,
		unix.SMB2_SUPER_MAGIC, unix.FUSE_SUPER_MAGIC, unix.V9FS_MAGIC, ntfs3, vboxsf)
}

// served says whether somebody else tells whose a file is: who mounted the filesystem, or the owner of its server.
func served(path string) bool {
	const ceph = 0x00c36400
	return unowned(path) || isOn(path, unix.NFS_SUPER_MAGIC, unix.AFS_SUPER_MAGIC, unix.AFS_FS_MAGIC, unix.CODA_SUPER_MAGIC, ceph)
}

// isOn says whether a path lies on a filesystem of one of these kinds.
func isOn(path string, kinds ...uint32) bool {
	var s unix.Statfs_t
	return unix.Statfs(path, &s) == nil && slices.Contains(kinds, uint32(s.Type))
}
