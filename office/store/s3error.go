package store

import (
	"context"
	"crypto/tls"
	"encoding/xml"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"

	"kapu/lang"
)

// refusal is the error that an S3 server answers with.
type refusal struct {
	XMLName xml.Name `xml:"Error"`
	Code    string   // as S3 names it; or the status, in words
	Message string
	status  int // of HTTP; 0 for one object of many
}

func (r refusal) Error() string { return r.Code + ": " + r.Message }

// longestRefusal is the limit of a refusal, in bytes.
const longestRefusal = 64 << 10

// readRefusal reads the refusal in an answer. A proxy on the way may answer in a language of its own, which means
// nothing here: "not found" is the server's word only where it is said as S3 says it.
func readRefusal(answer *http.Response) error {
	r := refusal{status: answer.StatusCode}
	if err := xml.NewDecoder(io.LimitReader(answer.Body, longestRefusal)).Decode(&r); err != nil || r.Code == "" {
		r.Code, r.Message = answer.Status, ""
	}
	return r
}

// isTaken says whether a conditional put was refused: by 412, or by 409, which leaves the condition undecided, while
// another is writing or deleting the same name.
func (r refusal) isTaken() bool { return r.isTakenForSure() || r.status == http.StatusConflict }

// isTakenForSure says whether it was refused because the name is taken.
func (r refusal) isTakenForSure() bool { return r.status == http.StatusPreconditionFailed }

func (r refusal) isNoKey() bool { return r.Code == "NoSuchKey" }

// isExpired says whether temporary credentials are no longer valid, for which there may be new ones.
func (r refusal) isExpired() bool { return r.Code == "ExpiredToken" }

// isBusy says whether the server has no time, or a fault of its own.
func (r refusal) isBusy() bool {
	return r.status == http.StatusTooManyRequests || r.status >= 500 && r.status != http.StatusNotImplemented ||
		r.Code == "SlowDown" || r.Code == "InternalError"
}

// isPassing says whether what went wrong may go well if it is tried again.
func isPassing(err error) bool {
	if said, ok := errors.AsType[refusal](err); ok {
		return said.isBusy() || said.isExpired() || said.status == http.StatusRequestTimeout || said.Code == "RequestTimeout"
	}
	_, onTheWay := errors.AsType[*url.Error](err)
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	_, speaksOther := errors.AsType[tls.RecordHeaderError](err)
	return onTheWay && !untrusted && !speaksOther
}

// sentence translates an error of the server, or of the network, into a sentence.
func (s *s3) sentence(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if isEndless(ctx, err) {
		return s.tooLong()
	}
	if asked, ok := errors.AsType[keysError](err); ok {
		return asked.error
	}
	if ours, ok := errors.AsType[*lang.Error](err); ok {
		return ours
	}
	say := func(id string, reason any) error { return lang.E(id, "Where", s.where(), "Reason", reason) }
	said, ok := errors.AsType[refusal](err)
	if !ok {
		return s.onTheWay(err, say)
	}
	words := said.Code
	if said.Message != "" {
		words += ": " + said.Message
	}
	reason := lang.E("store-s3-said", "Text", words)
	switch {
	case said.Code == "RequestTimeTooSkewed":
		return say("store-s3-clock", reason)
	case said.Code == "InvalidAccessKeyId" || said.Code == "SignatureDoesNotMatch":
		return say("store-s3-key", reason)
	case said.status == http.StatusUnauthorized || said.status == http.StatusForbidden || said.Code == "AccessDenied":
		return say("store-s3-denied", reason)
	case said.Code == "NoSuchBucket":
		return lang.E("store-s3-bucket", "Where", s.where(), "Name", s.name)
	case said.isBusy():
		return say("store-s3-busy", reason)
	}
	return say("store-s3-failed", reason)
}

// onTheWay is sentence for errors of the network.
func (s *s3) onTheWay(err error, say func(id string, reason any) error) error {
	if request, ok := errors.AsType[*url.Error](err); ok {
		err = request.Err // the address is said already
	}
	if unknown, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return say("store-s3-certificate", unknown.Err)
	}
	wait, _ := errors.AsType[net.Error](err)
	dial, _ := errors.AsType[*net.OpError](err)
	if wait != nil && wait.Timeout() && (dial == nil || dial.Op != "dial") {
		return say("store-s3-busy", err) // it took the question and does not answer
	}
	return say("store-s3-unreachable", err)
}

// isBrokenOff says whether a listing failed because its answer was cut off, which the client does not retry.
func isBrokenOff(err error) bool {
	_, said := errors.AsType[refusal](err)
	return !said
}
