// @ts-check
// The templates of the table of rights: how it looks, as a function of what matrix.js knows.
import { html, render, nothing } from "../lit/lit-html.js";
import { repeat } from "../lit/directives/repeat.js";
import { t } from "../kapu.js";
import { icon } from "../icons.js";
import { input, one } from "../dom.js";
import { loaded } from "../list.js";
import { dayText } from "../dates.js";
import { rightText } from "./office.js";

/** @import { Member } from "../types.js" */
/** @import { Grid } from "../grid.js" */
/** @import { Held, Rights, Row } from "./rights.js" */

/**
 * What the table depends on, besides the grid with its rows.
 * @typedef {{ members: Member[], rights: Rights | null }} View
 */

/** @type {HTMLElement} */
let box;
/** @type {HTMLElement} */
let headRow;
/** @type {HTMLElement} */
let body;
/** @type {HTMLElement} */
let empty;

/**
 * frame makes the table once; its rows come and go.
 * @param {HTMLElement} place
 * @returns {HTMLElement} what scrolls
 */
export function frame(place) {
  render(html`<div class="grid" role="grid" aria-label=${t("page-office-rights")} aria-multiselectable="true">
    <div role="rowgroup" class="head"></div><div role="rowgroup" class="body"></div></div>
    <p class="empty" hidden></p>`, place);
  box = one(".grid", HTMLElement, place);
  headRow = one(".head", HTMLElement, place);
  body = one(".body", HTMLElement, place);
  empty = one(".empty", HTMLElement, place);
  return box;
}

/**
 * drawRows draws the members, and the rows that exist.
 * @param {View} view
 * @param {Grid<Row>} grid
 */
export function drawRows(view, grid) {
  const { members } = view;
  const { shown, selected } = grid;
  box.style.setProperty("--members", String(members.length));
  box.setAttribute("aria-colcount", String(members.length + 1));
  box.setAttribute("aria-rowcount", String(shown.length + 1));
  const some = selected.size > 0;
  const all = some && selected.size >= shown.filter((r) => r.kind !== "all").length;
  render(html`<div role="row" aria-rowindex="1"><div role="columnheader" class="first">
    <input type="checkbox" data-all tabindex="-1" aria-label=${t("page-select-all")} .checked=${all}
      .indeterminate=${some && !all}>${t("page-name")}</div>
    ${members.map((m) => html`<div role="columnheader"><bdi title=${m.name}>${m.name}</bdi></div>`)}</div>`, headRow);
  render(repeat(grid.drawn(), ({ slot }) => slot, ({ row: r, i }) => row(view, grid, r, i)), body);
  body.style.height = shown.length * grid.rows.height + "px";
  empty.hidden = shown.length > 0 || !view.rights || !loaded;
  empty.textContent = t(input("query").value ? "page-none-found" : "page-office-no-clients");
}

/**
 * @param {View} view
 * @param {Grid<Row>} grid
 * @param {Row} r
 * @param {number} i
 */
function row({ members, rights }, grid, r, i) {
  const selected = grid.selected.has(r.key);
  const active = r.key === grid.active;
  const folder = r.kind === "folder" ? r : null;
  const tab = (/** @type {number} */ column) => active && column === grid.column ? 0 : -1;
  return html`<div role="row" data-id=${r.key} aria-rowindex=${i + 2} aria-selected=${selected}
    class=${r.kind + (active ? " active" : "")} .style=${`transform:translateY(${i * grid.rows.height}px)`}>
    <div role="gridcell" class="first" data-column="0" tabindex=${tab(0)}
      aria-expanded=${folder ? folder.open : nothing}>
      <input type="checkbox" data-select tabindex="-1" .checked=${selected}
        aria-label=${t("page-select-one", { Client: r.name })}>
      ${folder ? html`<span class="arrow" aria-hidden="true">${folder.open ? "▾" : "▸"}</span>` : nothing}<bdi
        title=${r.name}>${r.name}</bdi>${folder ? html`<small>${folder.n}</small>` : nothing}</div>
    ${rights ? members.map((m, at) => cell(rights.at(m.id, r), at + 1, tab(at + 1))) : nothing}</div>`;
}

/** @param {string} through */
function sourceText(through) {
  switch (through) {
    case "": return "";
    case "admin": return t("page-office-through-admin");
    case "all": return t("page-office-through-all");
  }
  return t("page-office-through-folder", { Folder: through });
}

/**
 * cell says the right, and with a sign and in words where it comes from if not from here.
 * @param {Held} held
 * @param {number} column
 * @param {number} tab
 */
function cell({ right, through, until }, column, tab) {
  const end = until ? t("page-office-right-until", { Day: dayText(until) }) : "";
  const words = [sourceText(through), end].filter(Boolean).join(", ");
  return html`<div role="gridcell" data-column=${column} tabindex=${tab}
    class=${`right ${right || "none"}${through ? " through" : ""}`} title=${words || nothing}>${rightText[right]}${
    until ? icon("clock") : nothing}${words ? html`<span class="unseen">, ${words}</span>` : nothing}</div>`;
}
