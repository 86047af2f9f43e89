package vault

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kapu/seal"
)

const (
	savesDir = "KAPU_TEST_SAVES" // folder of the vaults of TestSavesUntilKilled
	killSeed = "KAPU_TEST_SEED"  // of the moments, to try the same ones again
)

// Fifty times a process that saves into ten vaults at once is killed at a random moment: that cuts 500 saves off.
// Each time every vault opens; what was confirmed is there, of what was not there is all or nothing; every backup
// opens; the password is the old or the new one; and the dead process is not in the next one's way.
func TestKilledSaves(t *testing.T) {
	seed := rand.Uint64()
	if given, err := strconv.ParseUint(os.Getenv(killSeed), 10, 64); err == nil {
		seed = given
	}
	t.Logf("%s=%d", killSeed, seed)
	moments := rand.New(rand.NewPCG(seed, 0))
	const vaults = 10
	kills := 50
	if testing.Short() {
		kills = 5
	}
	root := t.TempDir()
	id, err := seal.NewIdentity()
	check(t, err)
	for i := range vaults {
		d := killedDoor(root, i)
		_, err = Create(d.Dir, id)
		check(t, err)
		check(t, d.writeKeyFile(id, killedPassword(0)))
		d.rememberMethod(Password)
	}
	saved := make([]int, vaults)
	late := 0
	for range kills {
		killedSaver(t, root, id, saved, time.Duration(moments.Int64N(int64(40*time.Millisecond))))
		for i, confirmed := range saved {
			if saved[i] = afterKill(t, killedDoor(root, i), id, confirmed); saved[i] > confirmed {
				late++
			}
		}
	}
	all := 0
	for i := range vaults {
		all += saved[i]
		d := killedDoor(root, i)
		v, err := d.open(id, Password)
		check(t, err)
		if files, good := v.backups.list(), v.Backups(); len(files) != len(good) {
			t.Errorf("of %d backups %d open", len(files), len(good))
		}
		add(t, v, "last")
		check(t, d.Protect(t.Context(), v, Password, killedPassword(0)))
	}
	t.Logf("%d saves; of %d the confirmation came too late", all, late)
	check(t, filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".new") {
			t.Errorf("a half-written file was left: %s", path)
		}
		return err
	}))
}

func killedDoor(root string, i int) Door {
	dir := filepath.Join(root, strconv.Itoa(i))
	return Door{Dir: filepath.Join(dir, "vault"), State: filepath.Join(dir, "state"), cheap: true}
}

// killedSaver runs a process that saves into all vaults, and kills it a while after its first confirmations. It
// counts on how many saves were confirmed.
func killedSaver(t *testing.T, root string, id *seal.Identity, saved []int, after time.Duration) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSavesUntilKilled$")
	cmd.Env = append(os.Environ(), savesDir+"="+root, "DBUS_SESSION_BUS_ADDRESS=disabled:")
	cmd.Stdin = strings.NewReader(id.String() + "\n")
	out, err := cmd.StdoutPipe()
	check(t, err)
	check(t, cmd.Start())
	lines := bufio.NewReader(out)
	read := func() bool {
		line, err := lines.ReadString('\n')
		if err != nil {
			return false // a line that was cut off confirms nothing
		}
		var i, n int
		if _, err := fmt.Sscanf(line, "%d %d\n", &i, &n); err != nil || n != saved[i]+1 {
			rest, _ := io.ReadAll(lines)
			t.Fatalf("the process says %q%q", line, rest)
		}
		saved[i] = n
		return true
	}
	for range saved { // so that there are 500 saves at least
		if !read() {
			t.Fatalf("the process ended by itself: %v", cmd.Wait())
		}
	}
	time.Sleep(after)
	check(t, cmd.Process.Kill())
	for read() {
	}
	_ = cmd.Wait() // killed
}

// afterKill checks the vault that a killed process left and returns how many saves are in it.
func afterKill(t *testing.T, d Door, id *seal.Identity, confirmed int) int {
	t.Helper()
	v, err := d.open(id, Password)
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Warning(); err != nil {
		t.Errorf("it is said to be older than it is: %v", err)
	}
	got := names(v)
	for i, name := range got {
		if name != fmt.Sprint(i+1) {
			t.Fatalf("in place %d is client %s", i+1, name)
		}
	}
	if len(got) != confirmed && len(got) != confirmed+1 {
		t.Fatalf("%d saves were confirmed, %d are there", confirmed, len(got))
	}
	if len(got) > 0 { // the older ones were looked at when they were the newest
		newest, err := v.backup(v.backups.list()[0])
		if err != nil || len(newest.Clients) < len(got)-1 {
			t.Fatalf("of %d clients, the newest backup: %+v, %v", len(got), newest, err)
		}
	}
	passwords := []string{killedPassword(len(got)), killedPassword(len(got) - 1)}
	if !slices.ContainsFunc(passwords, func(p string) bool { _, err := d.openKeyFile(p); return err == nil }) {
		t.Errorf("no password opens it after %d saves", len(got))
	}
	return len(got)
}

// killedPassword is the one that is set after a number of saves; every fifth save is followed by a new one.
func killedPassword(saved int) string { return fmt.Sprint("kék zokni bojler ", max(saved, 0)/5) }

// TestSavesUntilKilled is the process that TestKilledSaves kills.
func TestSavesUntilKilled(t *testing.T) {
	root := os.Getenv(savesDir)
	if root == "" {
		t.Skip("TestKilledSaves runs this")
	}
	text, err := bufio.NewReader(os.Stdin).ReadString('\n')
	check(t, err)
	id, err := seal.ParseIdentity(text)
	check(t, err)
	failed := make(chan error)
	dirs, err := os.ReadDir(root)
	check(t, err)
	for i := range dirs {
		go func() { failed <- saveForever(t.Context(), killedDoor(root, i), id, i) }()
	}
	t.Fatal(<-failed)
}

func saveForever(ctx context.Context, d Door, id *seal.Identity, i int) error {
	v, err := d.open(id, Password)
	if err != nil {
		return err
	}
	n := len(v.Contents().Clients)
	err = d.Protect(ctx, v, Password, killedPassword(n)) // the one before may have been killed before it
	for err == nil {
		n++
		var c Client
		if _, err = v.Update(ctx, func(tx *Tx) (err error) { c, err = put(tx, strconv.Itoa(n)); return err }); err != nil {
			break
		}
		fmt.Printf("%d %d\n", i, n)
		if n%5 == 0 {
			err = d.Protect(ctx, v, Password, killedPassword(n))
		}
		if err == nil {
			_, err = v.Update(ctx, func(tx *Tx) error { tx.Used(c.ID, time.Now()); return nil })
		}
	}
	return err
}
