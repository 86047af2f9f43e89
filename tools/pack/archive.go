package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"io"
	"os"
)

// writeTar writes the archive for any Linux: unpacked into /usr/local or ~/.local, everything is where it belongs.
func (r *release) writeTar(t target, files []file) error {
	return create(r.path(t, ".tar.gz"), func(out io.Writer) error {
		z, _ := gzip.NewWriterLevel(out, gzip.BestCompression)
		w := tar.NewWriter(z)
		top := r.name(t, "") + "/"
		for _, f := range files {
			h := &tar.Header{
				Typeflag: tar.TypeReg, Name: top + f.name, Mode: int64(f.mode), Size: int64(len(f.data)), ModTime: r.at,
				Uname: "root", Gname: "root",
			}
			if err := w.WriteHeader(h); err != nil {
				return err
			}
			if _, err := w.Write(f.data); err != nil {
				return err
			}
		}
		if err := w.Close(); err != nil {
			return err
		}
		return z.Close()
	})
}

// writeZip writes the portable archive for Windows.
func (r *release) writeZip(t target, files []file) error {
	return create(r.path(t, ".zip"), func(out io.Writer) error {
		w := zip.NewWriter(out)
		for _, f := range files {
			h := &zip.FileHeader{Name: "Kapu/" + f.name, Method: zip.Deflate, Modified: r.at}
			h.SetMode(f.mode)
			part, err := w.CreateHeader(h)
			if err != nil {
				return err
			}
			if _, err := part.Write(f.data); err != nil {
				return err
			}
		}
		return w.Close()
	})
}

func create(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	err = write(f)
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}
