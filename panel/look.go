package panel

import (
	"bytes"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"runtime"
	"strings"
	"sync"

	"kapu/agent"
	"kapu/config"
	"kapu/icons"
	"kapu/lang"
	"kapu/office"
)

// files are the templates and the scripts; what only the type checker reads (*.d.ts) is not among them.
//
//go:embed html static/*.js static/*.css static/office/*.js static/lobby/*.js static/lit/LICENSE static/lit/*.js static/lit/directives/*.js
var files embed.FS

const staticPath = "/static/"

// looks keeps the templates of each language, read when they are first shown.
type looks struct {
	mu        sync.Mutex
	templates map[[2]string]*template.Template // language, file
}

// view is what a template sees.
type view struct {
	Language string
	Page     page
	Pages    []page // of the navigation
	Parts    []page // of what the page is a part of
	Table    config.Page
}

// show sends a page.
func (s *site) show(w http.ResponseWriter, status int, shown page) {
	cfg := s.settings()
	texts := lang.In(cfg.Language)
	v := view{Language: texts.Language(), Page: shown, Table: cfg.Page}
	for _, other := range s.pages {
		if !other.small && (other.in == "" || other.in == other.path) {
			v.Pages = append(v.Pages, other)
		}
		if other.in != "" && other.in == shown.in {
			v.Parts = append(v.Parts, other)
		}
	}
	var b bytes.Buffer
	if err := s.looks.of(texts, shown.html).ExecuteTemplate(&b, "layout.html", v); err != nil {
		refuse(w, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w)
}

func (l *looks) of(texts *lang.Texts, file string) *template.Template {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := [2]string{texts.Language(), file}
	t := l.templates[key]
	if t == nil {
		t = template.Must(template.New("").Funcs(template.FuncMap{"t": texts.T, "mark": mark, "hotkeys": hotkeys}).
			ParseFS(files, "html/layout.html", "html/"+file)) // embedded, and each is shown by a test
		if l.templates == nil {
			l.templates = map[[2]string]*template.Template{}
		}
		l.templates[key] = t
	}
	return t
}

// hotkeys says whether the tray can take keys here. Other desktops have settings of their own for that.
func hotkeys() bool { return runtime.GOOS == "windows" }

// mark is the program's picture within the page, for when there is nobody left to fetch it from.
func mark() template.URL {
	return template.URL("data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(icons.Mark))
}

// Title, Path, In, Part, Admin, Small and Lobby are for the templates.
func (p page) Title() string { return p.title }

// In is the address of what the page is a part of.
func (p page) In() string { return p.in }

// Part is the id of the page's text among the parts.
func (p page) Part() string { return p.part }

// Admin says whether the part is for admins only.
func (p page) Admin() bool { return p.admin }

// Path is the page's address.
func (p page) Path() string { return p.path }

// Small says whether the page stands alone in a small window.
func (p page) Small() bool { return p.small }

// Lobby says whether the page is the lobby's.
func (p page) Lobby() bool { return strings.HasPrefix(p.html, "lobby-") }

// static serves what is the same for everybody: scripts, styles, pictures, and the texts of the scripts.
func (s *site) static() http.Handler {
	root, err := fs.Sub(files, "static")
	if err != nil {
		panic("panel: " + err.Error()) // it is embedded
	}
	server := http.StripPrefix(staticPath, http.FileServerFS(root))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path.Base(r.URL.Path) {
		case "kapu.svg":
			w.Header().Set("Content-Type", "image/svg+xml")
			_, _ = w.Write(icons.Mark)
		case "texts.js":
			w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
			data, _ := json.Marshal(scriptTexts(s.texts()))
			_, _ = fmt.Fprintf(w, "export default %s;\nexport const soon = %d; // days\nexport const zone = %q;\n",
				data, agent.SoonDays, office.Zone)
		default:
			if strings.HasSuffix(r.URL.Path, "/") {
				http.NotFound(w, r) // no lists of files
				return
			}
			server.ServeHTTP(w, r)
		}
	})
}

// askedTexts are the ids of the texts that scripts ask for.
var askedTexts = sync.OnceValue(func() (ids []string) {
	asked := regexp.MustCompile(`"((?:page|fate)-[a-z0-9-]+)"`)
	_ = fs.WalkDir(files, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".js" {
			return err
		}
		source, err := files.ReadFile(name)
		for _, m := range asked.FindAllSubmatch(source, -1) {
			ids = append(ids, string(m[1]))
		}
		return err
	})
	return ids
})

// scriptTexts are the texts that the scripts ask for. The values in them are for the script to fill in.
func scriptTexts(t *lang.Texts) map[string]string {
	texts := map[string]string{}
	for _, id := range askedTexts() {
		texts[id] = t.Template(id)
	}
	return texts
}
