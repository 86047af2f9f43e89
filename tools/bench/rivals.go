//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"kapu/internal/examples"
)

// password is that of the databases made for the race.
const password = "verseny"

// rival is another program that prints codes.
type rival struct {
	what, program, how string
	slow               bool
	// prepare makes its database, completes how it is called, and returns what is to be done at the end.
	prepare func(o *person, r *racer, dir string, wanted examples.Client) (end func(), err error)
}

var rivals = []rival{
	{"the least that a process takes", "true", "/bin/true", false, func(_ *person, r *racer, _ string, _ examples.Client) (func(), error) {
		r.digits = nil
		return nil, nil
	}},
	{"the least that a Go program takes", "go", "a program that prints a word, built as kapu is", false, prepareHello},
	{"oathtool, given the secret", "oathtool", "oathtool --totp -b SECRET", false, func(_ *person, r *racer, _ string, wanted examples.Client) (func(), error) {
		r.args = append(r.args, "--totp", "-b", wanted.Key)
		return nil, nil
	}},
	{"pass otp, 1 entry", "pass", "pass otp NAME with a gpg key without a passphrase", true, preparePass},
	{"keepassxc-cli, 1,000 entries", "keepassxc-cli", "keepassxc-cli show -q -t DATABASE NAME, password on standard input, key derivation as keepassxc-cli import sets it", true, prepareKeePassXC},
	{"otpclient-cli, 1,000 entries", "otpclient-cli", "otpclient-cli show -m -a NAME, its password in the keychain", true, prepareOTPClient},
}

// prepareHello builds a program that does nothing but print.
func prepareHello(o *person, r *racer, dir string, _ examples.Client) (func(), error) {
	source, program := filepath.Join(dir, "hello.go"), filepath.Join(dir, "hello")
	if err := os.WriteFile(source, []byte("package main\n\nimport \"os\"\n\nfunc main() { os.Stdout.WriteString(\"hello\\n\") }\n"), 0o600); err != nil {
		return nil, err
	}
	r.args, r.digits = []string{program}, nil
	return nil, o.b.compile(program, source)
}

// preparePass makes a store of one entry: an entry is a file, so more would not be slower.
func preparePass(o *person, r *racer, dir string, wanted examples.Client) (func(), error) {
	// A socket's path is short, so the folder is not below ours.
	home, err := os.MkdirTemp("/tmp", "kapu-gpg-")
	if err != nil {
		return nil, err
	}
	r.env = append(r.env, "GNUPGHOME="+home, "PASSWORD_STORE_DIR="+filepath.Join(dir, "store"))
	end := func() {
		_, _ = tool(o.b.ctx, r.env, "", "gpgconf", "--kill", "all") // the helpers that gpg has started for this folder
		os.RemoveAll(home)
	}
	const id = "bench@example.org"
	for _, step := range [][]string{
		{"gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", id, "default", "default", "never"},
		{"pass", "init", id},
	} {
		if _, err := tool(o.b.ctx, r.env, "", step...); err != nil {
			return end, err
		}
	}
	if _, err := tool(o.b.ctx, r.env, uri(wanted)+"\n", "pass", "otp", "insert", "-f", "client"); err != nil {
		return end, err
	}
	r.args = append(r.args, "otp", "client")
	return end, nil
}

// uri is a key as it stands in a QR code, with nothing in it that needs escaping.
func uri(c examples.Client) string { return "otpauth://totp/client?secret=" + c.Key + "&issuer=kapu" }

func prepareKeePassXC(o *person, r *racer, dir string, wanted examples.Client) (func(), error) {
	database, err := makeKeePassXC(o.b.ctx, r.env, dir, o.clients)
	if err != nil {
		return nil, err
	}
	r.input = filepath.Join(dir, "password")
	if err := os.WriteFile(r.input, []byte(password+"\n"), 0o600); err != nil {
		return nil, err
	}
	r.args = append(r.args, "show", "-q", "-t", database, wanted.Name)
	return nil, nil
}

// makeKeePassXC makes a database of these clients; adding them one by one would take an hour.
func makeKeePassXC(ctx context.Context, env []string, dir string, clients []examples.Client) (string, error) {
	if _, err := exec.LookPath("keepassxc-cli"); err != nil {
		return "", fmt.Errorf("keepassxc-cli is not installed")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	xml := filepath.Join(dir, "clients.xml")
	if err := os.WriteFile(xml, keepassXML(clients), 0o600); err != nil {
		return "", err
	}
	database := filepath.Join(dir, "clients.kdbx")
	_, err := tool(ctx, env, password+"\n"+password+"\n", "keepassxc-cli", "import", "-q", "-p", xml, database)
	return database, err
}

// tool runs a program to its end and returns what it printed.
func tool(ctx context.Context, env []string, input string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = env
	cmd.Stdin = strings.NewReader(input)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w: %s", args[0], err, stderr.Bytes())
	}
	return string(out), nil
}
