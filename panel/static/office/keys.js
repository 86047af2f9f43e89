// @ts-check
// The keys to be registered anew (key rotation): who knows them, since when, and the way to a new one.
import { t, ask, onLocked, notify } from "../kapu.js";
import { complain } from "../complain.js";
import { affirmed } from "../dialog.js";
import { byId } from "../dom.js";
import { dayText } from "../dates.js";
import { saveFile } from "../file.js";
import { html, render, nothing } from "../lit/lit-html.js";
import { dialogue, follow } from "./office.js";

/** @import { Todo } from "../types.js" */

const place = byId("office");
/** @type {Todo[]} */
let list = [];

/**
 * row is a key, however many people know it.
 * @param {Todo[]} known
 */
function row(known) {
  const [{ clients, service, user_name, client }] = known;
  const user = user_name ? html` · <bdi>${user_name}</bdi>` : nothing;
  const one = (/** @type {Todo} */ d) => html`<div><bdi>${d.member}</bdi>
    <small><bdi>${d.device}</bdi> · ${t("page-office-since-day", { Day: dayText(d.day) })}</small></div>`;
  return html`<tr><th scope="row"><bdi>${clients.join(", ")}</bdi><br><small>${service}${user}</small></th>
    <td>${known.map(one)}</td>
    <td class="do"><button type="button" ?disabled=${!client} @click=${() => renew(known[0])}
      aria-label=${t("page-office-new-key") + ": " + clients[0]}>${t("page-office-new-key")}</button></td></tr>`;
}

const steps = [
  t("page-office-step-1"), t("page-office-step-2"), t("page-office-step-3"), t("page-office-step-4"),
  t("page-office-step-5"),
];

/** @param {Todo[][]} keys */
const table = (keys) => html`<section class="two"><div><h3>${t("page-office-steps")}</h3>
    <ol>${steps.map((s) => html`<li>${s}</li>`)}</ol></div></section>
  <p><button type="button" id="csv" @click=${save}>${t("page-log-csv")}</button></p>
  <div class="scroll"><table class="list keys-list"><thead><tr>
    <th scope="col">${t("page-name")}</th><th scope="col">${t("page-office-knows")}</th>
    <th scope="col"><span class="unseen">${t("page-office-new-key")}</span></th></tr></thead>
    <tbody>${keys.map(row)}</tbody></table></div>`;

function draw() {
  const keys = [...Map.groupBy(list, (d) => d.account).values()];
  const many = keys.length > 0 ? t("page-office-keys-n", { N: keys.length }) : t("page-office-keys-none");
  render(html`<p class="lead">${t("page-office-keys-long")}</p><p id="count" role="status">${many}</p>
    ${keys.length > 0 ? table(keys) : nothing}`, place);
}

/** @param {Todo} d */
const renew = (d) => dialogue({
  title: t("page-office-new-key-of", { Client: d.clients[0] }), go: t("page-save"),
  body: () => html`<p class="hint">${t("page-office-new-key-long")}</p>
    <label>${t("page-add-key")}<input name="key" class="key" required autofocus autocomplete="off" spellcheck="false"
      maxlength="2000"></label>
    <p class="hint">${t("page-add-key-hint")}</p>`,
  async deed(f) {
    const key = f.key.value.trim();
    await ask("check-key", key);
    if (!await affirmed((confirmed) => ask("edit", { id: d.client, key, confirmed }))) return false;
    await ask("office-sync").catch(() => {}); // that it cannot be told now is said elsewhere; it is told later
    notify(t("page-office-key-saved", { Client: d.clients[0] }));
    await load();
    return true;
  },
});

async function save() {
  try {
    saveFile(t("page-office-keys-file"), new Blob([await ask("office-keys-csv")], { type: "text/csv" }));
    notify(t("page-saved-file"));
  } catch (e) {
    complain(e);
  }
}

async function load() {
  list = await ask("office-keys");
  draw();
}

follow(load);
onLocked(() => { list = []; });
