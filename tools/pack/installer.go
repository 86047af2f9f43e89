package main

import (
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

//go:embed windows/kapu.nsi
var installerScript []byte

// writeInstaller writes Windows' installer by NSIS. The stub is of x86-64 for ARM too, whose Windows 11 runs it.
func (r *release) writeInstaller(t target, files []file) error {
	if _, err := exec.LookPath("makensis"); err != nil {
		return fmt.Errorf("makensis is missing: apt-get install nsis")
	}
	dir := filepath.Join(r.work, t.String(), "installer")
	if err := stage(dir, files); err != nil {
		return err
	}
	lists := map[string][]byte{"install.nsh": installLines(dir, files), "remove.nsh": removeLines(files), "kapu.nsi": installerScript}
	for name, data := range lists {
		if err := os.WriteFile(filepath.Join(r.work, t.String(), name), data, 0o644); err != nil {
			return err
		}
	}
	setup := r.path(t, "_setup.exe")
	args := []string{
		"-V2", "-WX", "-INPUTCHARSET", "UTF8", "-DOUT=" + setup, "-DVERSION=" + r.version,
		"-DICON=" + filepath.Join(r.root, "icons", "open.ico"), "-DSIZE=" + strconv.Itoa(kilobytes(files)),
	}
	if signer := os.Getenv("KAPU_SIGN"); signer != "" {
		args = append(args, "-DSIGN="+signer)
	}
	if r.draft {
		args = append(args, "-DDRAFT")
	}
	c := exec.Command("makensis", append(args, "kapu.nsi")...)
	c.Dir = filepath.Join(r.work, t.String())
	c.Env = append(os.Environ(), "SOURCE_DATE_EPOCH="+strconv.FormatInt(r.at.Unix(), 10))
	if err := run(c); err != nil {
		return err
	}
	return sign(setup)
}

func installLines(dir string, files []file) []byte {
	var b strings.Builder
	folder := ""
	b.WriteString("SetOutPath \"$INSTDIR\"\n")
	for _, f := range files {
		if d := path.Dir(f.name); d != folder && !(d == "." && folder == "") {
			folder = d
			fmt.Fprintf(&b, "SetOutPath \"$INSTDIR\\%s\"\n", backslashes(strings.TrimPrefix(d, ".")))
		}
		fmt.Fprintf(&b, "!insertmacro Replace \"%s\" \"%s\"\n", backslashes(f.name), filepath.Join(dir, filepath.FromSlash(f.name)))
	}
	return []byte(b.String())
}

// removeLines name each file: the person may have chosen a folder that holds other things.
func removeLines(files []file) []byte {
	var b strings.Builder
	for _, f := range files {
		fmt.Fprintf(&b, "!insertmacro Remove \"%s\"\n", backslashes(f.name))
	}
	inner := folders(files)
	slices.Reverse(inner)
	for _, d := range inner {
		fmt.Fprintf(&b, "RMDir \"$INSTDIR\\%s\"\n", backslashes(d))
	}
	return []byte(b.String())
}

func backslashes(name string) string { return strings.ReplaceAll(name, "/", `\`) }

// kilobytes is what Windows shows as the size of the program.
func kilobytes(files []file) int {
	n := 0
	for _, f := range files {
		n += len(f.data)
	}
	return (n + 1023) / 1024
}
