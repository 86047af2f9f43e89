//go:build linux

package panel_test

import "testing"

// What moves from under the mouse is clicked all the same, once; what leads away is not waited for.
func TestPress(t *testing.T) {
	w := newOffice(t, "", client("Alfa Kft.")).open("")
	w.namesAre("Alfa Kft.")
	w.until(`(() => {
		const button = document.createElement("button");
		Object.assign(button.style, { position: "fixed", top: "200px", left: "200px", zIndex: 9 });
		button.id = "moves";
		button.onclick = () => { window.clicks = (window.clicks ?? 0) + 1; };
		button.addEventListener("mousedown", () => { button.style.top = "400px"; }, { once: true });
		button.textContent = "Indul";
		document.body.append(button);
		return true;
	})()`)
	w.click("#moves")
	if clicks := eval[int](w, `window.clicks`); clicks != 1 {
		t.Errorf("it was clicked %d times", clicks)
	}
	w.click(`nav a[href="/add"]`)
	w.until(`location.pathname === "/add"`)
}
