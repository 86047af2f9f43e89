// @ts-check
// The keys of an office's store, which only one of the s3 kind has.
import { t } from "../kapu.js";
import { html } from "../lit/lit-html.js";

/** @import { Fields } from "../dom.js" */

/**
 * storeKeyFields ask for them.
 * @param {boolean} [hidden]
 */
export const storeKeyFields = (hidden = false) => html`<div class="fields" data-keys ?hidden=${hidden}>
  <label>${t("page-office-access")}
    <input name="access" maxlength="200" autocomplete="off" spellcheck="false"></label>
  <label>${t("page-office-secret")}<input name="secret_key" type="password" maxlength="200"
    autocomplete="one-time-code"></label></div>`;

/**
 * storeKeys are what was typed; none if they are not asked for.
 * @param {Fields} f
 */
export const storeKeys = (f) => ({ access: f.access?.value.trim() ?? "", secret: f.secret_key?.value ?? "" });

/**
 * leadsToS3 looks into an invitation, whose words are not secret from who has it.
 * @param {string} text
 */
export function leadsToS3(text) {
  try {
    const body = text.replace(/\s/g, "").replace("kapu-meghivo-", "").replaceAll("-", "+").replaceAll("_", "/");
    return atob(body.slice(0, body.length - body.length % 4)).includes('"s":"s3:');
  } catch {
    return false;
  }
}
