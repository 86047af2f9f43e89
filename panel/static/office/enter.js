// @ts-check
// Founding an office, joining one, or getting one back from its store.
import { t, ask, Problem } from "../kapu.js";
import { complain } from "../complain.js";
import { fields, formOf, one, target } from "../dom.js";
import { html, nothing } from "../lit/lit-html.js";
import { leadsToS3, storeKeyFields, storeKeys } from "./store.js";

/** @import { Fields } from "../dom.js" */
/** @import { Template, Value } from "../lit/lit-html.js" */

/**
 * enter is what a person sees who is in no office; entered is called when they are in one.
 * @param {() => unknown} entered
 * @param {string} only the store that an administrator has fixed; "" if any will do
 */
export const enter = (entered, only) => html`<section><p>${t("page-office-what-1")} ${t("page-office-what-2")}
    ${t("page-office-what-3")}</p></section>
${card("join", t("page-office-join"), t("page-office-join-long"), t("page-office-join-do"), html`
  <label>${t("page-office-invitation")}<textarea name="invitation" rows="4" required autocomplete="off"
    spellcheck="false" class="key" @input=${arrange}></textarea></label>
  <details><summary>${t("page-office-elsewhere")}</summary>
    <div class="fields">${storeField(t("page-office-store-here"), false, only)}</div></details>`,
(f) => ask("office-join", {
  invitation: f.invitation.value, store: f.store.value.trim(), keys: storeKeys(f),
}), entered)}
${card("create", t("page-office-create"), t("page-office-create-long"), t("page-office-create-do"), html`
  <div class="fields">
    <label>${t("page-office-name")}<input name="office" maxlength="100" required autocomplete="off"></label>
    <label>${t("page-office-your-name")}<input name="person" maxlength="100" required autocomplete="off"></label>
    <label>${t("page-office-email")}<input name="email" type="email" maxlength="200" autocomplete="off"></label>
    ${storeField(t("page-office-store"), true, only, "store-hint")}</div>
  <p class="hint" id="store-hint">${t(only ? "page-policy-only-store" : "page-office-store-hint")}</p>`,
(f) => ask("office-create", {
  store: f.store.value.trim(), keys: storeKeys(f), office: f.office.value.trim(), name: f.person.value.trim(),
  email: f.email.value.trim(),
}), entered)}
${card("recover", t("page-office-recover"), t("page-office-recover-long"), t("page-office-recover-do"), html`
  <div class="fields">${storeField(t("page-office-store"), true, only)}</div>`,
(f) => ask("office-recover", { store: f.store.value.trim(), keys: storeKeys(f) }), entered)}`;

/**
 * card is one way into an office: a form with fields of its own, and those for the store's keys.
 * @param {string} id
 * @param {string} title
 * @param {string} long what it means
 * @param {string} go
 * @param {Template} own
 * @param {(fields: Fields) => Promise<unknown>} deed
 * @param {() => unknown} entered
 */
function card(id, title, long, go, own, deed, entered) {
  const submit = (/** @type {SubmitEvent} */ e) => send(e, entered, deed);
  return html`<form id=${id} class="card" autocomplete="off" aria-labelledby=${id + "-title"} @submit=${submit}>
    <h2 id=${id + "-title"}>${title}</h2><p>${long}</p>${own}
    ${storeKeyFields(true)}
    <p class="wrong" role="alert"></p>
    <menu><button class="main">${go}</button></menu></form>`;
}

/**
 * storeField is where the store is.
 * @param {string} label
 * @param {boolean} required
 * @param {string} only the one that it must be, if an administrator has fixed it
 * @param {Value} [hint] id of what describes it
 */
function storeField(label, required, only, hint = nothing) {
  return html`<label class="long">${label}<input name="store" maxlength="1000" ?required=${required} autocomplete="off"
    spellcheck="false" aria-describedby=${hint} .defaultValue=${only} ?readonly=${only !== ""}
    @input=${arrange}></label>`;
}

/**
 * Only a store of the s3 kind is opened with keys. Where an invitation leads is not read here: with it they can be
 * given, and need not be.
 * @param {Event} e
 */
function arrange(e) {
  const form = target(e).closest("form");
  if (!form) return;
  const { store, invitation } = fields(form);
  const s3 = store.value.trim().startsWith("s3:") || invitation && leadsToS3(invitation.value);
  one("[data-keys]", HTMLElement, form).hidden = !s3;
}

let busy = false;

/**
 * send does what a form asks for, and says in it what is wrong.
 * @param {SubmitEvent} e
 * @param {() => unknown} entered
 * @param {(fields: Fields) => Promise<unknown>} deed
 */
async function send(e, entered, deed) {
  e.preventDefault();
  if (busy) return;
  busy = true;
  const form = formOf(e);
  const [wrong, button] = [one(".wrong", HTMLElement, form), one(".main", HTMLElement, form)];
  wrong.textContent = "";
  button.setAttribute("aria-disabled", "true");
  try {
    await deed(fields(form));
    entered();
  } catch (problem) {
    if (problem instanceof Problem) wrong.textContent = problem.message; else complain(problem);
  } finally {
    busy = false;
    button.removeAttribute("aria-disabled");
  }
}
