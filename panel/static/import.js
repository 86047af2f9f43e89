// @ts-check
// Import: files, the plan row by row (a dry run), what of it, the result, and the way back. The entries with their keys
// stay in the agent; here are names and fates.
import { html, render, nothing } from "./lit/lit-html.js";
import { repeat } from "./lit/directives/repeat.js";
import { t, ask, Problem, notify, onLocked } from "./kapu.js";
import { complain } from "./complain.js";
import { byId, fields, formOf, input } from "./dom.js";
import { upload, intake, forget } from "./upload.js";

/** @import { Fate, ReportRow, Report, Taken } from "./types.js" */
/** @typedef {Report & { id: string, format: string, done: Taken | null }} Plan */

const [give, trouble, working, place] = [byId("give"), byId("trouble"), byId("work"), byId("plan")];
const picker = input("files");

/** @type {Fate[]} */
const fates = ["new", "merged", "changed", "same", "skipped", "refused"];
const fateText = {
  new: t("page-fate-new"), merged: t("page-fate-merged"), changed: t("page-fate-changed"), same: t("page-fate-same"),
  skipped: t("page-fate-skipped"), refused: t("page-fate-refused"),
};
const doable = (/** @type {ReportRow} */ row) => ["new", "merged", "changed"].includes(row.fate);
const page = 200; // rows that are shown at once

/** @type {Plan} */
const nothingYet = { id: "", rows: [], counts: {}, format: "", done: null };
let plan = nothingYet;
/** @type {Set<number>} places in the plan's rows */
let chosen = new Set();
/** @type {Fate | ""} */
let filter = "";
let most = page;
let folder = "";
let busy = false;

/** @type {File[]} */
const waiting = [];
/** @type {{ file: File, format: string } | null} the file whose password is wanted, and its format */
let sealed = null;

/**
 * doableBut are the rows of a plan that can be done, but for some.
 * @param {ReportRow[]} rows
 * @param {Set<number>} left
 */
const doableBut = (rows, left) => new Set([...rows.keys()].filter((i) => doable(rows[i]) && !left.has(i)));

/** @param {File[]} files */
async function take(files) {
  if (busy) return;
  waiting.push(...files);
  await work(t("page-import-reading"), readWaiting);
}

async function readWaiting() {
  for (let file; !sealed && (file = waiting.shift());) await read(file, "");
}

/**
 * @param {File} file
 * @param {string} password
 */
async function read(file, password) {
  if (plan.done) clear();
  const answer = await upload("stage", { id: plan.id, name: file.name, password }, file);
  if (answer.sealed) {
    sealed = { file, format: answer.sealed };
    return;
  }
  const left = new Set([...plan.rows.keys()].filter((i) => !chosen.has(i)));
  plan = { ...answer, done: null };
  chosen = doableBut(plan.rows, left);
}

/**
 * work shows that something is being done, and what went wrong with it.
 * @param {string} words
 * @param {() => Promise<void>} deed
 */
async function work(words, deed) {
  busy = true;
  render(html`<p>${words}</p><progress aria-label=${words}></progress>`, working);
  render(nothing, trouble);
  show();
  try {
    await deed();
  } catch (e) {
    if (e instanceof Problem) render(html`<p class="wrong">${e.message}</p>`, trouble);
    else complain(e);
  } finally {
    busy = false;
    render(nothing, working);
    show();
  }
}

function clear() {
  plan = nothingYet;
  chosen = new Set();
  filter = folder = "";
  most = page;
}

function show() {
  give.hidden = sealed !== null;
  give.classList.toggle("slim", plan.rows.length > 0);
  render(content(), place);
}

function content() {
  if (sealed) return passwordForm(sealed);
  if (plan.done) return result(plan.done);
  return plan.rows.length > 0 ? table() : nothing;
}

/** @param {{ file: File, format: string }} sealed */
const passwordForm = ({ file, format }) => html`<form class="card" @submit=${unseal} autocomplete="off">
  <h2>${t("page-import-sealed", { File: file.name, Format: format })}</h2>
  <label>${t("page-import-password")}
    <input id="password" type="password" autocomplete="one-time-code" ?disabled=${busy}></label>
  <menu><button class="main" ?disabled=${busy}>${t("page-next")}</button>
    <button type="button" ?disabled=${busy} @click=${skipSealed}>${t("page-import-skip")}</button></menu>
</form>`;

/** @param {Event} e */
async function unseal(e) {
  e.preventDefault();
  const field = input("password");
  const password = field.value;
  if (!password || !sealed) return field.focus();
  const { file } = sealed;
  await work(t("page-import-reading"), async () => {
    await read(file, password);
    sealed = null;
    await readWaiting();
  });
  focusNext();
}

async function skipSealed() {
  sealed = null;
  show();
  await take([]);
  focusNext();
}

// focusNext puts the keyboard where the work goes on.
function focusNext() {
  const field = document.getElementById("password");
  if (field instanceof HTMLInputElement) {
    field.value = "";
    field.focus();
  } else (place.querySelector("h2") ?? picker).focus();
}

function table() {
  const rows = plan.rows.map((row, i) => ({ row, i })).filter(({ row }) => !filter || row.fate === filter);
  const able = rows.filter(({ row }) => doable(row)).map(({ i }) => i);
  const all = able.length > 0 && able.every((i) => chosen.has(i));
  const some = !all && able.some((i) => chosen.has(i));
  const more = () => { most += 5 * page; show(); };
  return html`<h2 tabindex="-1">${t("page-import-plan", { N: plan.rows.length, Format: plan.format })}</h2>
    <div class="chips" role="group" aria-label=${t("page-import-filter")}>
      ${chip("", t("page-import-all"), plan.rows.length)}${
        fates.map((f) => plan.counts[f] ? chip(f, fateText[f], plan.counts[f]) : nothing)}
    </div>
    <div class="scroll"><table class="plan">
      <thead><tr>
        <th class="check"><input type="checkbox" aria-label=${t("page-select-all")} .checked=${all}
          .indeterminate=${some} ?disabled=${able.length === 0 || busy}
          @change=${(/** @type {Event} */ e) => choose(able, e)}></th>
        <th>${t("page-import-line")}</th><th>${t("page-name")}</th><th>${t("page-import-fate")}</th>
        <th>${t("page-import-reason")}</th>
      </tr></thead>
      <tbody>${repeat(rows.slice(0, most), ({ i }) => i, ({ row, i }) => line(row, i))}</tbody>
    </table></div>
    ${rows.length > most ? html`<button type="button" @click=${more}>${
      t("page-import-more", { N: rows.length - most })}</button>` : nothing}
    <form class="confirm" @submit=${confirm} autocomplete="off">
      <label>${t("page-import-folder")}<input name="folder" maxlength="200" autocomplete="off" spellcheck="false"
        .value=${folder} ?disabled=${busy} @change=${refile}></label>
      <menu><button class="main" ?disabled=${busy || chosen.size === 0}>${
        t("page-import-do", { N: chosen.size })}</button>
        <button type="button" ?disabled=${busy} @click=${cancel}>${t("page-cancel")}</button></menu>
    </form>
    ${chosen.size > 0 ? nothing : html`<p class="hint">${
      t(plan.rows.some(doable) ? "page-import-none-chosen" : "page-import-nothing")}</p>`}`;
}

/**
 * line is a row of the plan.
 * @param {ReportRow} row
 * @param {number} i its place
 */
function line(row, i) {
  const box = () => html`<input type="checkbox" aria-label=${t("page-select-one", { Client: row.name })}
    .checked=${chosen.has(i)} ?disabled=${busy} @change=${(/** @type {Event} */ e) => choose([i], e)}>`;
  return html`<tr>
    <td class="check">${doable(row) ? box() : nothing}</td>
    <td class="line">${row.file ? html`<bdi>${row.file}</bdi>: ` : nothing}${row.line}</td>
    <td><bdi>${row.name || "–"}</bdi></td><td><span class=${"fate " + row.fate}>${fateText[row.fate]}</span></td>
    <td>${row.reason ?? ""}</td></tr>`;
}

/**
 * chip is a button that filters by a fate.
 * @param {Fate | ""} fate
 * @param {string} label
 * @param {number} n
 */
function chip(fate, label, n) {
  const choose = () => { filter = fate; most = page; show(); };
  return html`<button type="button" aria-pressed=${filter === fate} @click=${choose}>${label} <b>${n}</b></button>`;
}

/**
 * choose takes rows into the import, or out of it, by the box that was ticked.
 * @param {number[]} rows
 * @param {Event} e
 */
function choose(rows, e) {
  const on = /** @type {HTMLInputElement} */ (e.target).checked;
  for (const i of rows) if (on) chosen.add(i); else chosen.delete(i);
  show();
}

/**
 * Another folder is another plan: who is there already may now be moved.
 * @param {Event} e
 */
async function refile(e) {
  folder = /** @type {HTMLInputElement} */ (e.target).value.trim();
  await work(t("page-import-reading"), async () => {
    const left = new Set([...plan.rows.keys()].filter((i) => doable(plan.rows[i]) && !chosen.has(i)));
    const { rows, counts } = await ask("take-staged", { id: plan.id, folder, rows: null, dry_run: true });
    plan = { ...plan, rows, counts };
    chosen = doableBut(rows, left);
    if (filter && !counts[filter]) filter = "";
  });
}

/** @param {Event} e */
async function confirm(e) {
  e.preventDefault();
  if (busy || chosen.size === 0) return;
  folder = fields(formOf(e)).folder.value.trim();
  await work(t("page-import-working", { N: chosen.size }), async () => {
    const rows = [...chosen].sort((a, b) => a - b);
    const done = await ask("take-staged", { id: plan.id, folder, rows, dry_run: false });
    plan = { ...nothingYet, format: plan.format, rows: done.rows, counts: done.counts, done };
  });
  focusNext();
}

function cancel() {
  forget(plan.id);
  clear();
  show();
  picker.focus();
}

/** @param {Taken} done */
function result({ counts, rows, undo }) {
  const refused = rows.filter((r) => r.fate === "refused");
  const changed = (counts.new ?? 0) + (counts.merged ?? 0) + (counts.changed ?? 0);
  return html`<div class="card"><h2 tabindex="-1">${t("page-import-done", { N: changed })}</h2>
    <dl class="counts">${
      fates.filter((f) => counts[f]).map((f) => html`<dt>${fateText[f]}</dt><dd>${counts[f]}</dd>`)}</dl>
    ${refused.map((r) => html`<p class="wrong"><bdi>${r.name}</bdi>: ${r.reason}</p>`)}
    <p class="hint">${t("page-import-delete-file")}</p>
    <menu class="start"><a class="button main" href="/">${t("page-clients")}</a>${undo ? html`<button type="button"
      ?disabled=${busy} @click=${() => takeBack(undo)}>${t("page-import-undo")}</button>` : nothing}</menu></div>`;
}

/** @param {string} undo */
async function takeBack(undo) {
  await work(t("page-import-reading"), async () => {
    const undone = await ask("undo", undo);
    clear();
    notify(t("page-undone", { N: undone.n }));
  });
  picker.focus();
}

intake(picker, byId("zone"), async (files) => { await take(files); focusNext(); });
onLocked(() => { forget(plan.id); clear(); sealed = null; waiting.length = 0; });
picker.focus();
