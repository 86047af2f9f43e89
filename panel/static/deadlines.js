// @ts-check
// What runs out soon: found as one types, given new last days one by one or many at once, printed, and handed to
// spreadsheets and calendars.
import { t, ask, hear, onLocked, notify } from "./kapu.js";
import { complain } from "./complain.js";
import { begin } from "./loading.js";
import { byId, data, focusBySlash, input, one, target } from "./dom.js";
import { ahead, dayText, leftText } from "./dates.js";
import { askDay } from "./dialog.js";
import { saveFile } from "./file.js";
import { label } from "./label.js";
import { changed, offerUndo } from "./undo.js";
import { keyOf, lines, parse } from "./words.js";
import { html, render, nothing } from "./lit/lit-html.js";
import { repeat } from "./lit/directives/repeat.js";

/** @import { Deadline } from "./types.js" */

const list = byId("list");
const query = input("query");
const within = one("#within", HTMLSelectElement);
const field = { mandate: "mandate_until", password: "password_until" };
const kind = { mandate: t("page-mandate"), password: t("page-password") };

// How long mandates and passwords are mostly given for.
const years = { mandate: 1, password: 2 };

/** @type {Deadline[]} */
let due = [];
let loaded = false; // before that, none are here, which is not to say that there are none
/** @type {Deadline[]} those that the query finds */
let shown = [];
/** @type {Set<string>} keys of those that are selected */
const selected = new Set();

/** @param {Deadline} d */
const key = (d) => d.kind + " " + d.client.id;

const chosen = () => shown.filter((d) => selected.has(key(d)));

/** @param {Deadline} d */
function row(d) {
  const { user_name, folder, tax_number } = d.client;
  const others = d.others > 0 ? html` <small>${t("page-others", { N: d.others })}</small>` : nothing;
  const about = [d.kind === "password" ? user_name : tax_number, folder].filter(Boolean);
  const name = kind[d.kind] + ", " + label(d.client);
  return html`<tr data-key=${key(d)}><td class="check"><input type="checkbox" data-select
      .checked=${selected.has(key(d))} aria-label=${t("page-select-one", { Client: name })}></td>
    <td class="day"><time class=${d.left < 0 ? "over" : d.left <= 30 ? "soon" : ""} datetime=${d.day}>${
      dayText(d.day)}</time><br><small>${leftText(d.left)}</small></td>
    <th scope="row"><bdi>${label(d.client)}</bdi>${others}<br>
      <small>${kind[d.kind]}${about.map((text) => html` · <bdi>${text}</bdi>`)}</small></th>
    <td class="do"><button type="button" aria-label=${t("page-new-day-of", { Client: label(d.client) })}
      @click=${() => change([d])}>${t("page-new-day")}</button></td></tr>`;
}

function draw() {
  if (!loaded) return;
  const wanted = parse(query.value);
  shown = due.filter(({ client: c }) =>
    wanted(keyOf([c.name, c.folder, c.user_name, c.service].map(lines).join(""), c.tax_number)));
  const found = shown.length;
  byId("due").textContent = due.length === 0 ? t("page-deadlines-none") :
    query.value.trim() ? t("page-deadlines-found", { N: found, All: due.length }) : t("page-deadlines-n", { N: found });
  // On paper stands what the page's boxes say.
  byId("paper").textContent = [dayText(ahead(0, 0)), within.selectedOptions[0].text.trim(), query.value.trim()]
    .filter(Boolean).join(" · ");
  render(found === 0 ? nothing : html`<table class="list due"><thead><tr>
    <th scope="col" class="check"><input type="checkbox" data-all aria-label=${t("page-select-all")}></th>
    <th scope="col">${t("page-last-day-column")}</th><th scope="col" class="who">${t("page-name")}</th>
    <th scope="col" class="do"><span class="unseen">${t("page-new-day")}</span></th></tr></thead>
    <tbody>${repeat(shown, key, row)}</tbody></table>`, list);
  tell();
}

// tell offers what can be done with those that are selected: mandates and passwords are given for different times.
function tell() {
  const many = chosen();
  for (const button of byId("bulk").querySelectorAll("button")) {
    const n = many.filter((d) => d.kind === button.dataset.kind).length;
    button.hidden = n === 0;
    button.textContent = t(button.dataset.kind === "mandate" ? "page-new-mandates" : "page-new-passwords", { N: n });
  }
  byId("bulk").hidden = many.length === 0;
  const all = list.querySelector("[data-all]");
  if (!(all instanceof HTMLInputElement)) return;
  all.checked = many.length > 0 && many.length === shown.length;
  all.indeterminate = many.length > 0 && !all.checked;
}

/**
 * change asks for a new last day of deadlines of one kind.
 * @param {Deadline[]} these
 */
async function change(these) {
  const [first] = these;
  const about = these.length === 1 ? label(first.client) : t("page-clients-n", { N: these.length });
  const title = kind[first.kind] + ": " + about;
  const day = await askDay({ title, day: ahead(years[first.kind], 0), endless: first.kind === "mandate" });
  if (day === null) return;
  try {
    const { undo } = await ask("edit-many", { ids: these.map((d) => d.client.id), [field[first.kind]]: day });
    for (const d of these) selected.delete(key(d));
    changed(t("page-new-day-set", { Client: about }), undo);
  } catch (e) {
    complain(e);
  }
}

async function load() {
  const focused = document.activeElement;
  const was = focused instanceof HTMLElement && list.contains(focused) ? data(focused, "key") : undefined;
  const at = shown.findIndex((d) => key(d) === was);
  due = await ask("deadlines", { within: Number(within.value) });
  loaded = true;
  const there = new Set(due.map(key));
  for (const k of selected) if (!there.has(k)) selected.delete(k);
  draw();
  // A row that was dealt with is gone; the next one takes its place, and the focus.
  const next = at < 0 || was && there.has(was) ? undefined : list.querySelectorAll("td button")[
    Math.min(at, shown.length - 1)];
  if (next instanceof HTMLElement) next.focus();
}

/**
 * save hands out what is shown, as a file.
 * @param {"deadlines-csv" | "deadlines-ics"} method
 * @param {string} name
 * @param {string} type
 */
async function save(method, name, type) {
  try {
    const text = await ask(method, { query: query.value, within: Number(within.value) });
    saveFile(name, new Blob([text], { type }));
    notify(t(method === "deadlines-ics" ? "page-saved-calendar" : "page-saved-file"));
  } catch (e) {
    complain(e);
  }
}

list.addEventListener("change", (e) => {
  const box = /** @type {HTMLInputElement} */ (target(e));
  const one = data(box, "key");
  for (const d of shown) {
    if (!one || key(d) === one) selected[box.checked ? "add" : "delete"](key(d));
  }
  draw();
});
for (const button of byId("bulk").querySelectorAll("button")) {
  button.addEventListener("click", () => { change(chosen().filter((d) => d.kind === button.dataset.kind)); });
}
query.addEventListener("input", draw);
within.addEventListener("change", () => { load().catch(complain); });
byId("csv").addEventListener("click", () => { save("deadlines-csv", t("page-deadlines-csv-file"), "text/csv"); });
byId("ics").addEventListener("click", () => { save("deadlines-ics", t("page-deadlines-ics-file"), "text/calendar"); });
byId("print").addEventListener("click", () => print());
focusBySlash(query);
offerUndo(byId("undo"), () => query.focus());
hear((news) => { if (news.type === "changed") load().catch(complain); });
onLocked(() => { due = shown = []; selected.clear(); });
begin(load);
