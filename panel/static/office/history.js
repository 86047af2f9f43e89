// What was changed of a client that is the office's, by whom, when.
import { t, ask, complain } from "../kapu.js";
import { html, nothing } from "../lit/lit-html.js";
import { moment } from "./office.js";

const fields = {
  name: t("page-name"), tax_number: t("page-tax-number"), folder: t("page-folder"), mandate_until: t("page-mandate"),
  service: t("page-service"), user_name: t("page-user-name"), password_until: t("page-password"), key: t("page-details-key"),
  deletion_code: t("page-details-deletion"), note: t("page-details-note"), gone: t("page-office-field-gone"),
};
const secret = ["key", "deletion_code"];

// History is asked for when it is opened; draw is called when it has come.
export class History {
  constructor(client, draw) { Object.assign(this, { client, draw, lines: null }); }

  async open() {
    if (this.lines) return;
    try {
      this.lines = await ask("office-history", this.client.id);
      this.draw();
    } catch (e) {
      complain(e);
    }
  }

  // A field that this version has no word for is another version's, and not shown.
  show() {
    const lines = this.lines?.filter((l) => fields[l.field]);
    return html`<details class="history" @toggle=${() => this.open()}><summary>${t("page-office-history")}</summary>
      ${!lines ? nothing : lines.length === 0 ? html`<p class="hint">${t("page-office-history-none")}</p>` : html`<ol>${lines.map((l) => html`<li class=${l.lost ? "lost" : ""}>
        <small>${moment(l.at)} · <bdi>${l.member}</bdi> · <bdi>${l.device}</bdi>${l.client && l.client !== this.client.name ? html` · <bdi>${l.client}</bdi>` : nothing}</small><br>
        ${fields[l.field]}: <bdi>${secret.includes(l.field) ? t("page-office-history-secret") : l.value || t("page-office-history-empty")}</bdi>
        ${l.lost ? html`<br><strong>${t("page-office-history-lost")}</strong>` : nothing}</li>`)}</ol>`}</details>`;
  }
}
