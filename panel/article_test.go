//go:build linux

package panel_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/chromedp/chromedp"
)

// The page gives a value the article that package lang gives it.
func TestArticleVectors(t *testing.T) {
	data, err := os.ReadFile("../lang/testdata/article.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct{ A, Az []string }
	if err := json.Unmarshal(data, &v); err != nil || len(v.A) == 0 || len(v.Az) == 0 {
		t.Fatal(err)
	}
	o := newOffice(t, "", client("Alfa"))
	w := o.open("")
	w.namesAre("Alfa")
	w.do(chromedp.Evaluate[chromedp.Void](`Promise.all([import("/static/article.js"), import("/static/kapu.js")]).then(([a, k]) => {
		window.articles = (all) => all.map(a.article);
		window.said = k.t;
	})`))
	w.until(`window.said !== undefined`)
	for want, texts := range map[string][]string{"a": v.A, "az": v.Az} {
		for i, got := range eval[[]string](w, `articles(%s)`, texts) {
			if got != want {
				t.Errorf("%s %q, want %s", got, texts[i], want)
			}
		}
	}
	for folder, want := range map[string]string{"Egyéni": "az „Egyéni” mappából", "Kft-k": "a „Kft-k” mappából"} {
		if got := eval[string](w, `said("page-office-through-folder", { Folder: %s })`, folder); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
