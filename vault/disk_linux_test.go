package vault

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"kapu/lang"
	"kapu/seal"
)

// diskKind marks the process in which TestOnABadDisk runs, and says what is wrong with its disk.
const (
	diskKind = "KAPU_TEST_DISK"
	diskDir  = "KAPU_TEST_DISK_DIR"
)

// badDisk is a way in which nothing can be written any more. Both functions get the folder that holds the vault and
// the state; begin is called when the vault is there.
type badDisk struct {
	mounts     bool // needs a mount namespace of its own
	keepsState bool // the state folder is on a good disk
	prepare    func(dir string) error
	begin, end func(dir string) error
}

func tmpfs(at, options string) error {
	if err := os.MkdirAll(at, 0o700); err != nil {
		return err
	}
	return unix.Mount("kapu-test", at, "tmpfs", 0, options)
}

func readOnly(at string) error {
	if err := unix.Mount(at, at, "", unix.MS_BIND, ""); err != nil {
		return err
	}
	return unix.Mount("", at, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY, "")
}

// fill writes files until nothing more fits; empty ones where there shall be room but no more names.
func fill(dir string, size int) error {
	for n := 0; ; n++ {
		err := os.WriteFile(filepath.Join(dir, fmt.Sprint("filler-", n)), make([]byte, size), 0o600)
		switch {
		case errors.Is(err, syscall.ENOSPC) && size > 1:
			size /= 2
		case errors.Is(err, syscall.ENOSPC):
			return nil
		case err != nil:
			return err
		}
	}
}

func empty(dir string) error {
	fillers, err := filepath.Glob(filepath.Join(dir, "filler-*"))
	for _, f := range fillers {
		err = errors.Join(err, os.Remove(f))
	}
	return err
}

func below(name string, do func(string) error) func(string) error {
	return func(dir string) error { return do(filepath.Join(dir, name)) }
}

func fileSize(limit uint64) func(string) error {
	return func(string) error {
		signal.Ignore(syscall.SIGXFSZ)
		return unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: limit, Max: unix.RLIM_INFINITY})
	}
}

func mode(m os.FileMode) func(string) error {
	return func(dir string) error { return os.Chmod(dir, m) }
}

func nothing(string) error { return nil }

var badDisks = map[string]badDisk{
	"full": {
		mounts: true, prepare: func(dir string) error { return tmpfs(dir, "size=512k") },
		begin: func(dir string) error { return fill(dir, 1<<16) }, end: empty,
	},
	"no more files": {
		mounts: true, prepare: func(dir string) error { return tmpfs(dir, "size=8m,nr_inodes=40") },
		begin: func(dir string) error { return fill(dir, 0) }, end: empty,
	},
	// Backups cannot be links there: they are copied.
	"backups on a full drive": {
		mounts: true, keepsState: true,
		prepare: below("vault/backups", func(dir string) error { return tmpfs(dir, "size=256k") }),
		begin:   below("vault/backups", func(dir string) error { return fill(dir, 1<<14) }),
		end:     below("vault/backups", empty),
	},
	"read-only": {
		mounts: true, prepare: nothing, begin: below("vault", readOnly),
		end: below("vault", func(dir string) error { return unix.Unmount(dir, 0) }), keepsState: true,
	},
	"read-only backups": {
		mounts: true, prepare: nothing, begin: below("vault/backups", readOnly),
		end: below("vault/backups", func(dir string) error { return unix.Unmount(dir, 0) }), keepsState: true,
	},
	// These need no right to mount, so that every machine tries something.
	"file size limit":  {prepare: nothing, begin: fileSize(0), end: fileSize(unix.RLIM_INFINITY)},
	"forbidden folder": {prepare: nothing, begin: below("vault", mode(0o500)), end: below("vault", mode(0o700)), keepsState: true},
}

// Where nothing can be written, every change is refused with a sentence, the vault and its protection stay whole and
// can be read, and when the fault is over everything works again.
func TestBadDisks(t *testing.T) {
	for name, disk := range badDisks {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestOnABadDisk$", "-test.v")
			cmd.Env = append(os.Environ(), diskKind+"="+name, diskDir+"="+dir, "DBUS_SESSION_BUS_ADDRESS=disabled:")
			cmd.SysProcAttr = &syscall.SysProcAttr{}
			root := os.Geteuid() == 0
			switch {
			case disk.mounts && root:
				cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWNS
			case disk.mounts:
				cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWNS | syscall.CLONE_NEWUSER
				cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
				cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
			case root: // modes do not bind root
				runnable(t, cmd, dir)
				cmd.SysProcAttr.Credential = &syscall.Credential{Uid: 65534, Gid: 65534}
			}
			out, err := cmd.CombinedOutput()
			switch {
			case disk.mounts && (errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSPC) || bytes.Contains(out, []byte(noMount))):
				t.Skipf("here no folder can be mounted, so this is not tried; %q is: %v", "file size limit", err)
			case err != nil || !bytes.Contains(out, []byte("--- PASS: TestOnABadDisk")):
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// runnable gives another user a copy of this program and a folder of theirs that they can reach.
func runnable(t *testing.T, cmd *exec.Cmd, dir string) {
	t.Helper()
	program := filepath.Join(dir, "test")
	check(t, os.WriteFile(program, must(os.ReadFile(os.Args[0])), 0o755))
	check(t, os.Chmod(filepath.Dir(dir), 0o755))
	check(t, os.Chown(dir, 65534, 65534))
	cmd.Path, cmd.Dir = program, dir
}

const noMount = "this process may not mount"

// TestOnABadDisk is one bad disk, in a process of its own.
func TestOnABadDisk(t *testing.T) {
	disk, ok := badDisks[os.Getenv(diskKind)]
	if !ok {
		t.Skip("TestBadDisks runs this")
	}
	root := os.Getenv(diskDir)
	if disk.mounts {
		if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
			t.Fatal(noMount, err)
		}
	}
	if err := disk.prepare(root); errors.Is(err, syscall.EPERM) {
		t.Fatal(noMount, err)
	} else if err != nil {
		t.Fatal(err)
	}
	id, err := seal.NewIdentity()
	check(t, err)
	d := Door{Dir: filepath.Join(root, "vault"), State: filepath.Join(root, "state"), cheap: true}
	_, err = Create(d.Dir, id)
	check(t, err)
	v, err := d.open(id, Password)
	check(t, err)
	check(t, d.Protect(t.Context(), v, Password, killedPassword(0)))
	add(t, v, "Alfa")
	add(t, v, "Béta")
	whole := files(t, d.Dir)

	changes := map[string]func() error{
		"a save": func() error {
			_, err := v.Update(t.Context(), func(tx *Tx) error { _, err := put(tx, "Gamma"); return err })
			return err
		},
		"a restore": func() error { _, err := v.Restore(t.Context(), v.Backups()[0].Name); return err },
	}
	if !strings.Contains(os.Getenv(diskKind), "backups") {
		changes["a new password"] = func() error { return d.Protect(t.Context(), v, Password, killedPassword(5)) }
		changes["a new vault"] = func() error { _, err := Create(filepath.Join(d.Dir, "other"), id); return err }
	}
	check(t, disk.begin(root))
	for what, change := range changes {
		var sentence *lang.Error
		if err := change(); !errors.As(err, &sentence) {
			t.Errorf("%s: %v", what, err)
		} else {
			t.Logf("%s: %v", what, err)
		}
		again, err := d.Unlock(t.Context(), Given(killedPassword(0)))
		if err != nil || !slices.Equal(names(again), []string{"Alfa", "Béta"}) || again.Warning() != nil {
			t.Fatalf("after %s: %v", what, err)
		}
		if !slices.Equal(names(v), []string{"Alfa", "Béta"}) {
			t.Errorf("after %s the open vault shows %v", what, names(v))
		}
	}
	check(t, disk.end(root))
	// One more backup may be there, of what the vault still holds; nothing half-written and nothing less.
	current := whole[fileName]
	for name, data := range files(t, d.Dir) {
		if old, ok := whole[name]; !bytes.Equal(old, data) && (ok || !bytes.Equal(data, current)) {
			t.Errorf("%s changed", name)
		}
		delete(whole, name)
	}
	if len(whole) > 0 {
		t.Errorf("files are gone: %v", slices.Collect(maps.Keys(whole)))
	}
	for what, change := range changes {
		if err := change(); err != nil {
			t.Errorf("%s, when all is well again: %v", what, err)
		}
	}
}

// files returns the vault's files. Locks do not count.
func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	check(t, filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() && filepath.Ext(path) != ".lock" {
			found[strings.TrimPrefix(path, dir+"/")], err = os.ReadFile(path)
		}
		return err
	}))
	return found
}
