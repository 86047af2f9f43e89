package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"kapu/lang"
)

// askSecret reads a secret: from a hidden prompt on a terminal, else the next line of standard input. The values are
// those of the question.
func (a *app) askSecret(id string, values ...any) (string, error) {
	if isTerminal(a.in) {
		fmt.Fprint(a.err, a.texts.T(id, values...)+" ")
		text, err := term.ReadPassword(int(a.in.Fd()))
		fmt.Fprintln(a.err)
		return string(text), err
	}
	if a.lines == nil {
		a.lines = bufio.NewReader(a.in)
	}
	line, err := a.lines.ReadString('\n')
	if line == "" && errors.Is(err, io.EOF) {
		return "", usageError{lang.E("input-missing", "What", lang.E(id, values...))}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}

func isTerminal(f any) bool {
	file, ok := f.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
