package store

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"

	"github.com/minio/minio-go/v7"

	"kapu/lang"
)

// isTaken says whether a conditional put was refused: by 412, or by 409, which leaves the condition undecided, while
// another is writing or deleting the same name.
func isTaken(err error) bool {
	status := minio.ToErrorResponse(err).StatusCode
	return err != nil && (status == http.StatusPreconditionFailed || status == http.StatusConflict)
}

// isTakenForSure says whether it was refused because the name is taken.
func isTakenForSure(err error) bool {
	return minio.ToErrorResponse(err).StatusCode == http.StatusPreconditionFailed
}

func isNoKey(err error) bool { return err != nil && minio.ToErrorResponse(err).Code == minio.NoSuchKey }

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
	said, ok := errors.AsType[minio.ErrorResponse](err)
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
	case said.StatusCode == http.StatusUnauthorized || said.StatusCode == http.StatusForbidden:
		return say("store-s3-denied", reason)
	case said.Code == minio.NoSuchBucket:
		return lang.E("store-s3-bucket", "Where", s.where(), "Name", s.name)
	case said.StatusCode == http.StatusTooManyRequests || said.StatusCode >= 500:
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
