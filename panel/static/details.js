// @ts-check
// What a list does not show of a client. Nothing secret is on the screen before it is asked for: the focus is on the
// title first.
import { html, nothing } from "./lit/lit-html.js";
import { t, ask, notify } from "./kapu.js";
import { complain } from "./complain.js";
import { affirmed, openDialog } from "./dialog.js";
import { copy, copyTaxNumber, copyUserName, grouped, watch } from "./copy.js";
import { dayText } from "./dates.js";
import { History } from "./office/history.js";
import { label } from "./label.js";
import { life } from "./life.js";
import { mark, mayAll } from "./mark.js";
import { Secrets, shownFor } from "./reveal.js";
import { Uses } from "./uses.js";

/** @import { Client, Details, ShownCode } from "./types.js" */
/** @import { Open } from "./dialog.js" */

/**
 * details opens the dialog of a client.
 * @param {Client} client
 * @param {() => HTMLElement | null} back where the focus goes afterwards
 */
export async function details(client, back) {
  try {
    await show(client, await ask("details", { id: client.id }), back);
  } catch (e) {
    complain(e);
    back()?.focus({ preventScroll: true });
  }
}

// CodeRow is the client's code, once it is asked for, and how long it lives.
class CodeRow {
  /** @type {ShownCode | null} */
  #code = null;
  #stop = () => {};
  #ticking = 0;

  /**
   * @param {string} id of the client
   * @param {() => void} draw
   */
  constructor(id, draw) {
    this.id = id;
    this.draw = draw;
  }

  #toggle() {
    if (this.#code) return this.#stop();
    this.#stop = watch(this.id, (code) => {
      this.#code = code;
      clearInterval(this.#ticking);
      if (code?.until) this.#ticking = setInterval(this.draw, 1000);
      this.draw();
    });
  }

  // end hides the code, for good.
  end() {
    this.draw = () => {};
    this.#stop();
    clearInterval(this.#ticking);
  }

  show() {
    const code = this.#code;
    const left = code?.until ? Math.max(0, Math.ceil((code.until - Date.now()) / 1000)) : 0;
    const seconds = left > 0 ? html`<span class="left">${t("page-details-left", { N: left })}</span>` : nothing;
    const digits = code ? html`<output class="digits" aria-label=${t("page-code")}>${grouped(code.code)}${
      life(code)}</output>${seconds}` : html`<span aria-hidden="true">••• •••</span>`;
    const toggle = t(code ? "page-details-hide" : "page-details-show");
    return html`<dt>${t("page-code")}</dt><dd class="secret" data-row="code">${digits}
      ${copyButton(t("page-code"), () => copy(this.id))}<button type="button" data-toggle
        @click=${() => this.#toggle()} aria-label=${t("page-code") + ": " + toggle}>${toggle}</button></dd>`;
  }
}

/**
 * @param {string} what
 * @param {() => unknown} act
 */
const copyButton = (what, act) => html`<button type="button" data-copy @click=${act}
  aria-label=${t("page-copy-of", { What: what })}>${t("page-copy-word")}</button>`;

/**
 * @param {string} name
 * @param {string} [text]
 */
const fact = (name, text) => text ? html`<dt>${name}</dt><dd><bdi>${text}</bdi></dd>` : nothing;

// What copies a text as it stands.
const copyText = { user_name: copyUserName, tax_number: copyTaxNumber };

/**
 * @param {Details} known
 * @param {"user_name" | "tax_number"} field
 * @param {string} name
 */
const copied = (known, field, name) => known[field] ? html`<dt>${name}</dt><dd class="secret" data-row=${field}>
  <bdi>${known[field]}</bdi>${copyButton(name, () => copyText[field](known.id))}</dd>` : nothing;

/** @param {string[]} [others] */
const together = (others = []) => others.length === 0 ? nothing : html`<dt>${t("page-details-others")}</dt><dd><ul>${
  others.map((name) => html`<li><bdi>${name}</bdi></li>`)}</ul></dd>`;

/**
 * @param {Client} client
 * @param {Details} known
 * @param {() => HTMLElement | null} back
 */
async function show(client, known, back) {
  const whole = mayAll(client);
  const draw = () => { if (open.dialog.open) open.show(); };
  const code = new CodeRow(client.id, draw);
  const secrets = new Secrets(client.id, () => open);
  const uses = new Uses(client.id, draw);
  const history = client.right ? new History(client, draw) : null;
  const hidden = () => [
    secrets.row("key", t("page-details-key"), t("page-details-key-why")),
    known.has_deletion_code ?
      secrets.row("deletion_code", t("page-details-deletion"), t("page-details-deletion-why")) : nothing,
  ];

  const body = () => html`<dl>${copied(known, "tax_number", t("page-tax-number"))}
      ${fact(t("page-folder"), known.folder)}${copied(known, "user_name", t("page-user-name"))}
      ${code.show()}${fact(t("page-service"), known.service)}
      ${fact(t("page-mandate"), dayText(known.mandate_until) || t("page-mandate-unknown"))}
      ${fact(t("page-password"), dayText(known.password_until))}
      ${whole ? hidden() : fact(t("page-office-right"), mark(client))}${together(known.others)}</dl>
    ${secrets.any ? html`<p class="hint" role="status">${t("page-details-shown", { N: shownFor })}</p>` : nothing}
    <section class="uses" aria-labelledby="uses-title"><h3 id="uses-title">${t("page-uses")}</h3>
      ${uses.show()}</section>
    ${whole ? html`<label>${t("page-details-note")}<textarea name="note" rows="4" maxlength="4000" autocomplete="off"
      .defaultValue=${known.note}></textarea></label>` : nothing}
    ${history ? history.show() : nothing}`;

  /** @type {Open<boolean>} */
  const open = openDialog({
    name: "details", title: html`<bdi>${label(known)}</bdi>`, look: "details", body, back, stop: t("page-close"),
    go: whole ? t("page-save") : "", calm: true,
    async deed(f) {
      const note = f.note.value.trim();
      const save = (/** @type {boolean} */ confirmed) => ask("edit", { id: client.id, note, confirmed });
      if (note !== known.note && !await affirmed(save)) return false;
      notify(t("page-details-saved", { Client: label(client) }));
      return true;
    },
  });
  try {
    await open.done;
  } finally {
    code.end();
    secrets.end();
  }
}
