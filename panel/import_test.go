//go:build linux

package panel_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const someURIs = `otpauth://totp/Dunai%20Zrt.?secret=JBSWY3DPEHPK3PXP&issuer=%C3%9Cgyf%C3%A9lkapu
otpauth://totp/Tiszai%20Bt.?secret=JBSWY3DPEHPK3PXQ
otpauth://totp/%3Cscript%3Ewindow.hacked%3D1%3C%2Fscript%3E?secret=JBSWY3DPEHPK3PXR
otpauth://totp/Rossz?secret=1
`

func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A file, its plan, some of its rows, the result, and the way back.
func TestImportPage(t *testing.T) {
	o := newOffice(t, "")
	w := o.open("import")
	w.until(`document.activeElement?.id === "files"`)
	w.do(chromedp.SetUploadFiles("#files", []string{file(t, "kulcsok.txt", someURIs)}))
	w.shows("Terv 4 bejegyzésre (otpauth)")
	if got := o.list(); len(got) != 0 {
		t.Errorf("a plan has changed the vault: %v", got)
	}
	w.shows("új 3")
	w.click(`.chips button:last-child`)
	w.until(`document.querySelectorAll(".plan tbody tr").length === 1`)
	w.shows("Rossz")
	if n := eval[int](w, `document.querySelectorAll(".plan tbody input").length`); n != 0 {
		t.Error("what is refused can be chosen")
	}
	w.click(`.chips button:first-child`)
	w.until(`document.querySelectorAll(".plan tbody tr").length === 4`)
	if strings.Contains(w.html(), "JBSWY3DPEHPK3PX") {
		t.Error("a key is in the page")
	}

	// Without the second row, by keyboard, into a folder.
	w.do(chromedp.Focus(`.plan tbody tr:nth-child(2) input`))
	w.keys(" ")
	w.shows("2 bejegyzés importálása")
	w.do(chromedp.SendKeys(`[name=folder]`, "Új mappa"+kb.Enter))
	w.shows("2 bejegyzés importálása")
	w.until(`!document.querySelector(".confirm .main")?.disabled`)
	w.do(chromedp.Focus(`.confirm .main`))
	w.keys(kb.Enter)
	w.shows("Kész: 2 bejegyzés bekerült")
	got := o.list()
	if len(got) != 2 || got["Dunai Zrt."].Folder != "Új mappa" || got["Tiszai Bt."].ID != "" {
		t.Errorf("%+v", got)
	}
	w.until(`document.activeElement?.tagName === "H2"`)
	w.keys(kb.Tab, kb.Tab, kb.Enter)
	w.shows("2 ügyfél importálása (otpauth) visszavonva.")
	if got := o.list(); len(got) != 0 {
		t.Errorf("after undo: %+v", got)
	}
	if eval[bool](w, `window.hacked === 1`) {
		t.Error("a name was taken for markup")
	}
}

// Several files dropped at once, one of them encrypted: its password is asked for, wrong ones are said.
func TestImportSealed(t *testing.T) {
	o := newOffice(t, "", client("Alfa"))
	w := o.open("import")
	w.until(`document.activeElement?.id === "files"`)
	sealed, err := filepath.Abs("../exchange/testdata/aegis-encrypted.json")
	if err != nil {
		t.Fatal(err)
	}
	w.do(chromedp.SetUploadFiles("#files", []string{sealed, file(t, "kulcsok.txt", someURIs)}))
	w.shows("aegis-encrypted.json: titkosított Aegis-export")
	w.until(`document.activeElement?.id === "password"`)
	w.do(chromedp.SendKeys("#password", "nem ez"+kb.Enter))
	w.shows("Hibás jelszó")
	w.until(`document.activeElement?.id === "password" && document.activeElement.value === ""`)
	w.do(chromedp.SendKeys("#password", "Árvíztűrő 12"+kb.Enter))
	w.shows("Dunai Zrt.")
	w.shows("kulcsok.txt")
	w.shows("(Aegis, otpauth)")
	w.click(`.confirm [type=button]`)
	w.until(`document.querySelector(".plan") === null`)
	if got := o.list(); len(got) != 1 {
		t.Errorf("%+v", got)
	}
}

// What was read is dropped when the page is left, and another file begins anew.
func TestDropOnThePage(t *testing.T) {
	o := newOffice(t, "")
	w := o.open("import")
	w.until(`document.activeElement?.id === "files"`)
	eval[bool](w, `(() => {
		const data = new DataTransfer();
		data.items.add(new File([%s], "ejtett.txt"));
		return document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
	})()`, someURIs)
	w.shows("Terv 4")
	eval[bool](w, `(() => {
		const data = new DataTransfer();
		data.items.add(new File(["semmi értelmes"], "rossz.bin"));
		return document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
	})()`)
	if w.until(`document.querySelector(".given .wrong") !== null`); !strings.Contains(w.text(), "Terv 4") {
		t.Error("a bad file took a good plan along")
	}
}

// post sends a file as the page does.
func post(t *testing.T, c *http.Client, base, request string, size int) (int, string) {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	if err := form.WriteField("request", request); err != nil {
		t.Fatal(err)
	}
	part, _ := form.CreateFormFile("file", "file")
	_, _ = part.Write(bytes.Repeat([]byte("x"), size))
	form.Close()
	answer := send(t, c, "POST", base+"/api/stage", b.String(), "Content-Type", form.FormDataContentType())
	said, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, string(said)
}

// A file that is too large gets a sentence, one that is not understood a plan in which its format can be named, and a
// form that is none a refusal.
func TestUploadBounds(t *testing.T) {
	o := newOffice(t, "")
	c, base := enter(t, o)
	if status, said := post(t, c, base, `{"name":"nagy"}`, 64<<20+1); status != http.StatusUnprocessableEntity || !strings.Contains(said, "64 MB") {
		t.Errorf("%d %s", status, said)
	}
	if status, said := post(t, c, base, `{"name":"ismeretlen"}`, 10); status != http.StatusOK || !strings.Contains(said, `"unread":"ismeretlen `) {
		t.Errorf("%d %s", status, said)
	}
	if status, _ := post(t, c, base, `{"no":1}`, 10); status != http.StatusBadRequest {
		t.Errorf("an unknown field: %d", status)
	}
	if answer := send(t, c, "POST", base+"/api/stage", "{}"); answer.StatusCode != http.StatusBadRequest {
		t.Errorf("no form: %s", answer.Status)
	}
	if answer := send(t, caller(), "POST", base+"/api/stage", "{}"); answer.StatusCode != http.StatusUnauthorized {
		t.Errorf("a stranger: %s", answer.Status)
	}
	if len(o.list()) != 0 {
		t.Error("something was taken in")
	}
}
