package lang

import (
	"archive/zip"
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// failures are errors that the system and the libraries really give, by the clause that is to say them.
func failures(t *testing.T) map[string]error {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("<a"), 0o600); err != nil {
		t.Fatal(err)
	}
	read := func(path string) error { _, err := os.ReadFile(path); return err }
	get := func(client *http.Client, address string) error {
		answer, err := client.Get(address)
		if err == nil {
			answer.Body.Close()
		}
		return err
	}
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refused := closed.Addr().String()
	closed.Close()
	late, stop := context.WithDeadline(t.Context(), time.Now())
	defer stop()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	otherName := secure.Client()
	otherName.Transport.(*http.Transport).TLSClientConfig.ServerName = "nas.example.org"
	_, zipped := zip.OpenReader(file)
	_, encoded := base64.StdEncoding.DecodeString("a*")
	_, table := csv.NewReader(strings.NewReader("a\n\"b")).ReadAll()
	_, dialled := (&net.Dialer{}).DialContext(late, "tcp", refused)
	var into struct{ N int }

	all := map[string]error{
		"cause-program-missing":       exec.Command("kapu-missing").Run(),
		"cause-not-found":             read(filepath.Join(dir, "none")),
		"cause-exists":                os.Mkdir(dir, 0o700),
		"cause-refused":               get(http.DefaultClient, "http://"+refused),
		"cause-not-tls":               get(http.DefaultClient, strings.Replace(plain.URL, "http:", "https:", 1)),
		"cause-certificate-authority": get(&http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{}}}, secure.URL),
		"cause-certificate-name":      get(otherName, secure.URL),
		"cause-host-unknown":          &net.DNSError{Err: "no such host", Name: "nas", IsNotFound: true},
		"cause-host-lookup":           &net.DNSError{Err: "server misbehaving", Name: "nas"},
		"cause-timeout":               dialled,
		"cause-cancelled":             gone.Err(),
		"cause-malformed":             json.Unmarshal([]byte("{x"), &into),
		"cause-malformed (type)":      json.Unmarshal([]byte(`{"N": "x"}`), &into),
		"cause-malformed (zip)":       zipped,
		"cause-malformed (base64)":    encoded,
		"cause-line":                  xml.Unmarshal([]byte("<a>"), &into),
		"cause-line (csv)":            table,
		"cause-other":                 errors.New("something new"),
		"cause-other (link)":          &os.LinkError{Op: "link", Old: ".kapu/abc.new", New: "a/1", Err: errors.New("something new")},
	}
	if runtime.GOOS == "linux" {
		all["cause-code"] = &fs.PathError{Op: "openat", Path: ".kapu/abc.new", Err: syscall.EBADMSG}
		all["cause-no-space"] = os.WriteFile("/dev/full", []byte("x"), 0o600)
		all["cause-program-failed"] = exec.Command("false").Run()
		all["cause-is-folder"] = read(dir)
		all["cause-not-folder"] = read(filepath.Join(file, "x"))
		all["cause-name-long"] = read(filepath.Join(dir, strings.Repeat("x", 300)))
		_ = os.Symlink("loop", filepath.Join(dir, "loop"))
		all["cause-loop"] = read(filepath.Join(dir, "loop"))
		all["cause-not-empty"] = os.Remove(dir)
		_, all["cause-address-taken"] = net.Listen("tcp", plain.Listener.Addr().String())
		all["cause-denied"] = os.Remove("/proc/self")
	}
	return all
}

var (
	englishWords = regexp.MustCompile(`(?i)\b(the|is|not|no|such|file|found|executable|in|path|permission|denied|space|left|on|` +
		`connection|refused|certificate|signed|by|unknown|authority|directory|invalid|error|server|gave|response|to|` +
		`deadline|exceeded|exit|status|address|already|use|too|many|levels|of|unexpected|character|cannot|dial|open|read)\b`)
	hungarianWords = regexp.MustCompile(`[áéíóöőúüűÁÉÍÓÖŐÚÜŰ]|\b(nincs|fut|vagy|mappa|ilyen|rendszer|hiba)\b`)
)

// What the system says is said in the person's language, whatever it is that failed; its own words are left only in
// quotes, of an error that nobody foresaw.
func TestCausesAreSaid(t *testing.T) {
	for name, err := range failures(t) {
		id, _, _ := strings.Cut(name, " ")
		if err == nil {
			t.Errorf("%s: nothing failed", name)
			continue
		}
		wrapped := fmt.Errorf("doing something with it: %w", err)
		if got := cause(wrapped); got.ID != id {
			t.Errorf("%s: %q is said as %s", name, err, got.ID)
			continue
		}
		for _, e := range []error{E("store-folder-gone", "Path", "/srv/kapu", "Reason", wrapped), crossed(t, wrapped)} {
			for language, foreign := range map[string]*regexp.Regexp{Hungarian: englishWords, English: hungarianWords} {
				said := In(language).Error(e)
				for _, own := range []string{"„something new”", "“something new”", "(KAPU.txt", "`kapu office store"} {
					said = strings.ReplaceAll(said, own, "")
				}
				if word := foreign.FindString(said); word != "" {
					t.Errorf("%s in %s: %q is left in %q", name, language, word, said)
				}
				if strings.Contains(said, ".new") {
					t.Errorf("%s in %s: a temporary file's name is left in %q", name, language, said)
				}
				if strings.Contains(said, "..") || strings.Contains(said, "Reason") {
					t.Errorf("%s in %s: %q", name, language, said)
				}
			}
		}
	}
}

// crossed is a sentence with an error in it as the other side of a process border has it.
func crossed(t *testing.T, err error) error {
	t.Helper()
	data, failed := json.Marshal(E("store-folder-gone", "Path", "/srv/kapu", "Reason", err))
	var e Error
	if failed == nil {
		failed = json.Unmarshal(data, &e)
	}
	if failed != nil {
		t.Fatal(failed)
	}
	return &e
}

// A sentence that names no place gets that of the system's error; one that does is not told a temporary name beside it.
func TestCauseNamesThePlaceOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none")
	_, err := os.ReadFile(path)
	if said := In(Hungarian).Error(E("agent-error", "Reason", err)); !strings.Contains(said, path+": nincs ilyen fájl") {
		t.Error(said)
	}
	if said := In(Hungarian).Error(E("vault-unwritable", "Path", "/srv/vault.age", "Reason", err)); strings.Contains(said, path) {
		t.Error(said)
	}
}
