package store_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"kapu/internal/need"
	"kapu/office/store"
	"kapu/office/store/storetest"
)

// stickFolder marks the process in which TestOnAStick runs, and says where.
const stickFolder = "KAPU_TEST_STICK"

const noMount = "this process may not mount"

// A stick with exFAT knows neither links nor rights nor capitals. The process that mounts one has mounts of its own,
// which end with it.
func TestStick(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can mount a drive, so this is not tried")
	}
	need.Program(t, "mkfs.exfat", "exfatprogs")
	need.Program(t, "mount.exfat-fuse", "exfat-fuse")
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestOnAStick$", "-test.v")
	cmd.Env = append(os.Environ(), stickFolder+"="+t.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	out, err := cmd.CombinedOutput()
	switch {
	case errors.Is(err, syscall.EPERM) || bytes.Contains(out, []byte(noMount)):
		t.Skipf("here no drive can be mounted, so this is not tried: %v\n%s", err, out)
	case err != nil || !bytes.Contains(out, []byte("--- PASS: TestOnAStick ")):
		t.Errorf("%v\n%s", err, out)
	default:
		t.Logf("%s", out)
	}
}

func TestOnAStick(t *testing.T) {
	dir := os.Getenv(stickFolder)
	if dir == "" {
		t.Skip("TestStick runs this")
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		t.Fatal(noMount, err)
	}
	image, stick := filepath.Join(dir, "image"), filepath.Join(dir, "stick")
	check(t, os.WriteFile(image, nil, 0o600))
	check(t, os.Truncate(image, 32<<20))
	check(t, os.Mkdir(stick, 0o700))
	if out, err := exec.Command("mkfs.exfat", image).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := exec.Command("mount", "-t", "exfat-fuse", "-o", "loop", image, stick).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", noMount, err, out)
	}
	defer func() { check(t, exec.Command("umount", stick).Run()) }()
	check(t, os.WriteFile(filepath.Join(stick, "a"), nil, 0o600))
	if err := os.Link(filepath.Join(stick, "a"), filepath.Join(stick, "b")); err == nil {
		t.Fatal("this drive can link")
	}
	n := 0
	open := func(t *testing.T) (store.Store, string) {
		n++
		path := filepath.Join(stick, strings.Repeat("office", n))
		check(t, os.Mkdir(path, 0o700))
		s := must(store.Open(path, nil))
		check(t, store.Prepare(t.Context(), s))
		return s, path
	}
	t.Run("one", func(t *testing.T) {
		storetest.Run(t, func(t *testing.T) store.Store { s, _ := open(t); return s })
	})
	// Two programs know nothing of each other but what the lock says.
	s, path := open(t)
	other := must(store.Open(path, nil))
	for _, name := range []string{"roster/0", "roster/1", "a/b/c"} {
		storetest.Race(t, name, s, other)
	}
	tornOnADrive(t, s, other, path)
	killedWriters(t, path)
	fullDrive(t, s, stick)
}

// tornOnADrive is what a writer that died in the middle leaves.
func tornOnADrive(t *testing.T, s, other store.Store, path string) {
	t.Helper()
	file := filepath.Join(path, "roster", "9")
	check(t, os.WriteFile(file, []byte("kapu object 1"), 0o600))
	if err := s.Put(t.Context(), "roster/9", nil); !errors.Is(err, store.ErrExists) {
		t.Error(err)
	}
	check(t, exec.Command("touch", "-d", "1 hour ago", file).Run())
	storetest.Race(t, "roster/9", s, other)
}

// fullDrive fills the drive: what does not fit is refused in a sentence, and its name stays free.
func fullDrive(t *testing.T, s store.Store, stick string) {
	t.Helper()
	filler := filepath.Join(stick, "filler")
	if err := os.WriteFile(filler, make([]byte, 32<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	big := bytes.Repeat([]byte("x"), 1<<20)
	says(t, s.Put(t.Context(), "big/1", big), "store-folder-full")
	check(t, os.Remove(filler))
	check(t, s.Put(t.Context(), "big/1", append(big, 'y')))
}
