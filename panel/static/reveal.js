// @ts-check
// A client's key and deletion code in its details: shown to who gives the PIN or password, and not for long.
import { html } from "./lit/lit-html.js";
import { t, ask } from "./kapu.js";
import { complain } from "./complain.js";
import { withSecret } from "./secret.js";

/** @import { Open } from "./dialog.js" */
/** @typedef {"key" | "deletion_code"} Secret */

export const shownFor = 30; // seconds

export class Secrets {
  /** @type {Partial<Record<Secret, string>>} what is on the screen now */
  #shown = {};
  /** @type {Partial<Record<Secret, number>>} */
  #timers = {};

  /**
   * @param {string} id of the client
   * @param {() => Open<unknown>} open the dialog that they are in
   */
  constructor(id, open) {
    this.id = id;
    this.open = open;
  }

  // any says whether one of them is on the screen.
  get any() { return Object.keys(this.#shown).length > 0; }

  /** @param {Secret} field */
  hide(field) {
    clearTimeout(this.#timers[field]);
    delete this.#shown[field];
    this.open().show();
  }

  // end forgets them all.
  end() {
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    this.#shown = {};
  }

  /**
   * reveal asks for one secret; the other stays as it is.
   * @param {Secret} field
   * @param {string} why
   */
  async reveal(field, why) {
    const { dialog, show } = this.open();
    try {
      const answer = await withSecret(why, (secret) => ask("details", { id: this.id, [field]: true }, { secret }));
      if (!answer || !dialog.open) return;
      this.#shown[field] = answer[field];
      this.#timers[field] = setTimeout(() => this.hide(field), shownFor * 1000);
      show();
    } catch (e) {
      complain(e);
    }
    const button = dialog.querySelector(`[data-secret=${field}] button`);
    if (button instanceof HTMLElement) button.focus();
  }

  /**
   * row is the template of a secret.
   * @param {Secret} field
   * @param {string} label
   * @param {string} why
   */
  row(field, label, why) {
    const shown = this.#shown[field];
    const text = shown && field === "key" ? (shown.match(/.{1,4}/g) ?? []).join(" ") : shown;
    const content = text ? html`<output class="key" aria-label=${label}>${text}</output>
      <button type="button" @click=${() => this.hide(field)}>${t("page-details-hide")}</button>` :
      html`<span aria-hidden="true">••••••••</span><button type="button" @click=${() => this.reveal(field, why)}
        aria-label=${label + ": " + t("page-details-show")}>${t("page-details-show")}</button>`;
    return html`<dt>${label}</dt><dd data-secret=${field} class="secret">${content}</dd>`;
  }
}
