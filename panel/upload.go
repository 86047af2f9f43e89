package panel

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"

	"kapu/lang"
)

// maxUpload is the largest file taken, as on the command line. static/upload.js knows it too.
const maxUpload = 64 << 20

// upload serves a method that takes a file: a form of two parts, the request as JSON and the file. It is read in memory
// only: the library's own way with forms would put a large file, with its keys, into a folder for temporary files.
func upload[Request, Answer any](r *routes, path string, method func(context.Context, Request, []byte) (Answer, error)) {
	r.mux.HandleFunc("POST /api/"+path, r.within(maxUpload+maxBody, func(w http.ResponseWriter, q *http.Request) {
		form, err := q.MultipartReader()
		var request Request
		var file bytes.Buffer
		if err == nil {
			err = readPart(form, "request", func(in io.Reader) error {
				d := json.NewDecoder(in)
				d.DisallowUnknownFields()
				return d.Decode(&request)
			})
		}
		if err == nil {
			err = readPart(form, "file", func(in io.Reader) error {
				file.Grow(int(min(max(q.ContentLength, 0), maxUpload)) + bytes.MinRead) // in one piece
				_, err := file.ReadFrom(io.LimitReader(in, maxUpload+1))
				return err
			})
		}
		var answer Answer
		switch tooBig := (*http.MaxBytesError)(nil); {
		case errors.As(err, &tooBig) || file.Len() > maxUpload:
			err = lang.E("request-big", "Most", maxUpload>>20)
		case err != nil:
			refuse(w, http.StatusBadRequest)
			return
		default:
			answer, err = method(q.Context(), request, file.Bytes())
		}
		r.site.answer(w, answer, err)
	}))
}

// readPart reads the next part of a form, which must have this name.
func readPart(form *multipart.Reader, name string, read func(io.Reader) error) error {
	part, err := form.NextPart()
	if err != nil {
		return err
	}
	if part.FormName() != name {
		return errors.New("no part " + name)
	}
	return read(part)
}
