// @ts-check
// The templates of the clients' table: how it looks, as a function of what clients.js knows.
import { html, render, nothing } from "./lit/lit-html.js";
import { repeat } from "./lit/directives/repeat.js";
import { t } from "./kapu.js";
import { input as inputOf, one } from "./dom.js";
import { loaded, clients } from "./list.js";
import { inSight, room, tracks } from "./columns.js";
import { dayText, urgency, urgencyText, usedText } from "./dates.js";
import { grouped } from "./copy.js";
import { icon } from "./icons.js";
import { life } from "./life.js";
import { label } from "./label.js";
import { mark, markWord } from "./mark.js";
import { drawHeads } from "./heads.js";

/** @import { Client, ShownCode } from "./types.js" */
/** @import { Column } from "./columns.js" */
/** @import { Grid } from "./grid.js" */
/** @import { Icon } from "./icons.js" */

/**
 * What the table depends on, besides the grid with its clients.
 * @typedef {object} View
 * @property {{ by: keyof Client, down: boolean }} sort
 * @property {string} editing id of the client whose fields are inputs
 * @property {string} codeOf id of the client whose code is shown, or asked for
 * @property {ShownCode | null} code
 * @property {boolean} filtered chips narrow the list
 * @property {boolean} duplicates one of them is that of possible duplicates
 * @property {boolean} locked some groups are locked
 */

/** @type {HTMLElement} what scrolls */
let box;
/** @type {HTMLElement} */
let headRow;
/** @type {HTMLElement} */
let body;
/** @type {HTMLElement} */
let empty;
/** @type {Column[]} those in sight */
let columns = [];

/**
 * frame makes the table once; its rows come and go.
 * @param {HTMLElement} place
 * @param {() => void} resized is called when it has another size, before its rows are measured
 * @returns {HTMLElement} what scrolls
 */
export function frame(place, resized) {
  render(html`<div class="grid" role="grid" aria-label=${t("page-clients")} aria-multiselectable="true">
    <div role="rowgroup" class="head"></div><div role="rowgroup" class="body"></div></div>
    <div class="empty" role="status"></div>`, place);
  box = one(".grid", HTMLElement, place);
  headRow = one(".head", HTMLElement, place);
  body = one(".body", HTMLElement, place);
  empty = one(".empty", HTMLElement, place);
  new ResizeObserver(resized).observe(box);
  return box;
}

/**
 * arrange settles which columns are in sight. If they have no room beside each other each client is a card.
 * @param {View} view
 */
export function arrange(view) {
  columns = inSight(view.editing !== "");
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  box.classList.toggle("cards", box.clientWidth < room(columns) * rem);
  box.style.setProperty("--columns", tracks(columns));
  box.setAttribute("aria-colcount", String(columns.length + 3));
  drawHeads(headRow, view, columns);
}

/**
 * drawRows draws the rows that exist. The one that is edited is used for no other client: in it lies what was typed.
 * @param {View} view
 * @param {Grid<Client>} grid
 */
export function drawRows(view, grid) {
  const { shown, selected, rows: { height } } = grid;
  /** @param {{ row: Client, slot: unknown }} drawn */
  const key = ({ row, slot }) => row.id === view.editing ? "editing" : slot;
  render(repeat(grid.drawn(), key, ({ row: client, i }) => row(view, grid, client, i)), body);
  body.style.height = shown.length * height + "px";
  box.setAttribute("aria-rowcount", String(shown.length + 1));
  const all = headRow.querySelector("[data-all]");
  if (all instanceof HTMLInputElement) { // the rows may be drawn, by a change of the window's size, before the heads
    all.checked = selected.size > 0 && selected.size >= shown.length;
    all.indeterminate = selected.size > 0 && !all.checked;
  }
  headRow.hidden = loaded && clients.length === 0;
  render(shown.length === 0 && loaded ? nobody(view) : nothing, empty);
}

/**
 * nobody says why no client is shown, and what to do next.
 * @param {View} view
 */
function nobody({ filtered, locked, duplicates }) {
  const clear = html`<button type="button" data-do="clear">${t("page-chips-clear")}</button>`;
  if (clients.length === 0 && locked) return t("page-none-but-locked");
  if (clients.length === 0) return html`<p>${t("page-none-yet")}</p><p class="ways"><a class="button main"
    href="/import">${t("page-none-import")}</a> <a class="button" href="/add">${t("page-none-add")}</a></p>`;
  if (duplicates && !inputOf("query").value) return html`<p>${t("page-duplicates-none")}</p>${clear}`;
  return filtered ? html`<p>${t("page-none-left")}</p>${clear}` : t("page-none-found");
}

/**
 * @param {View} view
 * @param {Grid<Client>} grid
 * @param {Client} c
 * @param {number} i
 */
function row(view, grid, c, i) {
  const active = c.id === grid.active;
  const selected = grid.selected.has(c.id);
  const editing = c.id === view.editing;
  const cell = (/** @type {Column} */ column) => html`<div role="gridcell" class=${column.field}
    data-field=${column.field} data-label=${column.title}>${
      editing && editable(c, column) ? input(c, column) : value(c, column)}</div>`;
  const [name, ...facts] = columns;
  return html`<div role="row" data-id=${c.id} aria-rowindex=${i + 2} aria-selected=${selected}
    tabindex=${active && !editing ? 0 : -1} class=${(active ? "active " : "") + (editing ? "editing" : "")}
    .style=${`transform:translateY(${i * grid.rows.height}px)`}>
    <div role="gridcell" class="check" data-select><input type="checkbox" tabindex="-1" .checked=${selected}
      aria-label=${t("page-select-one", { Client: label(c) })}></div>
    <div role="gridcell" class="star"><button type="button" data-do="star" tabindex="-1" aria-pressed=${c.favourite}
      aria-label=${t("page-favourite-one", { Client: label(c) })}>${
        icon(c.favourite ? "starred" : "star")}</button></div>
    ${cell(name)}<div class="facts" role="presentation">${repeat(facts, (f) => f.field, cell)}</div>
    <div role="gridcell" class="code">${editing ? saving() : code(view, c)}</div></div>`;
}

/**
 * @param {Client} c
 * @param {Column} column
 */
function value(c, { field }) {
  switch (field) {
    case "mandate_until":
    case "password_until": {
      const words = urgencyText(c[field]);
      if (!c[field]) return nothing;
      return html`<time class=${urgency(c[field])} title=${words || nothing}>${dayText(c[field])}${
        words ? html`<span class="unseen">, ${words}</span>` : nothing}</time>`;
    }
    case "used": return c.used ? html`<time>${usedText(c.used)}</time>` : nothing;
    case "name": return html`<bdi title=${label(c)}>${c.name}</bdi>${
      c.beside ? html` <small class="beside">(<bdi>${c.beside}</bdi>)</small>` : nothing}${
      markWord(c) ? html` <small class="tag" title=${mark(c)}>${markWord(c)}</small>` : nothing}`;
    // A name may be written from right to left, or pretend to be: it stays in its own cell.
    default: return html`<bdi title=${c[field] || nothing}>${c[field]}</bdi>`;
  }
}

/**
 * editable says whether a field is an input while its row is edited. A mandate without an end is no day; the bar's
 * button changes it.
 * @param {Client} c
 * @param {Column} column
 */
const editable = (c, { field, kind }) => kind !== "" && c[field] !== "indefinite";

/**
 * @param {Client} c
 * @param {Column} column
 */
const input = (c, { field, title, kind }) => html`<input name=${field} type=${kind} .defaultValue=${c[field]}
  aria-label=${title} maxlength="200" list=${field === "folder" ? "folders" : nothing} autocomplete="off"
  spellcheck="false">`;

/**
 * @param {string} action
 * @param {Icon} name
 * @param {string} label
 */
const button = (action, name, label) => html`<button type="button" data-do=${action} tabindex="-1" aria-label=${label}
  title=${label}>${icon(name)}</button>`;

const saving = () => html`<button type="button" data-do="save" class="main">${t("page-save")}</button>${
  button("cancel", "close", t("page-cancel"))}`;

/**
 * @param {View} view
 * @param {Client} c
 */
function code(view, c) {
  const shown = view.codeOf === c.id ? view.code : null;
  const digits = shown ? html`<output class="digits" aria-label=${t("page-code")}>${grouped(shown.code)}${
    life(shown)}</output>` : nothing;
  return html`${digits}
    ${button("copy", "copy", t("page-copy"))}${
      c.user_name ? button("sign-in", "person", t("page-sign-in")) : nothing}${
      button("show", shown ? "hide" : "show", t(shown ? "page-hide-code" : "page-show-code"))}${
      button("details", "details", t("page-details"))}`;
}
