// Import: files, the plan row by row, what of it, the result, and the way back. The entries with their keys stay in the
// agent; here are names and fates.
import { html, render, nothing } from "./lit/lit-html.js";
import { repeat } from "./lit/directives/repeat.js";
import { t, ask, Problem, complain, notify, onLocked } from "./kapu.js";
import { upload, intake, forget } from "./upload.js";

const byId = (id) => document.getElementById(id);
const fates = ["new", "merged", "changed", "same", "skipped", "refused"];
const fateText = {
  new: t("page-fate-new"), merged: t("page-fate-merged"), changed: t("page-fate-changed"), same: t("page-fate-same"),
  skipped: t("page-fate-skipped"), refused: t("page-fate-refused"),
};
const doable = (row) => ["new", "merged", "changed"].includes(row.fate);
const page = 200; // rows that are shown at once

const nothingYet = { id: "", rows: [], counts: {}, format: "", done: null };
let plan = nothingYet;
let chosen = new Set();
let filter = "";
let most = page;
let folder = "";
let busy = false;

const waiting = [];
let sealed = null; // the file whose password is wanted, and its format

async function take(files) {
  if (busy) return;
  waiting.push(...files);
  await work(t("page-import-reading"), async () => {
    while (waiting.length > 0 && !sealed) await read(waiting.shift(), "");
  });
}

async function read(file, password) {
  if (plan.done) clear();
  const answer = await upload("stage", { id: plan.id, name: file.name, password }, file);
  if (answer.sealed) {
    sealed = { file, format: answer.sealed };
    return;
  }
  const before = new Set(plan.rows.map((_, i) => i).filter((i) => !chosen.has(i)));
  const known = plan.rows.length;
  plan = { ...answer, done: null };
  chosen = new Set([...plan.rows.keys()].filter((i) => doable(plan.rows[i]) && !(i < known && before.has(i))));
}

// work shows that something is being done, and what went wrong with it.
async function work(words, deed) {
  busy = true;
  render(html`<p>${words}</p><progress aria-label=${words}></progress>`, byId("work"));
  render(nothing, byId("trouble"));
  show();
  try {
    await deed();
  } catch (e) {
    if (e instanceof Problem) render(html`<p class="wrong">${e.message}</p>`, byId("trouble"));
    else complain(e);
  } finally {
    busy = false;
    render(nothing, byId("work"));
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
  byId("give").hidden = sealed !== null;
  byId("give").classList.toggle("slim", plan.rows.length > 0);
  render(sealed ? passwordForm() : plan.done ? result() : plan.rows.length > 0 ? table() : nothing, byId("plan"));
}

const passwordForm = () => html`<form class="card" @submit=${unseal} autocomplete="off">
  <h2>${t("page-import-sealed", { File: sealed.file.name, Format: sealed.format })}</h2>
  <label>${t("page-import-password")}<input id="password" type="password" autocomplete="one-time-code" ?disabled=${busy}></label>
  <menu><button class="main" ?disabled=${busy}>${t("page-next")}</button><button type="button" ?disabled=${busy} @click=${skipSealed}>${t("page-import-skip")}</button></menu>
</form>`;

async function unseal(e) {
  e.preventDefault();
  const input = byId("password");
  const password = input.value;
  if (!password) return input.focus();
  const { file } = sealed;
  await work(t("page-import-reading"), async () => {
    await read(file, password);
    sealed = null;
    while (waiting.length > 0 && !sealed) await read(waiting.shift(), "");
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
  const field = byId("password");
  if (field) { field.value = ""; field.focus(); } else (byId("plan").querySelector("h2") ?? byId("files")).focus();
}

const isShown = ([row]) => !filter || row.fate === filter;

function table() {
  const rows = plan.rows.map((row, i) => [row, i]);
  const shown = rows.filter(isShown);
  const able = shown.filter(([row]) => doable(row));
  const all = able.length > 0 && able.every(([, i]) => chosen.has(i));
  const some = !all && able.some(([, i]) => chosen.has(i));
  return html`<h2 tabindex="-1">${t("page-import-plan", { N: plan.rows.length, Format: plan.format })}</h2>
    <div class="chips" role="group" aria-label=${t("page-import-filter")}>
      ${chip("", t("page-import-all"), plan.rows.length)}${fates.filter((f) => plan.counts[f]).map((f) => chip(f, fateText[f], plan.counts[f]))}
    </div>
    <div class="scroll"><table class="plan">
      <thead><tr>
        <th class="check"><input type="checkbox" aria-label=${t("page-select-all")} .checked=${all} .indeterminate=${some} ?disabled=${able.length === 0 || busy} @change=${(e) => choose(able.map(([, i]) => i), e.target.checked)}></th>
        <th>${t("page-import-line")}</th><th>${t("page-name")}</th><th>${t("page-import-fate")}</th><th>${t("page-import-reason")}</th>
      </tr></thead>
      <tbody>${repeat(shown.slice(0, most), ([, i]) => i, ([row, i]) => html`<tr>
        <td class="check">${doable(row) ? html`<input type="checkbox" aria-label=${t("page-select-one", { Client: row.name })} .checked=${chosen.has(i)} ?disabled=${busy} @change=${(e) => choose([i], e.target.checked)}>` : nothing}</td>
        <td class="line">${row.file ? html`<bdi>${row.file}</bdi>: ` : nothing}${row.line}</td>
        <td><bdi>${row.name || "–"}</bdi></td><td><span class=${"fate " + row.fate}>${fateText[row.fate]}</span></td><td>${row.reason ?? ""}</td>
      </tr>`)}</tbody>
    </table></div>
    ${shown.length > most ? html`<button type="button" @click=${() => { most += 5 * page; show(); }}>${t("page-import-more", { N: shown.length - most })}</button>` : nothing}
    <form class="confirm" @submit=${confirm} autocomplete="off">
      <label>${t("page-import-folder")}<input name="folder" maxlength="200" autocomplete="off" spellcheck="false" .value=${folder} ?disabled=${busy} @change=${refile}></label>
      <menu><button class="main" ?disabled=${busy || chosen.size === 0}>${t("page-import-do", { N: chosen.size })}</button><button type="button" ?disabled=${busy} @click=${cancel}>${t("page-cancel")}</button></menu>
    </form>
    ${chosen.size === 0 ? html`<p class="hint">${t(plan.rows.some(doable) ? "page-import-none-chosen" : "page-import-nothing")}</p>` : nothing}`;
}

const chip = (fate, label, n) => html`<button type="button" aria-pressed=${filter === fate} @click=${() => { filter = fate; most = page; show(); }}>${label} <b>${n}</b></button>`;

function choose(ids, on) {
  for (const i of ids) if (on) chosen.add(i); else chosen.delete(i);
  show();
}

const request = (more) => ({ id: plan.id, folder, ...more });

// Another folder is another plan: who is there already may now be moved.
async function refile(e) {
  folder = e.target.value.trim();
  await work(t("page-import-reading"), async () => {
    const left = new Set([...plan.rows.keys()].filter((i) => doable(plan.rows[i]) && !chosen.has(i)));
    const { rows, counts } = await ask("take-staged", request({ rows: null, dry_run: true }));
    plan = { ...plan, rows, counts };
    chosen = new Set([...rows.keys()].filter((i) => doable(rows[i]) && !left.has(i)));
    if (!counts[filter]) filter = "";
  });
}

async function confirm(e) {
  e.preventDefault();
  if (busy || chosen.size === 0) return;
  folder = e.target.elements.folder.value.trim();
  await work(t("page-import-working", { N: chosen.size }), async () => {
    const rows = [...chosen].sort((a, b) => a - b);
    const done = await ask("take-staged", request({ rows, dry_run: false }));
    plan = { ...nothingYet, format: plan.format, rows: done.rows, counts: done.counts, done };
  });
  focusNext();
}

function cancel() {
  forget(plan.id);
  clear();
  show();
  byId("files").focus();
}

function result() {
  const { counts, rows, done } = plan;
  const refused = rows.filter((r) => r.fate === "refused");
  return html`<div class="card"><h2 tabindex="-1">${t("page-import-done", { N: counts.new + counts.merged + counts.changed })}</h2>
    <dl class="counts">${fates.filter((f) => counts[f]).map((f) => html`<dt>${fateText[f]}</dt><dd>${counts[f]}</dd>`)}</dl>
    ${refused.map((r) => html`<p class="wrong"><bdi>${r.name}</bdi>: ${r.reason}</p>`)}
    <p class="hint">${t("page-import-delete-file")}</p>
    <menu class="start"><a class="button main" href="/">${t("page-clients")}</a>${done.undo ? html`<button type="button" ?disabled=${busy} @click=${takeBack}>${t("page-import-undo")}</button>` : nothing}</menu></div>`;
}

async function takeBack() {
  await work(t("page-import-reading"), async () => {
    const undone = await ask("undo", plan.done.undo);
    clear();
    notify(t("page-undone", { N: undone.n }));
  });
  byId("files").focus();
}

intake(byId("files"), byId("zone"), async (files) => { await take(files); focusNext(); });
onLocked(() => { forget(plan.id); clear(); sealed = null; waiting.length = 0; });
byId("files").focus();
