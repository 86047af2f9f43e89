// @ts-check
// How this machine and the store agree (synchronization), the settings of the office, and leaving it.
import { t, ask, onLocked, notify, Problem } from "../kapu.js";
import { complain } from "../complain.js";
import { byId, fields, formOf } from "../dom.js";
import { html, render, nothing } from "../lit/lit-html.js";
import { dialogue, follow, moment } from "./office.js";

/** @import { Office, OfficeSettings } from "../types.js" */

const place = byId("office");
/** @type {Office | null} */
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

/**
 * hours are the choices from one hour to another.
 * @param {number} from
 * @param {number} to
 * @param {number} chosen
 */
function hours(from, to, chosen) {
  const hour = (/** @type {number} */ h) => html`<option value=${h} ?selected=${h === chosen}>${
    String(h).padStart(2, "0")}:00</option>`;
  return Array.from({ length: to - from + 1 }, (_, i) => hour(from + i));
}

/** @param {OfficeSettings} settings */
const settingsForm = ({ book_days, from_hour, until_hour, away_days }) => html`<form class="card" autocomplete="off"
  aria-labelledby="settings-title" @submit=${save}>
  <h2 id="settings-title">${t("page-office-books")}</h2><p>${t("page-office-books-long")}</p>
  <div class="fields"><label>${t("page-office-book-days")}<input name="days" type="number" min="1" max="14" required
      .defaultValue=${String(book_days)}></label>
    <label>${t("page-office-from-hour")}<select name="from">${hours(0, 23, from_hour)}</select></label>
    <label>${t("page-office-until-hour")}<select name="until">${hours(1, 24, until_hour)}</select></label>
    <label>${t("page-office-away-days")}<input name="away" type="number" min="0" max="3650" required
      .defaultValue=${String(away_days)}></label></div>
  <p class="wrong" role="alert">${problem}</p>
  <menu><button class="main">${t("page-save")}</button></menu></form>`;

/** @param {Event} e */
async function save(e) {
  e.preventDefault();
  const { days, from, until, away } = fields(formOf(e));
  problem = "";
  try {
    const settings = {
      book_days: Number(days.value), from_hour: Number(from.value), until_hour: Number(until.value),
      away_days: Number(away.value),
    };
    await ask("office-configure", settings);
    notify(t("page-settings-saved"));
  } catch (wrong) {
    if (wrong instanceof Problem) problem = wrong.message; else complain(wrong);
  }
  again();
}

/** @param {Office} office */
function leave({ admin, members = [], accounts, own }) {
  const last = admin && members.length > 1 && members.filter((m) => m.role === "admin").length === 1;
  const keep = () => html`<label class="tick"><input type="checkbox" name="keep">${t("page-office-keep")}</label>`;
  dialogue({
    title: t("page-office-leave"), go: t("page-office-leave"), danger: true,
    body: () => html`<p>${t("page-office-leave-long", { N: accounts, All: own })}</p>
      ${admin ? keep() : html`<p>${t("page-office-leave-staff")}</p>`}
      ${last ? html`<p class="warning">${t("page-office-leave-last")}</p>` : nothing}`,
    async deed(f) {
      await ask("office-leave", f.keep?.checked ?? false);
      location.assign("/office");
    },
  });
}

/** @param {Office} office */
const failing = ({ failing_since, failing_sentence }) => html`<div class="warning" role="status">
  <p><strong>${t("page-office-failing", { Day: moment(failing_since) })}</strong></p><p>${failing_sentence}</p></div>`;

function draw() {
  if (!office) return;
  const o = office;
  render(html`<section class="card" aria-labelledby="sync-title"><h2 id="sync-title">${t("page-office-sync")}</h2>
      ${o.failing_sentence ? failing(o) : nothing}
      <dl><dt>${t("page-office-synced")}</dt><dd>${o.synced ? moment(o.synced) : t("page-office-never")}</dd>
        <dt>${t("page-office-name")}</dt><dd><bdi>${o.name}</bdi></dd>
        <dt>${t("page-office-store")}</dt><dd><bdi>${o.store}</bdi></dd>
        <dt>${t("page-clients")}</dt><dd>${t("page-office-counts", { N: o.accounts, All: o.own })}</dd></dl>
      <p id="left" role="status">${o.left > 0 ? t("page-office-left", { N: o.left })
        : o.waiting > 0 ? t("page-office-arriving", { N: o.waiting }) : nothing}</p>
      <menu class="start"><button type="button" class="main" id="sync" aria-disabled=${busy} @click=${sync}>${
        t(busy ? "page-office-syncing" : "page-office-sync-now")}</button></menu></section>
    ${o.admin && o.settings ? settingsForm(o.settings) : nothing}
    <section class="card" aria-labelledby="leave-title"><h2 id="leave-title">${t("page-office-leave")}</h2>
      <p>${t("page-office-leave-short")}</p>
      <menu class="start"><button type="button" class="danger" id="leave" @click=${() => leave(o)}>${
        t("page-office-leave")}…</button></menu></section>`, place);
}

const again = follow((now) => { office = now; draw(); });
onLocked(() => { office = null; });
