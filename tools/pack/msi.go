package main

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"text/template"
	"time"
)

//go:embed windows/kapu.wxs
var msiSource string

// upgradeCode is what all versions have in common, by which Windows finds the older one. It never changes.
const upgradeCode = "4F0B0C0E-6B4B-5C8B-9D36-1C1B6A1D0A57"

// msiFolder is where wixl finds the files.
const msiFolder = "msi"

// writeMSI writes the installer for the whole machine by wixl and msibuild (msitools). What they make at random or of
// the clock is made of what goes in instead, so that the same commit gives the same bytes.
func (r *release) writeMSI(t target, files []file) error {
	for _, program := range []string{"wixl", "msibuild"} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("%s is missing: apt-get install wixl msitools", program)
		}
	}
	work := filepath.Join(r.work, t.String())
	dir := filepath.Join(work, msiFolder)
	icon, err := os.ReadFile(filepath.Join(r.root, "icons", "open.ico"))
	if err == nil {
		err = stage(dir, files)
	}
	if err == nil {
		err = stage(work, []file{{"kapu.ico", 0o644, icon}})
	}
	if err != nil {
		return err
	}
	for _, f := range files { // the cabinet has the times of the files
		if err := os.Chtimes(filepath.Join(dir, filepath.FromSlash(f.name)), r.at, r.at); err != nil {
			return err
		}
	}
	source, err := r.wxs(t, files)
	if err == nil {
		err = stage(work, []file{{"kapu.wxs", 0o644, source}})
	}
	if err != nil {
		return err
	}
	msi := r.path(t, ".msi")
	code := uuid(fmt.Sprintf("package %s %s %x", t, r.version, contentSum(files)))
	for _, c := range []*exec.Cmd{
		// x64 for ARM too, whose Windows 11 installs it.
		exec.Command("wixl", "-a", "x64", "-o", msi, "kapu.wxs"),
		exec.Command("msibuild", append([]string{msi}, queries(pathTable)...)...),
		exec.Command("msibuild", msi, "-s", "Kapu", "The Kapu authors", "x64;1033", "{"+code+"}"),
	} {
		c.Dir = work // wixl knows files below its own folder only
		c.Env = append(os.Environ(), "TZ=UTC")
		if err := run(c); err != nil {
			return err
		}
	}
	if err := stampMSI(msi, r.at); err != nil {
		return err
	}
	return sign(msi)
}

// pathTable adds the program's folder to everybody's PATH, for which wixl 0.101 has no words: in Windows Installer's, =
// sets, - removes with the program, * is the machine's, [~] what was there.
var pathTable = []string{
	"CREATE TABLE `Environment` (`Environment` CHAR(72) NOT NULL, `Name` CHAR(255) NOT NULL LOCALIZABLE, " +
		"`Value` CHAR(255) LOCALIZABLE, `Component_` CHAR(72) NOT NULL PRIMARY KEY `Environment`)",
	"INSERT INTO `Environment` (`Environment`, `Name`, `Value`, `Component_`) " +
		"VALUES ('Path', '=-*PATH', '[~];[INSTALLDIR]', 'Path')",
	"INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('RemoveEnvironmentStrings', 3300)",
	"INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('WriteEnvironmentStrings', 5200)",
}

func queries(list []string) (args []string) {
	for _, q := range list {
		args = append(args, "-q", q)
	}
	return args
}

// wxs is the source that wixl compiles.
func (r *release) wxs(t target, files []file) ([]byte, error) {
	source, err := template.New("kapu.wxs").Parse(msiSource)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = source.Execute(&b, struct {
		Version, Upgrade, Product string
		Parts                     []string
		Tree                      string
	}{r.version, upgradeCode, uuid("product " + t.String() + " " + r.version), ids(files), tree(".", files)})
	return b.Bytes(), err
}

// tree is the folder of a name with its files, each a component of its own, as Windows Installer counts them.
func tree(name string, files []file) string {
	var b strings.Builder
	for _, f := range files {
		if path.Dir(f.name) == name {
			fmt.Fprintf(&b, "<Component Id=\"%s\" Guid=\"%s\" Win64=\"yes\"><File Id=\"F%s\" KeyPath=\"yes\" Name=\"%s\" Source=\"%s\"/>",
				id(f.name), uuid("component "+f.name), id(f.name), path.Base(f.name), path.Join(msiFolder, f.name))
			b.WriteString("</Component>\n")
		}
	}
	for _, d := range folders(files) {
		if path.Dir(d) == name {
			fmt.Fprintf(&b, "<Directory Id=\"D%s\" Name=\"%s\">\n%s</Directory>\n", id(d), path.Base(d), tree(d, files))
		}
	}
	return b.String()
}

func ids(files []file) (list []string) {
	for _, f := range files {
		list = append(list, id(f.name))
	}
	return list
}

// id is the name of a file as Windows Installer wants identifiers.
func id(name string) string { return fmt.Sprintf("C%x", sha256.Sum256([]byte(name)))[:32] }

// uuid is a UUID of version 5, made of a name below upgradeCode.
func uuid(name string) string {
	h := sha1.Sum([]byte(upgradeCode + " " + name))
	h[6], h[8] = h[6]&0x0f|0x50, h[8]&0x3f|0x80
	return strings.ToUpper(fmt.Sprintf("%x-%x-%x-%x-%x", h[:4], h[4:6], h[6:8], h[8:10], h[10:16]))
}

// contentSum is of all files that go into the package, and of how they do.
func contentSum(files []file) []byte {
	h := sha256.New()
	h.Write([]byte(msiSource))
	for _, f := range files {
		fmt.Fprintf(h, "%s %d\n", f.name, len(f.data))
		h.Write(f.data)
	}
	return h.Sum(nil)
}

// stampMSI gives the package the times of the release: wixl writes when it was run. They are two properties of the
// summary stream, of the type FILETIME (64).
func stampMSI(path string, at time.Time) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	format := []byte{0xe0, 0x85, 0x9f, 0xf2, 0xf9, 0x4f, 0x68, 0x10, 0xab, 0x91, 0x08, 0x00, 0x2b, 0x27, 0xb3, 0xd9}
	start := bytes.Index(data, format)
	if start < 0 || bytes.LastIndex(data, format) != start {
		return errors.New("the package has no summary, or two")
	}
	set := data[start+len(format)+4:] // after the offset of the only section
	const created, saved, fileTime = 12, 13, 64
	stamped := 0
	for i := range binary.LittleEndian.Uint32(set[4:]) {
		property, offset := binary.LittleEndian.Uint32(set[8+8*i:]), binary.LittleEndian.Uint32(set[12+8*i:])
		if property == created || property == saved {
			if binary.LittleEndian.Uint32(set[offset:]) != fileTime {
				return errors.New("the package's times are no times")
			}
			binary.LittleEndian.PutUint64(set[offset+4:], windowsTime(at))
			stamped++
		}
	}
	if stamped != 2 {
		return fmt.Errorf("the package has %d times", stamped)
	}
	return os.WriteFile(path, data, 0o644)
}

// windowsTime is in 100 ns since 1601.
func windowsTime(t time.Time) uint64 { return uint64(t.Unix()+11644473600) * 1e7 }
