// @ts-check
// A client's history in the office: what was changed, by whom, when.
import { t, ask, Problem } from "../kapu.js";
import { complain } from "../complain.js";
import { html, nothing } from "../lit/lit-html.js";
import { moment } from "./office.js";

/** @import { Change, Client } from "../types.js" */

/** @type {Record<string, string>} what a changed field is called; one without a word is another version's */
const fields = {
  name: t("page-name"), tax_number: t("page-tax-number"), folder: t("page-folder"), mandate_until: t("page-mandate"),
  service: t("page-service"), user_name: t("page-user-name"), password_until: t("page-password"),
  key: t("page-details-key"), deletion_code: t("page-details-deletion"), note: t("page-details-note"),
  gone: t("page-office-field-gone"),
};
const secret = ["key", "deletion_code"];

// History is asked for when it is opened (lazy loading); draw is called when it has come.
export class History {
  /** @type {Change[] | null} */
  #changes = null;
  #trouble = "";

  /**
   * @param {Client} client
   * @param {() => void} draw
   */
  constructor(client, draw) {
    this.client = client;
    this.draw = draw;
  }

  async #open() {
    if (this.#changes) return;
    this.#trouble = "";
    try {
      this.#changes = await ask("office-history", this.client.id) ?? [];
      this.draw();
    } catch (e) {
      if (!(e instanceof Problem)) return complain(e);
      this.#trouble = e.message;
      this.draw();
    }
  }

  show() {
    const changes = this.#changes?.filter((c) => fields[c.field]);
    const none = this.#trouble || t(changes ? "page-office-history-none" : "page-loading");
    const list = changes?.length ? html`<ol>${changes.map((c) => this.#line(c))}</ol>` :
      html`<p class="hint" role="status">${none}</p>`;
    return html`<details class="history" @toggle=${() => this.#open()}>
      <summary>${t("page-office-history")}</summary>${list}</details>`;
  }

  /** @param {Change} c */
  #line({ at, member, device, client, field, value, lost }) {
    const then = client && client !== this.client.name ? html` · <bdi>${client}</bdi>` : nothing;
    const text = field === "mandate_until" && value === "indefinite" ? t("page-indefinite") : value;
    const what = secret.includes(field) ? t("page-office-history-secret") : text || t("page-office-history-empty");
    return html`<li class=${lost ? "lost" : ""}>
      <small>${moment(at)} · <bdi>${member}</bdi> · <bdi>${device}</bdi>${then}</small><br>
      ${fields[field]}: <bdi>${what}</bdi>
      ${lost ? html`<br><strong>${t("page-office-history-lost")}</strong>` : nothing}</li>`;
  }
}
