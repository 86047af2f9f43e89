// What runs out soon, and a new last day for it by one click.
import { t, ask, hear, onLocked, complain, notify } from "./kapu.js";
import { dayText, leftText } from "./dates.js";
import { html, render, nothing } from "./lit/lit-html.js";

const list = document.getElementById("list");
const dialog = document.getElementById("day-dialog");
const input = dialog.querySelector("input");
const field = { mandate: "mandate_until", password: "password_until" };
const kind = { mandate: t("page-mandate"), password: t("page-password") };

let due = [];

// later is a day so many years from now: that is how long mandates and passwords are mostly given for.
function later(years) {
  const d = new Date();
  d.setFullYear(d.getFullYear() + years);
  return [d.getFullYear(), d.getMonth() + 1, d.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
}

function row(d, i) {
  return html`<tr data-i=${i}>
    <td><time class=${d.left < 0 ? "over" : "soon"} datetime=${d.day}>${dayText(d.day)}</time><br><small>${leftText(d.left)}</small></td>
    <th scope="row"><bdi>${d.client.name}</bdi>${d.others > 0 ? html` <small>${t("page-others", { N: d.others })}</small>` : nothing}<br>
      <small>${kind[d.kind]}${d.kind === "password" && d.client.user_name ? html` · <bdi>${d.client.user_name}</bdi>` : nothing}${d.client.folder ? html` · <bdi>${d.client.folder}</bdi>` : nothing}</small></th>
    <td class="do"><button type="button" aria-label=${t("page-new-day-of", { Client: d.client.name })} @click=${() => change(d)}>${t("page-new-day")}</button></td></tr>`;
}

function draw() {
  document.getElementById("due").textContent = due.length > 0 ? t("page-deadlines-n", { N: due.length }) : t("page-deadlines-none");
  render(due.length === 0 ? nothing : html`<table class="list"><thead class="unseen"><tr><th scope="col">${t("page-last-day-column")}</th>
    <th scope="col">${t("page-name")}</th><th scope="col">${t("page-new-day")}</th></tr></thead><tbody>${due.map(row)}</tbody></table>`, list);
}

function change(d) {
  dialog.querySelector("h2").textContent = kind[d.kind] + ": " + d.client.name;
  input.value = later(d.kind === "password" ? 2 : 1);
  dialog.returnValue = "";
  dialog.onclose = async () => {
    if (dialog.returnValue !== "ok") return;
    try {
      const { undo } = await ask("edit-many", { ids: [d.client.id], [field[d.kind]]: input.value });
      notify(t("page-new-day-set", { Client: d.client.name }), { label: t("page-undo"), action: () => ask("undo", undo).catch(complain), seconds: 15 });
    } catch (e) {
      complain(e);
    }
  };
  dialog.showModal();
}

async function load() {
  const at = document.activeElement?.closest?.("tr")?.dataset.i;
  due = await ask("deadlines");
  draw();
  // The row that was dealt with is gone; the next one takes its place, and the focus.
  if (at !== undefined) list.querySelectorAll("button")[Math.min(at, due.length - 1)]?.focus();
}

hear((e) => { if (e.type === "changed") load().catch(complain); });
onLocked(() => { due = []; });
load().catch(complain);
