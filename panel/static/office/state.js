// How this machine and the store agree, the settings of the office, and leaving it.
import { t, ask, onLocked, complain, notify } from "../kapu.js";
import { html, render, nothing } from "../lit/lit-html.js";
import { dialogue, follow, moment } from "./office.js";

const place = document.getElementById("office");
let office = null;
let busy = false;
let problem = "";

async function sync() {
  if (busy) return;
  busy = true;
  draw();
  try {
    await ask("office-sync");
    notify(t("page-office-synced-now"));
  } catch (e) {
    complain(e);
  } finally {
    busy = false;
  }
  again();
}

const hours = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

function settings() {
  const s = office.settings;
  const hour = (h, chosen) => html`<option value=${h} ?selected=${h === chosen}>${String(h).padStart(2, "0")}:00</option>`;
  return html`<form class="card" autocomplete="off" aria-labelledby="settings-title" @submit=${save}>
    <h2 id="settings-title">${t("page-office-books")}</h2><p>${t("page-office-books-long")}</p>
    <div class="fields"><label>${t("page-office-book-days")}<input name="days" type="number" min="1" max="14" required .defaultValue=${String(s.book_days)}></label>
      <label>${t("page-office-from-hour")}<select name="from">${hours(0, 23).map((h) => hour(h, s.from_hour))}</select></label>
      <label>${t("page-office-until-hour")}<select name="until">${hours(1, 24).map((h) => hour(h, s.until_hour))}</select></label></div>
    <p class="wrong" role="alert">${problem}</p>
    <menu><button class="main">${t("page-save")}</button></menu></form>`;
}

async function save(e) {
  e.preventDefault();
  const f = e.target.elements;
  problem = "";
  try {
    await ask("office-configure", { book_days: Number(f.days.value), from_hour: Number(f.from.value), until_hour: Number(f.until.value) });
    notify(t("page-settings-saved"));
  } catch (wrong) {
    problem = wrong.message;
  }
  again();
}

function leave() {
  const last = office.admin && office.members.filter((m) => m.role === "admin").length === 1;
  dialogue({
    title: t("page-office-leave"), go: t("page-office-leave"), danger: true,
    body: () => html`<p>${t("page-office-leave-long", { N: office.accounts, All: office.own })}</p>
      ${office.admin ? html`<label class="tick"><input type="checkbox" name="keep">${t("page-office-keep")}</label>` : html`<p>${t("page-office-leave-staff")}</p>`}
      ${last && office.members.length > 1 ? html`<p class="warning">${t("page-office-leave-last")}</p>` : nothing}`,
    async deed(f) {
      await ask("office-leave", f.keep?.checked ?? false);
      location.assign("/office");
    },
  });
}

function draw() {
  if (!office) return;
  const o = office;
  render(html`<section class="card" aria-labelledby="sync-title"><h2 id="sync-title">${t("page-office-sync")}</h2>
      ${o.failing_sentence ? html`<div class="warning" role="status"><p><strong>${t("page-office-failing", { Day: moment(o.failing_since) })}</strong></p><p>${o.failing_sentence}</p></div>` : nothing}
      <dl><dt>${t("page-office-synced")}</dt><dd>${o.synced ? moment(o.synced) : t("page-office-never")}</dd>
        <dt>${t("page-office-name")}</dt><dd><bdi>${o.name}</bdi></dd>
        <dt>${t("page-office-store")}</dt><dd><bdi>${o.store}</bdi></dd>
        <dt>${t("page-clients")}</dt><dd>${t("page-office-counts", { N: o.accounts, All: o.own })}</dd></dl>
      <p id="left" role="status">${o.left > 0 ? t("page-office-left", { N: o.left }) : nothing}</p>
      <menu class="start"><button type="button" class="main" id="sync" aria-disabled=${busy} @click=${sync}>${t(busy ? "page-office-syncing" : "page-office-sync-now")}</button></menu></section>
    ${o.admin && o.settings ? settings() : nothing}
    <section class="card" aria-labelledby="leave-title"><h2 id="leave-title">${t("page-office-leave")}</h2><p>${t("page-office-leave-short")}</p>
      <menu class="start"><button type="button" class="danger" id="leave" @click=${leave}>${t("page-office-leave")}…</button></menu></section>`, place);
}

const again = follow((now) => { office = now; draw(); });
onLocked(() => { office = null; });
