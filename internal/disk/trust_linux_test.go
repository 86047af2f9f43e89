package disk

import (
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// stranger is another user of the machine.
const stranger = 65534

// asRoot skips what only root can set up: files of another user.
func asRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("files of another user can be made by root only")
	}
}

func TestWhatOthersCanWriteIsNotTrusted(t *testing.T) {
	asRoot(t)
	for name, tt := range map[string]struct {
		mode   os.FileMode // of the folder
		owner  int
		file   os.FileMode
		writer int // of the file
		want   string
	}{
		"a person's own":             {mode: 0o700, file: 0o600},
		"readable":                   {mode: 0o755, file: 0o644},
		"root's group":               {mode: 0o775, file: 0o664},
		"folder of all":              {mode: 0o777, file: 0o600, want: "chmod o-w"},
		"folder of all but sticky":   {mode: 0o777 | os.ModeSticky, file: 0o600},
		"planted in a sticky one":    {mode: 0o777 | os.ModeSticky, file: 0o600, writer: stranger, want: "belongs to nobody"},
		"another's folder":           {mode: 0o755, owner: stranger, file: 0o600, want: "belongs to nobody"},
		"another's file":             {mode: 0o755, file: 0o600, writer: stranger, want: "belongs to nobody"},
		"file of all":                {mode: 0o755, file: 0o666, want: "chmod o-w"},
		"file of all, behind a wall": {mode: 0o700, file: 0o666},
		"another's, behind a wall":   {mode: 0o700, file: 0o600, writer: stranger, want: "belongs to nobody"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(openTemp(t), "kapu")
			path := filepath.Join(dir, "agent.json")
			check(t, os.Mkdir(dir, 0o700))
			check(t, os.WriteFile(path, []byte("{}"), 0o600))
			check(t, os.Chmod(path, tt.file))
			check(t, os.Chown(path, tt.writer, 0))
			check(t, os.Chmod(dir, tt.mode))
			check(t, os.Chown(dir, tt.owner, 0))
			data, err := ReadTrusted(path)
			if tt.want == "" {
				if string(data) != "{}" || err != nil {
					t.Errorf("read %q, %v", data, err)
				}
				return
			}
			if data != nil || !errors.Is(err, ErrForeign) || !strings.Contains(err.Error(), tt.want) ||
				!strings.Contains(err.Error(), dir) {
				t.Errorf("read %q, %v", data, err)
			}
		})
	}
}

// A folder far above is as good as the file: who can rename it has another in its place.
func TestEveryFolderAboveCounts(t *testing.T) {
	top := openTemp(t)
	middle := filepath.Join(top, "open")
	dir := filepath.Join(middle, "a", "b")
	check(t, os.MkdirAll(dir, 0o755))
	check(t, Trusted(filepath.Join(dir, "not", "yet", "there")))
	check(t, os.Chmod(middle, 0o777))
	for _, path := range []string{dir, filepath.Join(dir, "run"), filepath.Join(dir, "not", "yet", "there")} {
		if err := Trusted(path); !errors.Is(err, ErrForeign) || !strings.Contains(err.Error(), middle+".") && !strings.Contains(err.Error(), middle+" ") {
			t.Errorf("%s: %v", path, err)
		}
		if err := TrustedFolder(path); !errors.Is(err, ErrForeign) {
			t.Errorf("%s was made: %v", path, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "run")); err == nil {
		t.Error("a folder was made where others can put another in its place")
	}
}

func TestLinksAreFollowedOnlyWhereNobodyElseCanMakeThem(t *testing.T) {
	asRoot(t)
	top := openTemp(t)
	home := filepath.Join(top, "disk2", "home")
	check(t, os.MkdirAll(filepath.Join(home, "run"), 0o755))
	link := filepath.Join(top, "home")
	check(t, os.Symlink(filepath.Join("disk2", ".", "home"), link))
	check(t, Trusted(filepath.Join(link, "run")))

	shared := filepath.Join(top, "tmp")
	check(t, os.Mkdir(shared, 0o777))
	check(t, os.Chmod(shared, 0o777|os.ModeSticky))
	theirs := filepath.Join(shared, "home")
	check(t, os.Symlink(home, theirs))
	check(t, os.Lchown(theirs, stranger, stranger))
	if err := Trusted(filepath.Join(theirs, "run")); !errors.Is(err, ErrForeign) || !strings.Contains(err.Error(), theirs) {
		t.Errorf("a stranger's link: %v", err)
	}
	ours := filepath.Join(shared, "mine")
	check(t, os.Symlink(home, ours))
	check(t, Trusted(filepath.Join(ours, "run")))

	// Where a link leads counts, not only where it stands.
	check(t, os.Chmod(filepath.Join(top, "disk2"), 0o777))
	if err := Trusted(filepath.Join(link, "run")); !errors.Is(err, ErrForeign) {
		t.Errorf("what a link leads to was not looked at: %v", err)
	}
	loop := filepath.Join(top, "loop")
	check(t, os.Symlink("loop", loop))
	if err := Trusted(loop); !errors.Is(err, unix.ELOOP) {
		t.Errorf("a loop: %v", err)
	}
}

// On a share the owner of its server can make a link that seems to be the person's own. None is followed there.
func TestNoLinkIsFollowedOnAShare(t *testing.T) {
	top := openTemp(t)
	target, link := filepath.Join(top, "target"), filepath.Join(top, "backups")
	check(t, os.Mkdir(target, 0o700))
	check(t, os.Symlink(target, link))
	check(t, subfolder(link, func(string) bool { return false }))
	asked := ""
	if err := subfolder(link, func(path string) bool { asked = path; return true }); !errors.Is(err, ErrForeign) || asked != top {
		t.Errorf("followed on a share: %v, asked of %q", err, asked)
	}
	check(t, subfolder(target, func(string) bool { return true }))
	if served(top) {
		t.Skip("the temporary files of this machine lie on a share")
	}
}

// A link to a folder that others cannot enter does not open one outside of it.
func TestAWallCountsOnlyForWhatIsInIt(t *testing.T) {
	top := openTemp(t)
	closed, open := filepath.Join(top, "closed"), filepath.Join(top, "open")
	check(t, os.Mkdir(closed, 0o700))
	check(t, os.Mkdir(open, 0o755))
	check(t, os.Chmod(open, 0o777))
	check(t, os.Mkdir(filepath.Join(open, "run"), 0o700))
	for name, target := range map[string]string{"absolute": open, "relative": filepath.Join("..", "open")} {
		link := filepath.Join(closed, name)
		check(t, os.Symlink(target, link))
		if err := Trusted(filepath.Join(link, "run")); !errors.Is(err, ErrForeign) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Fedora and Debian give each user a group of their own, and with a umask of 002 all their folders are the group's too.
func TestAPersonsOwnGroupMayWrite(t *testing.T) {
	asRoot(t)
	const uid, gid = 34567, 34568
	dir := filepath.Join(openTemp(t), "home")
	check(t, os.Mkdir(dir, 0o775))
	check(t, os.Chmod(dir, 0o775))
	check(t, os.Chown(dir, uid, uid))
	r := reader{uid: uid}
	if _, err := r.walk(dir); err != nil {
		t.Errorf("a group with the user's number, of a directory service: %v", err)
	}
	check(t, os.Chown(dir, uid, gid))
	if _, err := r.walk(dir); !errors.Is(err, ErrForeign) {
		t.Errorf("a group of several: %v", err)
	}
}

func TestAccessListsAreRead(t *testing.T) {
	asRoot(t)
	dir := filepath.Join(openTemp(t), "home")
	check(t, os.Mkdir(dir, 0o755))
	set := func(entries ...[3]uint32) {
		t.Helper()
		data := binary.LittleEndian.AppendUint32(nil, 2)
		for _, e := range entries {
			data = binary.LittleEndian.AppendUint16(data, uint16(e[0]))
			data = binary.LittleEndian.AppendUint16(data, uint16(e[1]))
			data = binary.LittleEndian.AppendUint32(data, e[2])
		}
		if err := unix.Setxattr(dir, "system.posix_acl_access", data, 0); err != nil {
			t.Skipf("no access lists here: %v", err)
		}
	}
	const nobody = 0xffffffff
	user, owner, group, mask, other := uint32(aclUser), uint32(1), uint32(aclGroupObject), uint32(aclMask), uint32(32)
	set([3]uint32{owner, 7, nobody}, [3]uint32{user, 7, stranger}, [3]uint32{group, 5, nobody}, [3]uint32{mask, 7, nobody}, [3]uint32{other, 5, nobody})
	if err := Trusted(dir); !errors.Is(err, ErrForeign) || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("a stranger may write by the list: %v", err)
	}
	set([3]uint32{owner, 7, nobody}, [3]uint32{user, 5, stranger}, [3]uint32{group, 5, nobody}, [3]uint32{mask, 7, nobody}, [3]uint32{other, 5, nobody})
	if err := Trusted(dir); err != nil {
		t.Errorf("a stranger may only read: %v", err)
	}
}

// A stick or a share shows as owner whoever mounted it.
func TestWhereNoOwnersAreKeptTheSentenceSaysSo(t *testing.T) {
	asRoot(t)
	dir := openTemp(t)
	image := filepath.Join(dir, "fat.img")
	check(t, os.WriteFile(image, nil, 0o600))
	check(t, os.Truncate(image, 4<<20))
	if out, err := exec.Command("mkfs.vfat", image).CombinedOutput(); err != nil {
		t.Skipf("mkfs.vfat: %v: %s", err, out)
	}
	stick := filepath.Join(dir, "stick")
	check(t, os.Mkdir(stick, 0o755))
	if out, err := exec.Command("mount", "-o", "loop,umask=0", image, stick).CombinedOutput(); err != nil {
		t.Skipf("mount: %v: %s", err, out)
	}
	t.Cleanup(func() { _ = syscall.Unmount(stick, 0) })
	if err := Trusted(filepath.Join(stick, "run")); !errors.Is(err, ErrUnowned) {
		t.Errorf("%v", err)
	}
}

// openTemp is a folder that others can enter, as a person's home or /srv may be.
func openTemp(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	check(t, os.Chmod(filepath.Dir(dir), 0o755))
	check(t, os.Chmod(dir, 0o755))
	return dir
}
