// @ts-check
// The quick search (a combobox with a list): three letters, arrows, Enter; the code is copied and the window closes.
// With Alt it is the user name, and the code after it.
import { t, onLocked } from "./kapu.js";
import { byId, data, input, target } from "./dom.js";
import { find, follow, clients, key, loaded, shared } from "./list.js";
import { begins } from "./words.js";
import { copy, copyUserName, signIn } from "./copy.js";
import { label } from "./label.js";
import { html, render } from "./lit/lit-html.js";

/** @import { Client } from "./types.js" */

const query = input("query");
const list = byId("found");
const count = byId("count");

const most = 30; // who does not find the client among these types one more letter
/** @type {Client[]} */
let found = [];
let active = 0; // the row that Enter copies; -1 is none

// proposed is the row that is chosen before anybody has: none if another one that was found bears its name.
const proposed = () => found.length > 1 && shared(found, found[0]) ? -1 : 0;

// search puts first whose name begins with what was typed, then who was used last.
function search() {
  const first = begins(query.value);
  const rank = (/** @type {Client} */ c) => first(key(c)) ? 1 : 0;
  found = find(query.value).toSorted((a, b) => rank(b) - rank(a) || b.used - a.used || a.order - b.order);
  active = proposed();
  draw();
}

// refresh searches anew because the list is another one, and leaves the choice at the client that has it.
function refresh() {
  const chosen = found[active]?.id;
  search();
  if (!chosen) return;
  const at = found.findIndex((c) => c.id === chosen);
  active = at < most ? at : -1;
  draw();
}

function draw() {
  const option = (/** @type {Client} */ c, /** @type {number} */ i) => html`<li role="option" id=${"option-" + i}
    data-i=${i} aria-selected=${i === active}>
    <bdi class="name">${label(c)}</bdi><bdi>${c.folder}</bdi><bdi>${c.tax_number}</bdi></li>`;
  render(found.slice(0, most).map(option), list);
  if (found[active]) query.setAttribute("aria-activedescendant", "option-" + active);
  else query.removeAttribute("aria-activedescendant");
  document.getElementById("option-" + active)?.scrollIntoView({ block: "nearest" });
  count.textContent = hint();
}

function hint() {
  if (clients.length === 0) return loaded ? t("page-none") : "";
  if (found.length === 0) return t("page-none-found");
  if (active < 0) return t("page-quick-which");
  return found.length > most ? t("page-quick-more", { N: found.length - most }) : t("page-quick-keys");
}

/**
 * @param {number} i
 * @param {{ altKey: boolean, shiftKey: boolean }} e what was pressed with it
 */
async function choose(i, { altKey, shiftKey }) {
  if (!found[i]) return;
  const { id } = found[i];
  const done = !altKey ? copy(id, shiftKey, true) : shiftKey ? copyUserName(id, true) : signIn(id, true);
  if (await done) close();
}

/** @param {number} by */
function move(by) {
  active = Math.max(0, Math.min(active < 0 ? 0 : active + by, Math.min(found.length, most) - 1));
  draw();
}

query.addEventListener("input", search);
query.addEventListener("keydown", (e) => {
  /** @type {Record<string, () => void>} */
  const keys = {
    ArrowDown: () => move(1), ArrowUp: () => move(-1), PageDown: () => move(8), PageUp: () => move(-8),
    Enter: () => { choose(active, e); },
    Escape: () => { if (query.value) { query.value = ""; search(); } else close(); },
  };
  if (keys[e.key]) { e.preventDefault(); keys[e.key](); }
});
list.addEventListener("click", (e) => {
  const i = data(target(e), "i");
  if (i) choose(Number(i), e);
});
onLocked(() => { found = []; });
follow(() => { if (query.isConnected) refresh(); });
