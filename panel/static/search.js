// The quick search: three letters, arrows, Enter; the code is copied and the window closes.
import { t, onLocked } from "./kapu.js";
import { find, follow, clients } from "./list.js";
import { copy } from "./copy.js";
import { html, render } from "./lit/lit-html.js";

const query = document.getElementById("query");
const list = document.getElementById("found");
const count = document.getElementById("count");

const most = 30; // who does not find the client among these types one more letter
let found = [];
let active = 0;

// rank puts first whose name begins with what was typed, then who was used last.
function search() {
  const typed = query.value.trim().toLocaleLowerCase("hu");
  const begins = (c) => typed !== "" && c.name.toLocaleLowerCase("hu").startsWith(typed);
  found = find(query.value).toSorted((a, b) => begins(b) - begins(a) || b.used - a.used || a.order - b.order);
  active = 0;
  draw();
}

function draw() {
  const option = (c, i) => html`<li role="option" id=${"option-" + i} data-i=${i} aria-selected=${i === active}>
    <bdi class="name">${c.name}</bdi><bdi>${c.folder}</bdi><bdi>${c.tax_number}</bdi></li>`;
  render(found.slice(0, most).map(option), list);
  if (found.length > 0) query.setAttribute("aria-activedescendant", "option-" + active);
  else query.removeAttribute("aria-activedescendant");
  document.getElementById("option-" + active)?.scrollIntoView({ block: "nearest" });
  count.textContent = clients.length === 0 ? "" : found.length === 0 ? t("page-none-found") :
    found.length > most ? t("page-quick-more", { N: found.length - most }) : t("page-quick-keys");
}

async function choose(i, next) {
  if (found[i] && await copy(found[i].id, next)) close();
}

function move(by) {
  active = Math.max(0, Math.min(active + by, Math.min(found.length, most) - 1));
  draw();
}

query.addEventListener("input", search);
query.addEventListener("keydown", (e) => {
  const keys = {
    ArrowDown: () => move(1), ArrowUp: () => move(-1), PageDown: () => move(8), PageUp: () => move(-8),
    Enter: () => choose(active, e.shiftKey),
    Escape: () => { if (query.value) { query.value = ""; search(); } else close(); },
  };
  if (keys[e.key]) { e.preventDefault(); keys[e.key](); }
});
list.addEventListener("click", (e) => {
  const row = e.target.closest("[data-i]");
  if (row) choose(Number(row.dataset.i));
});
onLocked(() => { found = []; });
follow(() => { if (query.isConnected) search(); });
