// @ts-check
// The headings of the clients' table, by which it is sorted. They have one place in the order of tabbing (a roving
// tabindex); the arrows lead from one to the next, and down to the rows.
import { html, render } from "./lit/lit-html.js";
import { repeat } from "./lit/directives/repeat.js";
import { t } from "./kapu.js";
import { keyName, one, target } from "./dom.js";

/** @import { Column } from "./columns.js" */
/** @import { View } from "./table.js" */

/** @type {HTMLElement[]} what can have the focus, in order */
let stops = [];
let current = 1; // the one that Tab leads to; 0 is the box that selects all

/**
 * sortKey is the field by which a heading sorts. Names are in Hungarian order already.
 * @param {Column} column
 */
const sortKey = ({ field }) => field === "name" ? "order" : field;

/**
 * drawHeads draws them.
 * @param {HTMLElement} place
 * @param {View} view
 * @param {Column[]} columns
 */
export function drawHeads(place, { sort }, columns) {
  /** @param {string} by */
  const direction = (by) => sort.by !== by ? "none" : sort.down ? "descending" : "ascending";
  const heading = (/** @type {Column} */ column) => html`<div role="columnheader" class=${column.field}
    aria-sort=${direction(sortKey(column))}><button type="button" data-sort=${sortKey(column)} tabindex="-1"
    title=${column.title}>${column.title}</button></div>`;
  render(html`<div role="row" aria-rowindex="1">
    <div role="columnheader" class="check">
      <input type="checkbox" data-all tabindex="-1" aria-label=${t("page-select-all")}></div>
    <div role="columnheader" class="star"><span class="unseen">${t("page-favourite")}</span></div>
    ${repeat(columns, (c) => c.field, heading)}
    <div role="columnheader" class="code">${t("page-code")}</div></div>`, place);
  stops = [one("[data-all]", HTMLElement, place), ...place.querySelectorAll("button")];
  stand(Math.min(current, stops.length - 1));
}

/** @param {number} i */
function stand(i) {
  current = i;
  stops.forEach((stop, at) => { stop.tabIndex = at === i ? 0 : -1; });
}

// focusHeads goes to the heading that Tab would lead to.
export function focusHeads() { stops[current]?.focus(); }

/**
 * pressHeads does what a key means on a heading. It returns whether it was pressed on one.
 * @param {KeyboardEvent} e
 * @param {() => void} down goes to the rows
 */
export function pressHeads(e, down) {
  const at = stops.indexOf(target(e));
  if (at < 0) return false;
  /** @type {Record<string, () => void>} */
  const keys = {
    ArrowRight: () => stand(Math.min(at + 1, stops.length - 1)), ArrowLeft: () => stand(Math.max(at - 1, 0)),
    Home: () => stand(0), End: () => stand(stops.length - 1), ArrowDown: down,
  };
  const key = keys[keyName(e)];
  if (!key) return true;
  e.preventDefault();
  key();
  if (key !== down) focusHeads();
  return true;
}
