package store_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kapu/internal/need"
	"kapu/internal/servers"
	"kapu/internal/wait"
	"kapu/office/store"
	"kapu/office/store/storetest"
)

// The shares that offices have, as far as one machine can be server and two clients. It takes minutes.
func TestShares(t *testing.T) {
	if os.Getenv("KAPU_SHARE_TESTS") != "1" {
		t.Skip("make test-shares runs this")
	}
	needMounts(t)
	for program, pkg := range map[string]string{
		"sshfs": "sshfs", "/usr/sbin/sshd": "openssh-server", "smbd": "samba", "smbnetfs": "smbnetfs", "apache2": "apache2-bin",
		"mount.davfs": "davfs2", "rclone": "rclone", "syncthing": "syncthing",
	} {
		need.Program(t, program, pkg)
	}
	for _, name := range []string{"SlowSSHFS", "Samba", "Davfs", "Rclone", "Syncthing"} {
		t.Run(name, func(t *testing.T) { servers.InNetwork(t, "TestOn"+name, syscall.CLONE_NEWPID) })
	}
}

// A line on which each answer takes 100 ms.
func TestOnSlowSSHFS(t *testing.T) {
	dir := privateMachine(t)
	const slow = "127.0.0.1:22023"
	delay(t, slow, "127.0.0.1:22022", 50*time.Millisecond)
	s := sshfs(t, dir, slow)
	one, other, office := s.office(t)
	raceStores(t, s, office, 20, one, other)
	const objects = 5
	begun := time.Now()
	for n := range objects {
		check(t, one.Put(t.Context(), fmt.Sprint("accounts/a/", n), make([]byte, 2000)))
	}
	t.Logf("an object is put in %v", time.Since(begun)/objects)
	begun = time.Now()
	for n := range objects {
		must(other.Get(t.Context(), fmt.Sprint("accounts/a/", n)))
	}
	t.Logf("an object is got in %v", time.Since(begun)/objects)
}

// delay passes connections on to another address, each way so much later.
func delay(t *testing.T, address, to string, by time.Duration) {
	t.Helper()
	l := must(net.Listen("tcp", address))
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			from, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", to)
			if err != nil {
				from.Close()
				continue
			}
			go pass(server, from, by)
			go pass(from, server, by)
		}
	}()
}

// pass copies what comes, later.
func pass(to io.WriteCloser, from io.Reader, by time.Duration) {
	type piece struct {
		due  time.Time
		data []byte
	}
	pieces := make(chan piece, 1000)
	go func() {
		defer to.Close()
		for p := range pieces {
			time.Sleep(time.Until(p.due))
			if _, err := to.Write(p.data); err != nil {
				break
			}
		}
		for range pieces { // what nobody takes any more
		}
	}()
	defer close(pieces)
	for {
		data := make([]byte, 64<<10)
		n, err := from.Read(data)
		pieces <- piece{time.Now().Add(by), data[:n]}
		if err != nil {
			return
		}
	}
}

// A share of Windows' kind, mounted without rights of its own (smbnetfs): no links, and no locks that others hear of.
func TestOnSamba(t *testing.T) {
	dir := privateMachine(t)
	s := share{server: dir + "/server"}
	for _, folder := range []string{"priv", "lock", "state", "cache", "pid", "ncalrpc", "server"} {
		check(t, os.Mkdir(filepath.Join(dir, folder), 0o755))
	}
	conf := dir + "/smb.conf"
	check(t, os.WriteFile(conf, []byte(strings.ReplaceAll(`[global]
workgroup = WG
netbios name = SRV
interfaces = lo
bind interfaces only = yes
disable netbios = yes
private dir = DIR/priv
lock directory = DIR/lock
state directory = DIR/state
cache directory = DIR/cache
pid directory = DIR/pid
ncalrpc dir = DIR/ncalrpc
log file = DIR/smb.log
passdb backend = tdbsam:DIR/priv/passdb.tdb
server min protocol = SMB2
load printers = no
[kapu]
path = DIR/server
read only = no
force user = root
`, "DIR", dir)), 0o600))
	add := exec.Command("smbpasswd", "-c", conf, "-a", "-s", "root")
	add.Stdin = strings.NewReader("pw\npw\n")
	if out, err := add.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	start(t, dir, "smbd", "-s", conf, "--foreground", "--no-process-group")
	awaitServer(t, "127.0.0.1:445")
	for mount, at := range map[string]*string{"one": &s.one, "other": &s.other} {
		home := filepath.Join(dir, "home-"+mount)
		check(t, os.MkdirAll(home+"/.smb", 0o700))
		check(t, os.Mkdir(filepath.Join(dir, mount), 0o700))
		check(t, os.WriteFile(home+"/.smb/smb.conf", nil, 0o600))
		check(t, os.WriteFile(home+"/.smb/smbnetfs.conf",
			[]byte("auth \"127.0.0.1/kapu\" \"root\" \"pw\"\nhost 127.0.0.1 visible=true\n"), 0o600))
		t.Setenv("HOME", home)
		run(t, "smbnetfs", filepath.Join(dir, mount))
		unmountLater(t, filepath.Join(dir, mount))
		*at = filepath.Join(dir, mount, "127.0.0.1", "kapu")
		wait.Until(t, "the share", func() bool { _, err := os.ReadDir(*at); return err == nil })
	}
	onOneMount(t, s)
	onTwoMounts(t, s)
	raceOnShare(t, s, 200)
}

// WebDAV as a NAS offers it: Apache. Its mounts remember for a minute or five what a folder holds, and davfs2 writes
// ten seconds late; so the second machine comes when the first has made the folder, and objects are looked for on the
// server.
func onWebDAV(t *testing.T, mount func(t *testing.T, dir, address, at string)) {
	dir := privateMachine(t)
	s := share{one: dir + "/one", other: dir + "/other", server: dir + "/server"}
	for _, folder := range []string{s.one, s.other, s.server, dir + "/apache"} {
		check(t, os.Mkdir(folder, 0o777))
		check(t, os.Chmod(folder, 0o777))
	}
	for at := dir; at != "/tmp" && at != "/"; at = filepath.Dir(at) {
		check(t, os.Chmod(at, 0o755))
	}
	const address = "127.0.0.1:22080"
	const modules = "/usr/lib/apache2/modules/mod_"
	check(t, os.WriteFile(dir+"/httpd.conf", []byte(strings.ReplaceAll(`ServerRoot DIR/apache
ServerName localhost
Listen `+address+`
PidFile DIR/apache/pid
ErrorLog DIR/apache/log
LoadModule mpm_event_module `+modules+`mpm_event.so
LoadModule authz_core_module `+modules+`authz_core.so
LoadModule dav_module `+modules+`dav.so
LoadModule dav_fs_module `+modules+`dav_fs.so
User www-data
Group www-data
DavLockDB DIR/apache/lock
DocumentRoot DIR/server
<Directory DIR/server>
Dav On
Require all granted
</Directory>
`, "DIR", dir)), 0o644))
	start(t, dir, "apache2", "-f", dir+"/httpd.conf", "-DFOREGROUND")
	awaitServer(t, address)
	mount(t, dir, address, s.one)
	onOneMount(t, share{one: s.one, other: s.one, server: s.server})
	const office = "races"
	check(t, os.Mkdir(filepath.Join(s.one, office), 0o777))
	one := must(store.Open(filepath.Join(s.one, office), nil))
	check(t, store.Prepare(t.Context(), one))
	check(t, one.Put(t.Context(), "roster/begin", nil))
	wait.Until(t, "the office on the server", func() bool {
		sign, _ := os.ReadFile(filepath.Join(s.server, office, "KAPU.txt"))
		first, _ := os.ReadFile(filepath.Join(s.server, office, "roster/begin"))
		return len(sign) > 0 && len(first) > 0
	})
	mount(t, dir, address, s.other)
	raceStores(t, s, office, 30, one, must(store.Open(filepath.Join(s.other, office), nil)))
}

func TestOnDavfs(t *testing.T) {
	onWebDAV(t, func(t *testing.T, dir, address, at string) {
		cache, conf := at+"-cache", at+".conf"
		check(t, os.Mkdir(cache, 0o777))
		check(t, os.Chmod(cache, 0o777))
		check(t, os.MkdirAll("/run/mount.davfs", 0o777))
		check(t, os.Chmod("/run/mount.davfs", 0o777))
		check(t, os.WriteFile(conf, []byte("cache_dir "+cache+"\nask_auth 0\n"), 0o644))
		run(t, "mount.davfs", "-o", "conf="+conf, "http://"+address, at)
		unmountLater(t, at)
	})
}

func TestOnRclone(t *testing.T) {
	onWebDAV(t, func(t *testing.T, dir, address, at string) {
		start(t, dir, "rclone", "mount", "--config", "/dev/null", ":webdav,url='http://"+address+"':", at)
		unmountLater(t, at)
		wait.Until(t, "the mount", func() bool {
			mounts, err := os.ReadFile("/proc/self/mounts")
			return err == nil && strings.Contains(string(mounts), " "+at+" ")
		})
	})
}

// Two Syncthings that know only of each other.
func TestOnSyncthing(t *testing.T) {
	dir := privateMachine(t)
	var ids, folders [2]string
	for i := range ids {
		home := filepath.Join(dir, fmt.Sprint("home", i))
		folders[i] = filepath.Join(dir, fmt.Sprint("copy", i))
		check(t, os.MkdirAll(folders[i], 0o700))
		run(t, "syncthing", "generate", "--home="+home, "--no-default-folder")
		ids[i] = strings.TrimSpace(string(must(exec.Command("syncthing", "--home="+home, "--device-id").Output())))
	}
	for i := range ids {
		home := filepath.Join(dir, fmt.Sprint("home", i))
		conf := `<configuration version="36">
<folder id="kapu" path="FOLDER" type="sendreceive" rescanIntervalS="30" fsWatcherEnabled="true" fsWatcherDelayS="1">
<filesystemType>basic</filesystemType><device id="ID0"></device><device id="ID1"></device></folder>
<device id="ID0" name="m0"><address>tcp://127.0.0.1:22000</address></device>
<device id="ID1" name="m1"><address>tcp://127.0.0.1:22001</address></device>
<gui enabled="true" tls="false"><address>127.0.0.1:2238NUMBER</address><apikey>k</apikey></gui>
<options><listenAddress>tcp://127.0.0.1:2200NUMBER</listenAddress><globalAnnounceEnabled>false</globalAnnounceEnabled>
<localAnnounceEnabled>false</localAnnounceEnabled><relaysEnabled>false</relaysEnabled><natEnabled>false</natEnabled>
<urAccepted>-1</urAccepted><startBrowser>false</startBrowser><crashReportingEnabled>false</crashReportingEnabled>
<reconnectionIntervalS>2</reconnectionIntervalS></options></configuration>`
		conf = strings.NewReplacer(
			"FOLDER", folders[i], "ID0", ids[0], "ID1", ids[1], "NUMBER", fmt.Sprint(i)).Replace(conf)
		check(t, os.WriteFile(home+"/config.xml", []byte(conf), 0o600))
		start(t, dir, "syncthing", "serve", "--home="+home, "--no-browser", "--no-upgrade")
	}
	n := 0
	storetest.Run(t, func(t *testing.T) store.Store {
		n++
		path := filepath.Join(folders[0], fmt.Sprint("office", n))
		check(t, os.Mkdir(path, 0o700))
		s := must(store.Open(path, nil))
		check(t, store.Prepare(t.Context(), s))
		return readElsewhere(t, s, filepath.Join(folders[1], fmt.Sprint("office", n)))
	})
}
