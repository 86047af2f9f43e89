// @ts-check
// What a list does not show of a client. Its key and deletion code are shown to who gives the PIN or password, and not
// for long.
import { html, nothing } from "./lit/lit-html.js";
import { t, ask, notify } from "./kapu.js";
import { complain } from "./complain.js";
import { affirmed, openDialog } from "./dialog.js";
import { withSecret } from "./secret.js";
import { dayText } from "./dates.js";
import { History } from "./office/history.js";
import { label } from "./label.js";
import { mark, mayAll } from "./mark.js";

/** @import { Client } from "./types.js" */
/** @typedef {"key" | "deletion_code"} Secret */

const shownFor = 30; // seconds

/**
 * details opens the dialog of a client.
 * @param {Client} client
 * @param {() => HTMLElement | null} back where the focus goes afterwards
 */
export async function details(client, back) {
  try {
    await show(client, back);
  } catch (e) {
    complain(e);
    back()?.focus({ preventScroll: true });
  }
}

/**
 * @param {Client} client
 * @param {() => HTMLElement | null} back
 */
async function show(client, back) {
  const known = await ask("details", { id: client.id });
  const whole = mayAll(client);
  const history = client.right ? new History(client, () => open.show()) : null;
  /** @type {Partial<Record<Secret, string>>} what is on the screen now */
  const secrets = {};
  /** @type {Partial<Record<Secret, number>>} */
  const timers = {};

  /** @param {Secret} field */
  function hide(field) {
    clearTimeout(timers[field]);
    delete secrets[field];
    open.show();
  }

  /**
   * reveal asks for one secret; the other stays as it is.
   * @param {Secret} field
   * @param {string} why
   */
  async function reveal(field, why) {
    const { dialog } = open;
    try {
      const answer = await withSecret(why, (current) => ask("details", { id: client.id, [field]: true, current }));
      if (!answer || !dialog.open) return;
      secrets[field] = answer[field];
      timers[field] = setTimeout(() => hide(field), shownFor * 1000);
      open.show();
    } catch (e) {
      complain(e);
    }
    const button = dialog.querySelector(`[data-secret=${field}] button`);
    if (button instanceof HTMLElement) button.focus();
  }

  /**
   * @param {Secret} field
   * @param {string} text
   */
  const grouped = (field, text) => field === "key" ? (text.match(/.{1,4}/g) ?? []).join(" ") : text;

  /**
   * @param {Secret} field
   * @param {string} label
   * @param {string} why
   */
  function secret(field, label, why) {
    const shown = secrets[field];
    const content = shown ? html`<output class="key" aria-label=${label}>${grouped(field, shown)}</output>
      <button type="button" @click=${() => hide(field)}>${t("page-details-hide")}</button>` :
      html`<span aria-hidden="true">••••••••</span><button type="button" @click=${() => reveal(field, why)}
        aria-label=${label + ": " + t("page-details-show")}>${t("page-details-show")}</button>`;
    return html`<dt>${label}</dt><dd data-secret=${field} class="secret">${content}</dd>`;
  }

  /**
   * @param {string} label
   * @param {string} text
   */
  const fact = (label, text) => text ? html`<dt>${label}</dt><dd><bdi>${text}</bdi></dd>` : nothing;

  const body = () => html`<dl>${fact(t("page-tax-number"), known.tax_number)}${fact(t("page-folder"), known.folder)}
      ${fact(t("page-user-name"), known.user_name)}${fact(t("page-service"), known.service)}
      ${fact(t("page-mandate"), dayText(known.mandate_until))}${fact(t("page-password"), dayText(known.password_until))}
      ${whole ? secret("key", t("page-details-key"), t("page-details-key-why")) :
        fact(t("page-office-right"), mark(client))}
      ${whole && known.has_deletion_code ?
        secret("deletion_code", t("page-details-deletion"), t("page-details-deletion-why")) : nothing}</dl>
    ${Object.keys(secrets).length === 0 ? nothing :
      html`<p class="hint" role="status">${t("page-details-shown", { N: shownFor })}</p>`}
    ${whole ? html`<label>${t("page-details-note")}<textarea name="note" rows="4" maxlength="4000" autocomplete="off"
      .defaultValue=${known.note}></textarea></label>` : nothing}
    ${history ? history.show() : nothing}`;

  const open = openDialog({
    name: "details", title: html`<bdi>${label(known)}</bdi>`, look: "details", body, back, stop: t("page-close"),
    go: whole ? t("page-save") : "",
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
    for (const timer of Object.values(timers)) clearTimeout(timer);
  }
}
