// @ts-check
// The log: a year's lines, searched as one types.
import { t, ask, hear, onLocked, notify } from "./kapu.js";
import { complain } from "./complain.js";
import { begin } from "./loading.js";
import { byId, focusBySlash, input } from "./dom.js";
import { Lines, line } from "./lines.js";
import { saveFile } from "./file.js";
import { html, render } from "./lit/lit-html.js";

/** @import { LogRow } from "./types.js" */

const [query, from, until] = [input("query"), input("from"), input("until")];

/** @type {Lines<LogRow>} */
const lines = new Lines((row, i, height) => line(row, i, height, html`<bdi>${row.by}</bdi>`));

async function load() {
  const log = await ask("log");
  lines.set(log.lines);
  byId("gaps").hidden = log.gaps.length === 0;
  render(html`<p><strong>${t("page-gaps")}</strong></p><ul>${log.gaps.map((g) => html`<li>${g}</li>`)}</ul>`,
    byId("gaps"));
}

byId("csv").addEventListener("click", async () => {
  try {
    const text = await ask("log-csv", { query: query.value, from: from.value, until: until.value });
    saveFile(t("page-log-file"), new Blob([text], { type: "text/csv" }));
    notify(t("page-saved-file"));
  } catch (e) {
    complain(e);
  }
});
focusBySlash(query);

// A debounce: a row of changes is one piece of news, and none while nobody looks.
/** @type {number | undefined} */
let later;
function soon() {
  clearTimeout(later);
  later = setTimeout(() => { if (!document.hidden) load().catch(complain); }, 1000);
}
hear((news) => { if (news.type === "changed") soon(); });
document.addEventListener("visibilitychange", soon);
onLocked(() => { clearTimeout(later); document.removeEventListener("visibilitychange", soon); });
begin(load);
