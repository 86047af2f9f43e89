// @ts-check
// The columns of the clients' table: which there are, which of them are in sight, and how wide they are. Two things
// take a column out of sight: that the person chose so, and that it says nothing, because all clients have the same in
// it, or nothing.
import { html, render, nothing } from "./lit/lit-html.js";
import { t, ask } from "./kapu.js";
import { byId } from "./dom.js";
import { openDialog } from "./dialog.js";
import { dayText, urgency } from "./dates.js";

/** @import { Client } from "./types.js" */

/**
 * A column's field, its title, the kind of its input (what has none is not edited), and its width: at least so many
 * rem, and so large a share of what is left over.
 * @typedef {{ field: Field, title: string, kind: string, least: number, share: number }} Column
 * @typedef {"name" | "tax_number" | "folder" | "user_name" | "service" | "mandate_until" | "password_until" |
 *   "used"} Field
 */

/**
 * widest is how wide the cell of a last day has to be, the bold one of a day that is near included: it is never cut,
 * whatever the font.
 * @returns {number} in rem
 */
function widest() {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const widths = ["2030-09-30", "indefinite"].map((iso) => {
    const day = document.createElement("time");
    day.className = iso === "indefinite" ? "" : "over";
    day.textContent = dayText(iso);
    day.style.position = "absolute";
    document.body.append(day);
    const { width } = day.getBoundingClientRect();
    day.remove();
    return width / rem;
  });
  const padding = 0.75;
  return Math.max(8, Math.ceil((Math.max(...widths) + padding) * 8) / 8);
}
const days = widest();

/** @type {Column[]} in order */
const columns = [
  { field: "name", title: t("page-name"), kind: "text", least: 9.5, share: 22 },
  { field: "tax_number", title: t("page-tax-number"), kind: "text", least: 7.75, share: 0 },
  { field: "folder", title: t("page-folder"), kind: "text", least: 5, share: 13 },
  { field: "user_name", title: t("page-user-name"), kind: "text", least: 5, share: 10 },
  { field: "service", title: t("page-service"), kind: "text", least: 4.5, share: 8 },
  { field: "mandate_until", title: t("page-mandate"), kind: "date", least: days, share: 0 },
  { field: "password_until", title: t("page-password"), kind: "date", least: days, share: 0 },
  { field: "used", title: t("page-used"), kind: "", least: 6.25, share: 0 },
];
const [ticks, codes] = [4.375, 13.25]; // what stands before and after them, in rem

// What the person chose, as the settings have it.
const choice = { hide: new Set(byId("grid").dataset.hide?.split(" ")), fold: byId("grid").dataset.fold === "true" };

/** @type {Map<Field, string>} the columns that say nothing → what all clients have in them; "" is nothing */
let folded = new Map();

/**
 * learn finds the columns in which the clients of a list do not differ. Of one client, only empty ones are such; and a
 * day that is near is always shown.
 * @param {Client[]} list
 */
export function learn(list) {
  folded = new Map();
  if (list.length === 0) return;
  for (const { field } of columns) {
    const value = list[0][field];
    if (field === "name" || value && list.length === 1 || list.some((c) => c[field] !== value)) continue;
    if (field.endsWith("_until") && urgency(String(value))) continue;
    folded.set(field, value ? String(value) : "");
  }
}

/**
 * inSight are the columns that are shown. While fields are edited, all are that can be: who edits may want to say
 * something where nothing was said.
 * @param {boolean} editing
 */
export const inSight = (editing) => columns.filter(({ field, kind }) =>
  !choice.hide.has(field) && (editing ? kind !== "" : !choice.fold || !folded.has(field)));

/**
 * tracks are the columns' widths, for CSS.
 * @param {Column[]} list
 */
export const tracks = (list) => ["2.5rem 1.875rem", ...list.map(({ least, share }) =>
  share ? `minmax(${least}rem, ${share}fr)` : `${least}rem`), `${codes}rem`].join(" ");

/**
 * room is how wide a table of these columns is at least, in rem.
 * @param {Column[]} list
 */
export const room = (list) => list.reduce((sum, { least }) => sum + least, ticks + codes);

/**
 * why says of a column that is folded away what it would show.
 * @param {Field} field
 */
function why(field) {
  const value = choice.fold ? folded.get(field) : undefined;
  if (value === undefined) return "";
  const text = field.endsWith("_until") ? dayText(value) : value;
  return text ? t("page-column-same", { Name: text }) : t("page-column-empty");
}

/**
 * tellFolded says on the chooser's button how many columns are folded away, and which if one points at it.
 * @param {HTMLElement} button
 */
export function tellFolded(button) {
  const list = columns.filter(({ field }) => !choice.hide.has(field) && why(field));
  render(html`${t("page-columns")}${list.length > 0 ? html` <span class="folded">${
    t("page-columns-folded", { N: list.length })}</span>` : nothing}`, button);
  button.title = list.map(({ field, title }) => `${title}: ${why(field)}`).join("\n");
}

/**
 * choose asks which columns are to be shown. It is remembered in the settings: what a browser keeps is gone with the
 * page's address, which is another one after each unlocking.
 * @returns {Promise<unknown>} null if the person gave up
 */
export function choose() {
  const tick = (/** @type {Column} */ { field, title }) => html`<label class="tick"><input type="checkbox"
    name=${field} ?checked=${!choice.hide.has(field)}><span>${title} ${
      why(field) ? html`<small>${why(field)}</small>` : nothing}</span></label>`;
  return openDialog({
    name: "columns", title: t("page-columns"), go: t("page-set"),
    body: () => html`${columns.filter((c) => c.field !== "name").map(tick)}
      <hr><label class="tick"><input type="checkbox" name="fold" ?checked=${choice.fold}>${
        t("page-columns-fold")}</label>`,
    async deed(f) {
      const hide = columns.map((c) => c.field).filter((field) => f[field] && !f[field].checked);
      const fold = f.fold.checked;
      await ask("columns", { hide: hide.join(" "), fold });
      [choice.hide, choice.fold] = [new Set(hide), fold];
      return true;
    },
  }).done;
}
