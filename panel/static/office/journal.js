// @ts-check
// The journal: what everybody did with codes and keys (an audit log), and where lines are missing.
import { t, ask, onLocked, notify } from "../kapu.js";
import { complain } from "../complain.js";
import { begin } from "../loading.js";
import { byId, focusBySlash, input, one, option } from "../dom.js";
import { Lines, line } from "../lines.js";
import { saveFile } from "../file.js";
import { html, render } from "../lit/lit-html.js";
import { follow } from "./office.js";

/** @import { Gap, JournalRow } from "../types.js" */

const [query, from, until] = [input("query"), input("from"), input("until")];
const member = one("#member", HTMLSelectElement);

/** @type {Gap[]} */
let gaps = [];

// who is the name of the member whose lines are wanted; "" is everybody.
const who = () => member.selectedOptions[0]?.dataset.name ?? "";

/** @type {Lines<JournalRow>} */
const lines = new Lines((row, i, height) => line(row, i, height, html`<bdi title=${row.device}>${row.member}</bdi>`),
  (row) => !who() || row.member === who());

function showGaps() {
  const missing = gaps.filter((g) => !who() || g.member === who());
  byId("gaps").hidden = missing.length === 0;
  /** @param {Gap} gap */
  const gap = ({ member, device, from, to }) =>
    t("page-office-gap", { Name: member, Machine: device, From: from, Until: to });
  render(html`<p><strong>${t("page-gaps")}</strong></p><ul>${missing.map((g) => html`<li>${gap(g)}</li>`)}</ul>`,
    byId("gaps"));
}

async function load() {
  const journal = await ask("office-journal");
  gaps = journal.gaps ?? [];
  lines.set(journal.lines);
  showGaps();
}

member.addEventListener("input", () => { lines.refresh(); showGaps(); });

byId("csv").addEventListener("click", async () => {
  try {
    const range = { query: query.value, member: member.value, from: from.value, until: until.value };
    saveFile(t("page-office-journal-file"), new Blob([await ask("office-journal-csv", range)], { type: "text/csv" }));
    notify(t("page-saved-file"));
  } catch (e) {
    complain(e);
  }
});
// It reads the store: only now and when asked to.
byId("again").addEventListener("click", () => load().catch(complain));
focusBySlash(query);

follow(({ members = [] }) => {
  const chosen = member.value;
  member.replaceChildren(option(t("page-office-everybody"), ""), ...members.map((m) => {
    const one = option(m.name, m.id);
    one.dataset.name = m.name;
    return one;
  }));
  member.value = chosen;
});
begin(load);
onLocked(() => { gaps = []; });
