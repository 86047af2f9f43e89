package lang

import (
	"archive/zip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// cause is the clause that says an error of the system or of a library, by its kind: "nincs ilyen fájl vagy mappa" for
// fs.ErrNotExist, whatever text it has. An error of a kind that is not known here is quoted as what it is, the system's
// own words, without the names of files that it happened to; one of Unix, which has only English ones, by its number.
func cause(err error) *Error {
	if own, ok := errors.AsType[messenger](err); ok {
		return E(own.MessageID())
	}
	for _, of := range []func(error) *Error{programCause, networkCause, contentCause} {
		if e := of(err); e != nil {
			return e
		}
	}
	for _, table := range [][]kind{systemKinds(), commonKinds()} {
		for _, k := range table {
			if errors.Is(err, k.err) {
				return E(k.id)
			}
		}
	}
	if late, ok := errors.AsType[net.Error](err); ok && late.Timeout() {
		return E("cause-timeout")
	}
	if code, ok := errors.AsType[syscall.Errno](err); ok && runtime.GOOS != "windows" {
		return E("cause-code", "Code", int(code))
	}
	return E("cause-other", "Text", innermost(err).Error())
}

// CauseID is the id of the clause that says an error of the system or of a library, for whoever gives advice by it.
func CauseID(err error) string { return cause(err).ID }

// innermost is an error without what it was done to.
func innermost(err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return at.Err
	}
	if at, ok := errors.AsType[*os.LinkError](err); ok {
		return at.Err
	}
	return err
}

// causeAt is cause with the file or folder that it is about, if the error knows one.
func causeAt(err error) *Error {
	e := cause(err)
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return E("cause-at", "Path", at.Path, "Reason", e)
	}
	return e
}

// Cause is an error that is no more than a message: a sentinel whose text is in the catalogue.
type Cause string

// Error is the message in English, for logs and tests.
func (c Cause) Error() string { return english.T(string(c)) }

// MessageID is the id of the message.
func (c Cause) MessageID() string { return string(c) }

// messenger is such an error, also of a room that does not import this one.
type messenger interface {
	error
	MessageID() string
}

// kind is a sentinel and the message that says it.
type kind struct {
	err error
	id  string
}

func commonKinds() []kind {
	return []kind{
		{fs.ErrNotExist, "cause-not-found"},
		{fs.ErrPermission, "cause-denied"},
		{fs.ErrExist, "cause-exists"},
		{fs.ErrClosed, "cause-closed"},
		{net.ErrClosed, "cause-closed"},
		{context.DeadlineExceeded, "cause-timeout"},
		{os.ErrDeadlineExceeded, "cause-timeout"},
		{context.Canceled, "cause-cancelled"},
		{io.ErrUnexpectedEOF, "cause-cut"},
		{io.EOF, "cause-cut"},
		{io.ErrShortWrite, "cause-no-space"},
		{errors.ErrUnsupported, "cause-unsupported"},
	}
}

// programCause is cause for programs that Kapu starts.
func programCause(err error) *Error {
	if e, ok := errors.AsType[*exec.Error](err); ok && (errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist)) {
		return E("cause-program-missing", "Name", e.Name)
	}
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		return E("cause-program-failed", "Code", e.ExitCode())
	}
	return nil
}

// networkCause is cause for what is particular to names and certificates.
func networkCause(err error) *Error {
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		if e.IsNotFound {
			return E("cause-host-unknown", "Name", e.Name)
		}
		return E("cause-host-lookup", "Name", e.Name)
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return E("cause-certificate-authority")
	}
	if e, ok := errors.AsType[x509.HostnameError](err); ok {
		return E("cause-certificate-name", "Name", e.Host)
	}
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		if e.Reason == x509.Expired {
			return E("cause-certificate-time")
		}
		return E("cause-certificate")
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return E("cause-certificate")
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok || errors.Is(err, http.ErrSchemeMismatch) {
		return E("cause-not-tls")
	}
	if _, ok := errors.AsType[tls.AlertError](err); ok {
		return E("cause-tls")
	}
	return nil
}

// contentCause is cause for what decoders say.
func contentCause(err error) *Error {
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		return E("cause-line", "Line", e.Line)
	}
	if e, ok := errors.AsType[*xml.SyntaxError](err); ok {
		return E("cause-line", "Line", e.Line)
	}
	syntax, isSyntax := errors.AsType[*json.SyntaxError](err)
	_, isType := errors.AsType[*json.UnmarshalTypeError](err)
	_, isBase64 := errors.AsType[base64.CorruptInputError](err)
	isZip := errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrChecksum) || errors.Is(err, zip.ErrAlgorithm)
	if isSyntax && syntax != nil || isType || isBase64 || isZip {
		return E("cause-malformed")
	}
	return nil
}
