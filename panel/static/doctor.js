// @ts-check
// What the doctor finds: what needs the person first.
import { t, ask, onLocked } from "./kapu.js";
import { complain } from "./complain.js";
import { byId } from "./dom.js";
import { html, nothing, render } from "./lit/lit-html.js";

/** @import { Finding } from "./types.js" */

/** @type {Record<Finding["state"], { mark: string, word: string }>} */
const states = {
  failed: { mark: "✗", word: t("page-doctor-failed") },
  unknown: { mark: "?", word: t("page-doctor-unknown") },
  ok: { mark: "✓", word: t("page-doctor-ok") },
};
const order = Object.keys(states);

const again = byId("again");
let busy = false;

/**
 * worded is a sentence whose commands, between backticks, stand as such.
 * @param {string} sentence
 */
const worded = (sentence) => sentence.split("`").map((part, i) => i % 2 ? html`<code>${part}</code>` : part);

/** @param {Finding} f */
const row = ({ state, name, detail, page }) => html`<li class=${state}>
  <span class="mark" aria-hidden="true">${states[state].mark}</span>
  <h2>${name} <span class="state">${states[state].word}</span></h2>
  <p>${worded(detail)} ${page ? more(page) : nothing}</p>
</li>`;

/** @param {string} page */
const more = (page) => html`<a href=${page} target="_blank" rel="noreferrer">${t("page-doctor-more")}</a>`;

async function examine() {
  if (busy) return;
  busy = true;
  again.setAttribute("aria-disabled", "true");
  byId("summary").textContent = t("page-doctor-busy");
  try {
    const findings = await ask("doctor");
    const sick = findings.filter((f) => f.state === "failed").length;
    const rows = findings.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
    render(rows.map(row), byId("findings"));
    byId("summary").textContent = sick ? t("page-doctor-sick", { N: sick }) : t("page-doctor-well");
  } catch (e) {
    byId("summary").textContent = "";
    complain(e);
  } finally {
    busy = false;
    again.removeAttribute("aria-disabled");
  }
}

again.addEventListener("click", examine);
onLocked(() => render(nothing, byId("findings")));
examine();
