// @ts-check
// Who took a client's code last, and when. An admin of the office is told of colleagues too, by their journals.
import { html, nothing } from "./lit/lit-html.js";
import { t, ask } from "./kapu.js";
import { momentText } from "./dates.js";

/** @import { ShownUse, Uses as Known } from "./types.js" */

// Uses are asked for at once, and drawn when they have come: reading the office's store may take a while.
export class Uses {
  /** @type {Known | null} */
  #known = null;

  /**
   * @param {string} id of the client
   * @param {() => void} draw
   */
  constructor(id, draw) {
    ask("uses", id).then((known) => { this.#known = known; }, (e) => {
      this.#known = { uses: [], problem: e instanceof Error ? e.message : String(e) };
    }).finally(draw);
  }

  show() {
    const known = this.#known;
    if (!known) return html`<p class="hint" role="status">${t("page-uses-loading")}</p>`;
    const none = known.problem || known.uses.length > 0 ? nothing : html`<p>${t("page-uses-none")}</p>`;
    return html`${none}${known.uses.length > 0 ? html`<ol>${known.uses.map(line)}</ol>` : nothing}
      ${known.own_only ? html`<p class="hint">${t("page-uses-own")}</p>` : nothing}
      ${known.problem ? html`<p class="hint">${t("page-uses-problem", { Reason: known.problem })}</p>` : nothing}`;
  }
}

/** @param {ShownUse} use */
const line = ({ at, act, by, machine }) => html`<li><time>${momentText(at)}</time> · <bdi>${by}</bdi>${
  machine ? html` <small>(<bdi>${machine}</bdi>)</small>` : nothing} · ${act}</li>`;
