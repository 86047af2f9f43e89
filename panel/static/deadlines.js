// @ts-check
// What runs out soon, and a new last day for it by one click.
import { t, ask, hear, onLocked, notify } from "./kapu.js";
import { complain } from "./complain.js";
import { byId, data } from "./dom.js";
import { ahead, dayText, leftText } from "./dates.js";
import { askDay } from "./dialog.js";
import { label } from "./label.js";
import { html, render, nothing } from "./lit/lit-html.js";

/** @import { Deadline } from "./types.js" */

const list = byId("list");
const field = { mandate: "mandate_until", password: "password_until" };
const kind = { mandate: t("page-mandate"), password: t("page-password") };

/** @type {Deadline[]} */
let due = [];

// How long mandates and passwords are mostly given for.
const years = { mandate: 1, password: 2 };

/**
 * @param {Deadline} d
 * @param {number} i
 */
function row(d, i) {
  const { user_name, folder } = d.client;
  const others = d.others > 0 ? html` <small>${t("page-others", { N: d.others })}</small>` : nothing;
  const details = [d.kind === "password" ? user_name : "", folder].filter(Boolean);
  return html`<tr data-i=${i}>
    <td><time class=${d.left < 0 ? "over" : "soon"} datetime=${d.day}>${dayText(d.day)}</time><br>
      <small>${leftText(d.left)}</small></td>
    <th scope="row"><bdi>${label(d.client)}</bdi>${others}<br>
      <small>${kind[d.kind]}${details.map((text) => html` · <bdi>${text}</bdi>`)}</small></th>
    <td class="do"><button type="button" aria-label=${t("page-new-day-of", { Client: label(d.client) })}
      @click=${() => change(d)}>${t("page-new-day")}</button></td></tr>`;
}

function draw() {
  byId("due").textContent = due.length > 0 ? t("page-deadlines-n", { N: due.length }) : t("page-deadlines-none");
  render(due.length === 0 ? nothing : html`<table class="list"><thead class="unseen"><tr>
    <th scope="col">${t("page-last-day-column")}</th><th scope="col">${t("page-name")}</th>
    <th scope="col">${t("page-new-day")}</th></tr></thead><tbody>${due.map(row)}</tbody></table>`, list);
}

/** @param {Deadline} d */
async function change(d) {
  const day = await askDay(kind[d.kind] + ": " + label(d.client), ahead(years[d.kind], 0));
  if (day === null) return;
  try {
    const { undo } = await ask("edit-many", { ids: [d.client.id], [field[d.kind]]: day });
    notify(t("page-new-day-set", { Client: label(d.client) }), {
      label: t("page-undo"), action: () => { ask("undo", undo).catch(complain); }, seconds: 15,
    });
  } catch (e) {
    complain(e);
  }
}

async function load() {
  const focused = document.activeElement;
  const at = focused instanceof HTMLElement ? data(focused, "i") : undefined;
  due = await ask("deadlines");
  draw();
  // The row that was dealt with is gone; the next one takes its place, and the focus.
  if (at !== undefined) list.querySelectorAll("button")[Math.min(Number(at), due.length - 1)]?.focus();
}

hear((news) => { if (news.type === "changed") load().catch(complain); });
onLocked(() => { due = []; });
load().catch(complain);
