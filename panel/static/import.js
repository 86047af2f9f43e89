// @ts-check
// Import: files, the plan row by row (plan.js, plantable.js), what of it, the result, and the way back.
import { html, render, nothing } from "./lit/lit-html.js";
import { t, ask, Problem, notify, onLocked } from "./kapu.js";
import { coded } from "./coded.js";
import { complain } from "./complain.js";
import { byId, fields, formOf, input } from "./dom.js";
import { changes, fates, fateText, Plan } from "./plan.js";
import { PlanTable, outcome } from "./plantable.js";
import { Given } from "./given.js";
import { givenFiles } from "./givenfiles.js";
import { base64, upload, intake, forget } from "./upload.js";

/** @import { Decision, Fate, Taken } from "./types.js" */

const [give, trouble, working, place] = [byId("give"), byId("trouble"), byId("work"), byId("plan")];
const picker = input("files");

let plan = new Plan();
let table = new PlanTable(plan, { redraw: show, decide });
/** @type {Taken | null} what was done */
let done = null;
let told = 0; // rows of it that are shown
let busy = false;
/** @type {AbortController | null} ends the reading that goes on */
let reading = null;

/** @type {Given[]} the files of the plan */
let files = [];
/** @type {File[]} */
const waiting = [];
/** @type {{ given: Given, format: string } | null} the file whose password is wanted, and its format */
let sealed = null;
/** @type {string[]} as which a file can be read */
let formats = [];

/** @param {File[]} came */
async function take(came) {
  if (busy) return;
  waiting.push(...came);
  await work(t("page-import-reading"), readWaiting);
}

async function readWaiting() {
  for (let file; !sealed && (file = waiting.shift());) await read(new Given(file));
}

/**
 * read lets the agent read a file, for the first time or in another way.
 * @param {Given} given
 * @param {{ password?: string, key_file?: string }} [secrets]
 */
async function read(given, secrets = {}) {
  if (done) clear();
  reading = new AbortController();
  const answer = await upload("stage", given.request(plan.id, secrets), given.file, reading.signal)
    .finally(() => { reading = null; });
  if (answer.sealed) {
    sealed = { given, format: answer.sealed };
    return;
  }
  [plan.id, plan.format] = [answer.id, answer.format];
  if (given.number > 0) plan.follow(answer.rows);
  else files.push(given);
  given.set(answer);
  if (!given.read && formats.length === 0) formats = await ask("import-formats");
  plan.set(plan.decided ? await ask("take-staged", plan.request(true)) : answer);
  table.all();
}

/**
 * anew reads a file in another way; if that fails it stays as it was read. The keyboard stays where it was.
 * @param {Given} given
 * @param {() => void} change
 */
async function anew(given, change) {
  const from = document.activeElement?.id;
  const back = given.wish();
  change();
  await work(t("page-import-reading"), async () => {
    try {
      await read(given);
    } catch (e) {
      back();
      throw e;
    }
  });
  if (sealed) focusNext();
  else if (from) document.getElementById(from)?.focus();
}

/** @param {Given} given */
function leave(given) {
  files = files.filter((f) => f !== given);
  show();
  focusNext();
}

// replan asks what becomes of the entries now that the person wants something else. The keyboard stays where it was.
async function replan() {
  const from = document.activeElement?.id;
  await work(t("page-import-reading"), async () => plan.set(await ask("take-staged", plan.request(true))));
  if (from) document.getElementById(from)?.focus();
}

/**
 * @param {number[]} rows
 * @param {Decision | ""} decision
 */
function decide(rows, decision) {
  plan.decide(rows, decision);
  replan();
}

/**
 * work shows that something is being done, if it takes a moment, and what went wrong with it.
 * @param {string} words
 * @param {() => Promise<void>} deed
 */
async function work(words, deed) {
  busy = true;
  const progress = () => render(html`<p>${words}</p><progress aria-label=${words}></progress>${
    reading ? stopping() : nothing}`, working);
  const late = setTimeout(progress, moment);
  render(nothing, trouble);
  show();
  try {
    await deed();
  } catch (e) {
    if (e instanceof Problem) render(html`<p class="wrong">${coded(e.message)}</p>`, trouble);
    else complain(e);
  } finally {
    clearTimeout(late);
    busy = false;
    render(nothing, working);
    show();
  }
}

const moment = 150; // milliseconds

const stopping = () => html`<menu class="start"><button type="button" id="stop" @click=${stop}>${
  t("page-cancel")}</button></menu>`;

// stop ends the reading, in the agent too; what was read before stays.
function stop() {
  waiting.length = 0;
  reading?.abort();
  picker.focus();
}

function clear() {
  files = [];
  plan = new Plan();
  table = new PlanTable(plan, { redraw: show, decide });
  done = null;
}

function show() {
  give.hidden = sealed !== null;
  give.classList.toggle("slim", files.length > 0 || done !== null);
  render(content(), place);
}

function content() {
  if (sealed) return passwordForm(sealed);
  if (done) return result(done);
  return plan.rows.length > 0 ? planned() : files.length > 0 ? nothingRead() : nothing;
}

const given = () => givenFiles(files, formats, busy, { anew, leave, redraw: askFormat });

// askFormat shows the formats, which are asked for when they are first needed.
async function askFormat() {
  await work(t("page-import-reading"), async () => {
    if (formats.length === 0) formats = await ask("import-formats");
  });
}

// nothingRead is what there is of files of which none could be read.
const nothingRead = () => html`<h2 tabindex="-1">${t("page-import-nothing-read")}</h2>${given()}
  <menu class="start"><button type="button" ?disabled=${busy} @click=${cancel}>${t("page-cancel")}</button></menu>`;

/** @param {{ given: Given, format: string }} sealed */
const passwordForm = ({ given, format }) => html`<form class="card" @submit=${unseal} autocomplete="off">
  <h2>${t("page-import-sealed", { File: given.file.name, Format: format })}</h2>
  <label>${t("page-import-password")}
    <input id="password" type="password" autocomplete="one-time-code" ?disabled=${busy}></label>
  ${format === keyed ? html`<label>${t("page-import-key-file")}
    <input id="key-file" type="file" ?disabled=${busy}></label>` : nothing}
  <menu><button class="main" ?disabled=${busy}>${t("page-next")}</button>
    <button type="button" ?disabled=${busy} @click=${skipSealed}>${t("page-import-skip")}</button></menu>
</form>`;

const keyed = "KeePass"; // the format whose files may have a key file beside the password, or instead of it

/** @param {Event} e */
async function unseal(e) {
  e.preventDefault();
  const field = input("password");
  const password = field.value;
  const keyFile = document.getElementById("key-file") ? input("key-file").files?.[0] : undefined;
  if (!password && !keyFile || !sealed) return field.focus();
  const { given } = sealed;
  await work(t("page-import-reading"), async () => {
    await read(given, { password, key_file: keyFile && await base64(keyFile) });
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

/**
 * counted says how many rows have which fate: "új 3, módosul 1".
 * @param {Partial<Record<Fate, number>>} counts
 */
const counted = (counts) =>
  fates.filter((f) => counts[f]).map((f) => fateText[f] + " " + counts[f]).join(", ");

function planned() {
  const taken = plan.taken();
  /** @type {Partial<Record<Fate, number>>} */
  const counts = {};
  for (const i of taken) counts[plan.rows[i].fate] = (counts[plan.rows[i].fate] ?? 0) + 1;
  const none = t(plan.rows.some((row) => changes(row.fate)) ? "page-import-none-chosen" : "page-import-nothing");
  const undecided = plan.undecided();
  return html`<h2 tabindex="-1">${t("page-import-plan", { N: plan.rows.length, Format: plan.format })}</h2>
    ${given()}${table.draw(busy)}
    <form class="confirm sticky" @submit=${confirm} autocomplete="off">
      <label>${t("page-import-folder")}<input id="folder" name="folder" maxlength="200" autocomplete="off"
        spellcheck="false" .value=${plan.folder} ?disabled=${busy} @change=${refile}></label>
      <menu><button class="main" ?disabled=${busy || taken.length === 0}>${
        t("page-import-do", { N: taken.length })}</button>
        <button type="button" ?disabled=${busy} @click=${cancel}>${t("page-cancel")}</button></menu>
      <p class="hint" role="status">${taken.length > 0 ? t("page-import-will", { Counts: counted(counts) }) :
      undecided > 0 ? nothing : none} ${undecided > 0 ? t("page-import-undecided", { N: undecided }) : nothing}</p>
    </form>`;
}

/**
 * Another folder is another plan: who is there already may now be moved.
 * @param {Event} e
 */
function refile(e) {
  plan.folder = /** @type {HTMLInputElement} */ (e.target).value.trim();
  replan();
}

/** @param {Event} e */
async function confirm(e) {
  e.preventDefault();
  const n = plan.taken().length;
  if (busy || n === 0) return;
  plan.folder = fields(formOf(e)).folder.value.trim();
  await work(t("page-import-working", { N: n }), async () => {
    const answer = await ask("take-staged", plan.request(false));
    clear();
    [done, told] = [answer, 200];
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
  const changed = fates.filter(changes).reduce((n, f) => n + (counts[f] ?? 0), 0);
  return html`<div class="card"><h2 tabindex="-1">${t("page-import-done", { N: changed })}</h2>
    <dl class="counts">${
      fates.filter((f) => counts[f]).map((f) => html`<dt>${fateText[f]}</dt><dd>${counts[f]}</dd>`)}</dl>
    <p class="hint">${t("page-import-delete-file")}</p>
    <menu class="start"><a class="button main" href="/">${t("page-clients")}</a>${undo ? html`<button type="button"
      ?disabled=${busy} @click=${() => takeBack(undo)}>${t("page-import-undo")}</button>` : nothing}</menu></div>
    ${outcome(rows, told, () => { told += 1000; show(); })}`;
}

/** @param {string} undo */
async function takeBack(undo) {
  await work(t("page-import-reading"), async () => {
    const undone = await ask("undo", undo);
    clear();
    notify(undone.said);
  });
  picker.focus();
}

intake(picker, byId("zone"), async (came) => { await take(came); focusNext(); });
onLocked(() => { forget(plan.id); clear(); sealed = null; waiting.length = 0; });
picker.focus();
