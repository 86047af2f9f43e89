// @ts-check
// How a new vault is to be unlocked, and what that means.
import { t, Problem } from "../kapu.js";
import { html, nothing } from "../lit/lit-html.js";

/** @import { Fields } from "../dom.js" */

const methods = [
  { id: "keychain", name: t("page-keychain"), long: t("page-keychain-long") },
  { id: "pin", name: t("page-pin"), long: t("page-pin-long") },
  { id: "password", name: t("page-password-lock"), long: t("page-password-long") },
];

/**
 * methodFields ask for it; the keychain is proposed.
 * @param {Fields | null} f
 */
export function methodFields(f) {
  const now = f?.method.value || methods[0].id;
  return html`<fieldset class="methods"><legend>${t("page-method")}</legend>
    ${methods.map(({ id, name, long }) => html`<label class="tick"><input type="radio" name="method" value=${id}
      ?checked=${id === now}><span>${name}<small>${long}</small></span></label>`)}</fieldset>
    ${now === "keychain" ? nothing : html`<div class="fields">
      ${secret("secret", now === "pin" ? t("page-pin-new") : t("page-password-new"), now)}
      ${secret("again", t("page-secret-again"), now)}</div>`}`;
}

/**
 * @param {string} name
 * @param {string} label
 * @param {string} method
 */
const secret = (name, label, method) => html`<label>${label}<input name=${name} type="password" maxlength="1000"
  required inputmode=${method === "pin" ? "numeric" : nothing} autocomplete="one-time-code"></label>`;

/**
 * chosenMethod is what a form asks for.
 * @param {Fields} f
 */
export function chosenMethod(f) {
  const method = f.method.value;
  if (method === "keychain") return { method, secret: "" };
  if (f.secret.value !== f.again.value) throw new Problem(t("page-secrets-differ"));
  return { method, secret: f.secret.value };
}
