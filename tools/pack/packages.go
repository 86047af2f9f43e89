package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// nfpm makes .deb and .rpm. Newer releases need modules that not every proxy has.
const nfpm = "github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.0"

// writePackages writes the packages of the distributions. They run no scripts and start nothing: whether Kapu starts
// at sign-in is for each person to say (`kapu autostart`), or for an administrator (docs/install.md).
func (r *release) writePackages(t target, files []file) error {
	dir := filepath.Join(r.work, t.String(), "usr")
	if err := stage(dir, files); err != nil {
		return err
	}
	for _, format := range []string{"deb", "rpm"} {
		config, err := json.Marshal(r.packaging(t, dir, format, files)) // JSON is YAML
		if err != nil {
			return err
		}
		path := filepath.Join(r.work, t.String(), format+".yaml")
		if err := os.WriteFile(path, config, 0o644); err != nil {
			return err
		}
		c := exec.Command("go", "run", nfpm, "package", "-f", path, "-p", format, "-t", r.path(t, "."+format))
		c.Env = append(os.Environ(), "SOURCE_DATE_EPOCH="+strconv.FormatInt(r.at.Unix(), 10), "GOFLAGS=")
		if err := run(c); err != nil {
			return err
		}
	}
	return nil
}

func (r *release) packaging(t target, dir, format string, files []file) map[string]any {
	type info struct {
		Mode  int    `json:"mode"`
		MTime string `json:"mtime"`
	}
	type content struct {
		Source string `json:"src,omitempty"`
		To     string `json:"dst"`
		Type   string `json:"type,omitempty"`
		Info   info   `json:"file_info"`
	}
	at := r.at.Format("2006-01-02T15:04:05Z")
	var contents []content
	for _, f := range files {
		contents = append(contents, content{
			Source: filepath.Join(dir, filepath.FromSlash(f.name)), To: path.Join("/usr", place(format, f.name)),
			Info: info{int(f.mode), at},
		})
	}
	if format == "rpm" { // a folder that no package owns stays when Kapu goes
		for _, d := range folders(files) {
			if strings.HasPrefix(d, "share/doc/kapu") {
				contents = append(contents, content{To: path.Join("/usr", d), Type: "dir", Info: info{0o755, at}})
			}
		}
	}
	return map[string]any{
		"name": "kapu", "arch": t.arch, "platform": "linux", "version": r.version, "release": "1", "mtime": at,
		"section": "utils", "priority": "optional", "license": "MIT",
		"maintainer": "The Kapu authors <kapu@localhost>",
		"description": "one-time codes of an office's clients, in the tray\n" +
			"Keeps many clients' one-time-code keys in one encrypted vault and copies a\nfresh code with one click in the tray. For Hungarian accounting offices.",
		"contents":   contents,
		"recommends": map[string][]string{"deb": {"zenity", "gnome-keyring | kwalletmanager"}, "rpm": {"zenity"}}[format],
		"suggests":   []string{"xauth"},
		"rpm":        map[string]string{"summary": "One-time codes of an office's clients, in the tray", "buildhost": "localhost"},
	}
}

// place is where a distribution looks for a file.
func place(format, name string) string {
	if format == "deb" {
		return strings.Replace(name, "share/zsh/site-functions/", "share/zsh/vendor-completions/", 1)
	}
	return name
}
