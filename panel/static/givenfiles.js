// @ts-check
// The files of a plan, the view: what each column is, what is hidden, and as which format a file is read.
import { html, nothing } from "./lit/lit-html.js";
import { t } from "./kapu.js";
import { coded } from "./coded.js";
import { headed } from "./given.js";

/** @import { Column } from "./types.js" */
/** @import { Given } from "./given.js" */

/** What a column of a table can be, as exchange.FieldNames has it; "" is one that is not taken in. */
export const columnFields = [
  ["name", t("page-column-name")], ["key", t("page-column-key")], ["tax-number", t("page-column-tax-number")],
  ["folder", t("page-column-folder")], ["user-name", t("page-column-user-name")],
  ["service", t("page-column-service")], ["note", t("page-column-note")],
  ["mandate-until", t("page-column-mandate")], ["password-until", t("page-column-password")],
  ["deletion-code", t("page-column-deletion")], ["favourite", t("page-column-favourite")],
  ["digits", t("page-column-digits")], ["period", t("page-column-period")],
  ["algorithm", t("page-column-algorithm")], ["", t("page-column-none")],
];

/**
 * What the view tells of what the person does: a change of how a file is read, and that it is left out.
 * @typedef {object} Ears
 * @property {(given: Given, change: () => void) => void} anew
 * @property {(given: Given) => void} leave
 * @property {() => void} redraw
 */

const few = 5; // more files than that are told of only if there is something to be said of them

/**
 * givenFiles shows the files.
 * @param {Given[]} files
 * @param {string[]} formats as which a file can be read
 * @param {boolean} busy nothing can be changed now
 * @param {Ears} ears
 */
export function givenFiles(files, formats, busy, ears) {
  const told = files.filter((f) => f.table || f.unread || f.hides || f.hidden || files.length <= few);
  return told.map((given) => html`<details class="given" ?open=${given.open}
    @toggle=${(/** @type {Event} */ e) => { given.open = /** @type {HTMLDetailsElement} */ (e.target).open; }}>
    <summary><bdi>${given.file.name}</bdi>${given.read ? ` (${given.read})` : nothing}${state(given)}</summary>
    ${given.unread ? html`<p class="wrong" role="alert">${coded(given.unread)}</p>` : nothing}
    ${columns(given, busy, ears)}
    ${given.hides || given.hidden ? html`<label class="tick"><input type="checkbox" id=${"hidden-" + given.number}
      .checked=${given.hidden} ?disabled=${busy} @change=${(/** @type {Event} */ e) => ears.anew(given, () => {
        given.hidden = /** @type {HTMLInputElement} */ (e.target).checked;
      })}>${t("page-import-hidden")}</label>` : nothing}
    ${given.asking ? asking(given, formats, busy, ears) : html`<menu class="start">
      <button type="button" class="quiet" ?disabled=${busy} @click=${() => { given.asking = true; ears.redraw(); }}>${
        t("page-import-other")}</button></menu>`}</details>`);
}

/**
 * state says in a word whether the person should look at the file.
 * @param {Given} given
 */
function state(given) {
  const n = given.unknown();
  const words = given.unread ? t("page-import-unread") : n > 0 ? t("page-file-columns-unknown", { N: n }) :
    given.table ? t("page-file-columns-known") : "";
  return words ? html` – <span class=${given.unread || n > 0 ? "look" : "hint"}>${words}</span>` : nothing;
}

/**
 * columns has a choice for each column of each sheet.
 * @param {Given} given
 * @param {boolean} busy
 * @param {Ears} ears
 */
function columns(given, busy, ears) {
  if (!given.table) return nothing;
  const sheets = [...Map.groupBy(given.columns, (c) => c.sheet ?? "")];
  return html`${sheets.map(([sheet, list]) => html`
    <fieldset class="columns"><legend>${sheet ? t("page-file-columns-sheet", { Name: sheet }) :
      t("page-file-columns")}</legend>${list.map((c) => column(given, c, busy, ears))}</fieldset>`)}
    <p class="hint">${t("page-file-columns-hint")}</p>`;
}

/**
 * @param {Given} given
 * @param {Column} c
 * @param {boolean} busy
 * @param {Ears} ears
 */
function column(given, c, busy, ears) {
  const id = ["column", given.number, c.sheet ?? "", c.letters].join("-");
  const change = (/** @type {Event} */ e) => ears.anew(given, () =>
    given.choose(c, /** @type {HTMLSelectElement} */ (e.target).value));
  const heading = headed(c) ? html`<bdi>${c.heading}</bdi>` : t("page-column-bare", { Name: c.letters });
  return html`<div class=${c.by === "nothing" ? "look" : ""}><label for=${id}>${heading}</label>
    <select id=${id} ?disabled=${busy} aria-describedby=${id + "-by"} @change=${change}>${
      columnFields.map(([field, words]) =>
        html`<option value=${field} .selected=${field === c.field}>${words}</option>`)}</select>
    <small id=${id + "-by"}>${byText(c)}</small></div>`;
}

/**
 * byText says why a column was taken for what it is, or shows what stands in it where no heading does.
 * @param {Column} c
 */
function byText({ by, field, example }) {
  const seen = example ? t("page-column-example", { Name: example }) + " " : "";
  switch (by) {
    case "person": return seen + t("page-column-by-person");
    case "content": return seen + t("page-column-by-content");
    case "nothing": return seen + t(field ? "page-column-by-nothing" : "page-column-by-nothing-out");
    default: return "";
  }
}

/**
 * asking lets the person say of which format a file is.
 * @param {Given} given
 * @param {string[]} formats
 * @param {boolean} busy
 * @param {Ears} ears
 */
function asking(given, formats, busy, ears) {
  const id = "format-" + given.number;
  const choose = (/** @type {Event} */ e) => {
    e.preventDefault();
    const { value } = /** @type {HTMLSelectElement} */ (document.getElementById(id));
    ears.anew(given, () => { given.as = value; });
  };
  return html`<form class="format" @submit=${choose}><label>${t("page-import-format")}
    <select id=${id} ?disabled=${busy}><option value="">${t("page-import-format-content")}</option>${
      formats.map((f) => html`<option value=${f} .selected=${f === given.as}>${f}</option>`)}</select></label>
    <menu><button ?disabled=${busy}>${t("page-import-again")}</button>${given.unread ? html`<button type="button"
      ?disabled=${busy} @click=${() => ears.leave(given)}>${t("page-import-skip")}</button>` : nothing}</menu></form>`;
}
