package panel

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"kapu/agent"
	"kapu/config"
	"kapu/exchange"
	"kapu/internal/paper"
	"kapu/lang"
)

// exportPage hands out files: clients for another program, a backup of everything, the recovery sheet.
var exportPage = page{path: "/export", title: "page-export", html: "export.html", routes: exportRoutes}

// sealing is the new password of a file.
type sealing struct {
	Passphrase string `json:"passphrase"`
}

// handedOut are files to be fetched, and what there is to say of them.
type handedOut struct {
	Parcels []string `json:"parcels"`
	Said    string   `json:"said"`
}

// format is what clients can be exported in.
type format struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Sealed bool   `json:"sealed"`
	// Refused is why an administrator of this machine does not allow it.
	Refused string `json:"refused,omitempty"`
}

// exporter makes the files.
type exporter struct {
	*site
	conn    *agent.Conn
	parcels parcels
}

func exportRoutes(r *routes, c *agent.Conn) {
	p := exporter{site: r.site, conn: c}
	p.parcels.route(r)
	api(r, "formats", func(context.Context, struct{}) ([]format, error) { return p.formats() })
	api(r, "export", p.exportClients)
	api(r, "backup", p.exportArchive)
	api(r, "recovery-sheet", func(ctx context.Context, _ struct{}) (handedOut, error) {
		pdf, err := p.sheet(ctx)
		if err != nil {
			return handedOut{}, err
		}
		name := p.texts().T("sheet-file")
		kept := func() { _ = c.RecoveryKept(context.WithoutCancel(ctx)) } // else it is reminded of once more
		return handedOut{[]string{p.parcels.put(parcel{name, pdf, kept})}, p.texts().T("recovery-saved", "Path", name)}, nil
	})
	api(r, "recovery-print", func(ctx context.Context, _ struct{}) (handedOut, error) {
		pdf, err := p.sheet(ctx)
		if err == nil {
			err = paper.Print(ctx, p.paths.Runtime, pdf)
		}
		if err == nil {
			err = c.RecoveryKept(ctx)
		}
		return handedOut{Said: p.texts().T("recovery-printed")}, err
	})
	api(r, "can-print", func(context.Context, struct{}) (bool, error) { return paper.CanPrint(), nil })
}

// formats are all that clients can be exported in, those that the machine's policy allows first.
func (p *exporter) formats() (allowed []format, err error) {
	policy, err := config.PolicyOf(p.paths)
	var refused []format
	for _, id := range exchange.Formats() {
		w, unknown := exchange.WriterOf(id)
		if unknown != nil {
			continue
		}
		f := format{ID: id, Name: w.Name(), Sealed: w.Sealed()}
		if no := policy.AllowsExport(f.Sealed); no != nil {
			f.Refused = p.texts().Error(no)
			refused = append(refused, f)
		} else {
			allowed = append(allowed, f)
		}
	}
	return append(allowed, refused...), err
}

// exportClients makes the file of clients, or the files, and says what is in them and what is not.
func (p *exporter) exportClients(ctx context.Context, e agent.Export) (handedOut, error) {
	w, err := exchange.WriterOf(e.Format)
	if err != nil {
		return handedOut{}, err
	}
	t := p.texts()
	e.Language = t.Language()
	done, err := p.conn.Export(ctx, e)
	if err != nil {
		return handedOut{}, err
	}
	name := dated("kapu-"+e.Format, suffix(e.Format, done.Files[0]))
	said := t.N("exported", done.N, "Path", name, "Format", w.Name())
	if done.Left > 0 {
		said += " " + t.N("exported-left", done.Left, "Format", w.Name())
	}
	if done.Kept > 0 {
		said += " " + t.N("exported-kept", done.Kept)
	}
	if !w.Sealed() {
		said += " " + t.T("exported-plain", "Path", name)
	}
	var parcels []string
	for i, data := range done.Files {
		part := name
		if len(done.Files) > 1 {
			part = fmt.Sprintf("%d-%s", i+1, name)
		}
		parcels = append(parcels, p.parcels.put(parcel{name: part, data: data}))
	}
	return handedOut{parcels, said}, nil
}

// exportArchive makes the backup of everything, the settings included.
func (p *exporter) exportArchive(ctx context.Context, s sealing) (handedOut, error) {
	settings, err := os.ReadFile(p.paths.Config)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return handedOut{}, lang.E("config-unreadable", "Path", p.paths.Config, "Reason", err)
	}
	data, err := p.conn.Archive(ctx, agent.MakeArchive{Config: string(settings), Passphrase: s.Passphrase})
	if err != nil {
		return handedOut{}, err
	}
	name := dated(p.texts().T("backup-file"), ".age")
	return handedOut{[]string{p.parcels.put(parcel{name: name, data: data})}, p.texts().T("backed-up", "Path", name)}, nil
}

func (p *exporter) sheet(ctx context.Context) ([]byte, error) {
	r, err := p.conn.Recovery(ctx)
	if err != nil {
		return nil, err
	}
	return paper.NewSheet(r.Key, r.Vault, r.Office, r.Store).PDF(p.texts())
}

// dated makes names of files that do not replace each other and sort by age.
func dated(name, suffix string) string {
	return name + "-" + time.Now().Format("2006-01-02-1504") + suffix
}

// suffix is the end of a file's name by what is in it.
func suffix(format string, data []byte) string {
	for _, known := range []struct{ begin, suffix string }{
		{"{", ".json"}, {"[", ".json"}, {"<", ".xml"}, {"%PDF", ".pdf"}, {"PK\x03\x04", ".zip"}, {"\x89PNG", ".png"},
	} {
		if bytes.HasPrefix(data, []byte(known.begin)) {
			return known.suffix
		}
	}
	if format == "csv" {
		return ".csv"
	}
	return ".txt"
}

// methodRoute tells how the vault is unlocked: by "pin" or "password" the person is asked for it before a secret is
// shown or handed out.
func methodRoute(r *routes, c *agent.Conn) {
	api(r, "method", func(ctx context.Context, _ struct{}) (string, error) {
		s, err := c.Status(ctx)
		return s.Method, err
	})
}
