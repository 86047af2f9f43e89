// @ts-check
// The templates of the clients' table: how it looks, as a function of what clients.js knows.
import { html, render, nothing } from "./lit/lit-html.js";
import { repeat } from "./lit/directives/repeat.js";
import { t } from "./kapu.js";
import { input as inputOf, one } from "./dom.js";
import { dayText, urgency, urgencyText, usedText } from "./dates.js";
import { grouped } from "./copy.js";
import { icon } from "./icons.js";
import { life } from "./life.js";
import { label } from "./label.js";
import { mark, markWord } from "./mark.js";

/** @import { Client, ShownCode } from "./types.js" */
/** @import { Grid } from "./grid.js" */
/** @import { Icon } from "./icons.js" */

/**
 * What the table depends on, besides the grid with its clients.
 * @typedef {object} View
 * @property {{ by: keyof Client, down: boolean }} sort
 * @property {string} editing id of the client whose fields are inputs
 * @property {string} codeOf id of the client whose code is shown, or asked for
 * @property {ShownCode | null} code
 * @property {boolean} duplicates only who may be there twice is shown
 */

/**
 * A column's field, its title, and the kind of its input; what has none is not edited.
 * @typedef {{ field: Field, title: string, kind: string }} Column
 * @typedef {"name" | "tax_number" | "folder" | "user_name" | "service" | "mandate_until" | "password_until" |
 *   "used"} Field
 */

/** @type {Column[]} in order */
const columns = [
  { field: "name", title: t("page-name"), kind: "text" },
  { field: "tax_number", title: t("page-tax-number"), kind: "text" },
  { field: "folder", title: t("page-folder"), kind: "text" },
  { field: "user_name", title: t("page-user-name"), kind: "text" },
  { field: "service", title: t("page-service"), kind: "text" },
  { field: "mandate_until", title: t("page-mandate"), kind: "date" },
  { field: "password_until", title: t("page-password"), kind: "date" },
  { field: "used", title: t("page-used"), kind: "" },
];

/** @type {HTMLElement} */
let headRow;
/** @type {HTMLElement} */
let body;
/** @type {HTMLElement} */
let empty;

/**
 * frame makes the table once; its rows come and go.
 * @param {HTMLElement} place
 * @param {View} view
 * @returns {HTMLElement} what scrolls
 */
export function frame(place, view) {
  render(html`<div class="grid" role="grid" aria-label=${t("page-clients")} aria-multiselectable="true"
    aria-colcount="11">
    <div role="rowgroup" class="head"></div><div role="rowgroup" class="body"></div></div>
    <p class="empty" hidden></p>`, place);
  headRow = one(".head", HTMLElement, place);
  body = one(".body", HTMLElement, place);
  empty = one(".empty", HTMLElement, place);
  head(view);
  return one(".grid", HTMLElement, place);
}

/**
 * head draws the titles, which sort.
 * @param {View} view
 */
export function head({ sort }) {
  /** @param {string} by */
  const direction = (by) => sort.by !== by ? "none" : sort.down ? "descending" : "ascending";
  const heading = (/** @type {Column} */ { field, title }) => {
    const by = field === "name" ? "order" : field;
    return html`<div role="columnheader" class=${field} aria-sort=${direction(by)}>
      <button type="button" data-sort=${by} tabindex="-1">${title}</button></div>`;
  };
  render(html`<div role="row" aria-rowindex="1">
    <div role="columnheader" class="check">
      <input type="checkbox" data-all tabindex="-1" aria-label=${t("page-select-all")}></div>
    <div role="columnheader" class="star"><span class="unseen">${t("page-favourite")}</span></div>
    ${columns.map(heading)}<div role="columnheader" class="code">${t("page-code")}</div></div>`, headRow);
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
  one(".grid", HTMLElement).setAttribute("aria-rowcount", String(shown.length + 1));
  const all = one("[data-all]", HTMLInputElement, headRow);
  all.checked = selected.size > 0 && selected.size >= shown.length;
  all.indeterminate = selected.size > 0 && !all.checked;
  empty.hidden = shown.length > 0;
  empty.textContent = view.duplicates ? t("page-duplicates-none") :
    t(inputOf("query").value ? "page-none-found" : "page-none");
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
    data-field=${column.field}>${editing && editable(c, column) ? input(c, column) : value(c, column)}</div>`;
  return html`<div role="row" data-id=${c.id} aria-rowindex=${i + 2} aria-selected=${selected}
    tabindex=${active && !editing ? 0 : -1} class=${(active ? "active " : "") + (editing ? "editing" : "")}
    .style=${`transform:translateY(${i * grid.rows.height}px)`}>
    <div role="gridcell" class="check"><input type="checkbox" data-select tabindex="-1" .checked=${selected}
      aria-label=${t("page-select-one", { Client: label(c) })}></div>
    <div role="gridcell" class="star"><button type="button" data-do="star" tabindex="-1" aria-pressed=${c.favourite}
      aria-label=${t("page-favourite-one", { Client: label(c) })}>${
        icon(c.favourite ? "starred" : "star")}</button></div>
    ${columns.map(cell)}
    <div role="gridcell" class="code">${editing ? saving() : code(view, c)}</div></div>`;
}

/**
 * @param {Client} c
 * @param {Column} column
 */
function value(c, { field, title }) {
  switch (field) {
    case "mandate_until":
    case "password_until": {
      const words = urgencyText(c[field]);
      if (!c[field]) return nothing;
      return html`<time class=${urgency(c[field])} data-label=${title} title=${words || nothing}>${dayText(c[field])}${
        words ? html`<span class="unseen">, ${words}</span>` : nothing}</time>`;
    }
    case "used": return usedText(c.used);
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
      button("show", shown ? "hide" : "show", t(shown ? "page-hide-code" : "page-show-code"))}${
      button("details", "details", t("page-details"))}`;
}
