package lang

import (
	_ "embed"
	"os"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed hu.toml
var hungarianFile string

//go:embed en.toml
var englishFile string

// The catalogues, each one for all of the process.
var (
	hungarian = &Texts{language: Hungarian, file: hungarianFile}
	english   = &Texts{language: English, file: englishFile}
)

// Texts is the message catalogue of one language. It is indexed when the first text is asked for, and of its messages
// only those are parsed that are asked for: whoever says one sentence does not pay for two thousand. It is safe for
// concurrent use.
type Texts struct {
	language string
	file     string // TOML

	mu        sync.Mutex
	unparsed  map[string]string // lines of the file, by the id of the message
	bundle    *i18n.Bundle      // of those that are parsed
	localizer *i18n.Localizer
	parser    *parser
}

// In returns the catalogue of a language: "hu", "en", or "" for the desktop's.
func In(name string) *Texts {
	if name == "" {
		name = desktop(os.Getenv)
	}
	if name == Hungarian {
		return hungarian
	}
	return english
}

// localize renders a message, with our functions unless the config has another parser. It fails if there is none with
// that id.
func (t *Texts) localize(config *i18n.LocalizeConfig) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.bundle == nil {
		t.unparsed = index(t.file)
		t.bundle = i18n.NewBundle(language.Make(t.language))
		t.localizer = i18n.NewLocalizer(t.bundle, t.language)
		t.parser = newParser()
	}
	if config.TemplateParser == nil {
		config.TemplateParser = t.parser
	}
	if lines, ok := t.unparsed[config.MessageID]; ok {
		if _, err := t.bundle.ParseMessageBytes(language.Make(t.language), []byte(lines), toml.Unmarshal); err != nil {
			panic("lang: " + err.Error()) // the files are embedded and tested
		}
		delete(t.unparsed, config.MessageID)
	}
	return t.localizer.Localize(config)
}

// index finds the lines of each message in a file of ours, in which each key begins a line and the plural forms of a
// message follow one another.
func index(file string) map[string]string {
	entries := make(map[string]string, strings.Count(file, "\n"))
	const quotes = `"""` // around a text of several lines
	last, start, at, inText := "", 0, 0, false
	for line := range strings.Lines(file) {
		from := at
		at += len(line)
		if inText {
			inText = !strings.Contains(line, quotes)
		} else {
			key, value, ok := strings.Cut(line, " = ")
			if !ok || line[0] == '#' {
				continue
			}
			if key, _, _ = strings.Cut(key, "."); key != last {
				last, start = key, from
			}
			inText = strings.HasPrefix(value, quotes) && strings.Count(value, quotes) == 1
		}
		entries[last] = file[start:at]
	}
	return entries
}
