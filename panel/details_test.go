//go:build linux

package panel_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kapu/agent"
	"kapu/exchange"
	bureau "kapu/office"
)

// The first key that is pressed reveals nothing; code, account and last use are there.
func TestDetailsShowWhatIsKnown(t *testing.T) {
	e := client("Alfa Kft.")
	e.TaxNumber, e.UserName, e.MandateUntil = "12345678-1-42", "kovacs.anna", "indefinite"
	o := newOffice(t, "", e, exchange.Entry{Name: "Béta Bt.", Key: e.Key}, client("Gamma Zrt."))
	if _, err := o.conn.Code(t.Context(), "alfa", false); err != nil {
		t.Fatal(err)
	}
	w := o.open("")
	w.namesAre("Alfa Kft.", "Béta Bt.", "Gamma Zrt.")
	w.keys(kb.ArrowDown, "i")
	w.until(`document.activeElement?.id === "details-title"`)
	w.keys(kb.Enter, " ")
	if eval[bool](w, `document.querySelector("dialog.details output, #secret-dialog") !== null`) {
		t.Error("a key that was pressed blindly has revealed something")
	}
	w.shows("határozatlan")
	w.until(`document.querySelector(".details dd ul")?.innerText === "Béta Bt."`)
	w.until(`document.querySelectorAll(".uses li").length === 1`)
	w.shows("kód megmutatva")
	w.click(`[data-row=code] [data-toggle]`)
	w.until(`/^\d{3} \d{3}$/.test(document.querySelector(".details .digits")?.innerText.trim() ?? "")`)
	w.until(`document.querySelector(".details .digits .life") !== null`)
	w.until(`/még \d+ mp/.test(document.querySelector(".details .left").innerText)`)
	w.fits("details-code")
	w.click(`[data-row=code] [data-toggle]`)
	w.until(`document.querySelector(".details .digits") === null`)
	// What is said of a copy can be read above the dialog, and stays when that is closed.
	w.click(`[data-row=user_name] [data-copy]`)
	w.until(`document.querySelector("dialog .notice") !== null`)
	w.shows("nincs vágólap")
	w.keys(kb.Escape)
	w.until(`document.querySelector("body > .notice") !== null`)
}

// Where the keychain asks nothing, it is said once, before the first key is shown, and how to be asked.
func TestOfferOfAPIN(t *testing.T) {
	o := newOffice(t, "", client("Alfa Kft."))
	w := o.open("")
	w.namesAre("Alfa Kft.")
	eval[bool](w, `(() => { // a vault that the keychain unlocks; here there is none
		const real = fetch;
		window.asked = [];
		window.fetch = (path, options) => {
			asked.push(path);
			const say = (value) => Promise.resolve(new Response(JSON.stringify(value)));
			if (path === "/api/method") return say("keychain");
			if (path === "/api/offer-pin") return say(!asked.includes("/api/pin-offered"));
			return real(path, options);
		};
		return true;
	})()`)
	w.keys(kb.ArrowDown, "i")
	w.click(`[data-secret=key] button`)
	w.shows("kérdés nélkül nyitja")
	w.until(`document.activeElement?.id === "offer-pin-title"`)
	w.fits("offer-pin")
	if eval[string](w, `document.querySelector("#offer-pin-dialog a").getAttribute("href")`) != "/settings#protect" {
		t.Error("it does not lead to where a PIN is set")
	}
	w.keys(kb.Escape)
	w.until(`document.querySelector("#offer-pin-dialog") === null && asked.includes("/api/pin-offered")`)
	if eval[bool](w, `document.querySelector("[data-secret=key] output") !== null`) {
		t.Error("who gave up is shown the key")
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		if s, err := o.conn.Status(t.Context()); err != nil || time.Now().After(deadline) {
			t.Fatalf("it is not remembered: %+v, %v", s, err)
		} else if s.PINOffered {
			break
		}
	}
	w.click(`[data-secret=key] button`)
	w.until(`document.querySelector("dialog .notice") !== null`) // refused: this vault has a password
	if eval[bool](w, `document.querySelector("#offer-pin-dialog") !== null`) {
		t.Error("it is offered again")
	}

	set := o.open("settings")
	set.until(`(document.getElementById("method")?.textContent ?? "") !== ""`)
	set.do(chromedp.Navigate(eval[string](set, `location.origin`) + "/settings#protect"))
	set.until(`document.querySelector("#protect-dialog") !== null`)
}

// In an office an admin sees in the details who took the code; a colleague is told that this is not theirs to see.
func TestDetailsInAnOffice(t *testing.T) {
	anna := newOffice(t, quick, client("Alfa Kft."))
	anna.found("Kis Iroda", "Anna")
	béla := anna.takesIn("Béla", quick)
	anna.grant(agent.OfficeAssignment{Members: []string{anna.member("Béla")}, Right: bureau.Use})
	béla.sync()
	if _, err := béla.conn.Code(t.Context(), "alfa", false); err != nil {
		t.Fatal(err)
	}
	w := béla.open("")
	w.shows("Alfa Kft.")
	w.keys(kb.ArrowDown, "i")
	w.shows("kód megmutatva")
	w.shows("Itt csak az Ön használata látszik")
	w.fits("details-colleague")
	béla.sync()
	w = anna.open("")
	w.namesAre("Alfa Kft.")
	w.keys(kb.ArrowDown, "i")
	w.until(`document.querySelector(".uses li bdi")?.innerText === "Béla"`)
	w.narrow()
	w.fits("details-admin-narrow")
	w.resize(390, 760)
	w.fits("details-admin-390")
}

func TestDetailsInEnglish(t *testing.T) {
	e := client("Small Ltd")
	e.TaxNumber = "12345678-1-42"
	o := newOffice(t, "language = \"en\"\n", e)
	w := o.open("")
	w.namesAre("Small Ltd")
	w.keys(kb.ArrowDown, "i")
	w.shows("not noted")
	w.shows("Nobody has taken a code for a year.")
	w.click(`[data-row=code] [data-toggle]`)
	w.until(`/\d+ s left/.test(document.querySelector(".details .left")?.innerText ?? "")`)
}
