// @ts-check
// How the vault is unlocked: shown, and changed by who can open it now.
import { html, nothing } from "./lit/lit-html.js";
import { t, ask, notify, Problem } from "./kapu.js";
import { complain } from "./complain.js";
import { byId } from "./dom.js";
import { openDialog } from "./dialog.js";
import { allowed } from "./policy.js";

/** @type {Record<string, string>} */
const names = { keychain: t("page-keychain"), pin: t("page-pin"), password: t("page-password-lock") };

/** @import { Policy } from "./types.js" */

let method = "keychain";
/** @type {Policy | null} */
let policy = null;

/**
 * protection shows the method that counts.
 * @param {string} now
 * @param {Policy} decided by an administrator
 */
export function protection(now, decided) {
  method = now;
  policy = decided;
  byId("method").textContent = names[now];
  byId("method-asks").hidden = now !== "keychain";
  wanted();
}

// wanted opens the question for who was led here to set a PIN.
function wanted() {
  if (location.hash !== "#protect") return;
  history.replaceState(null, "", location.pathname);
  byId("protect").click();
}
addEventListener("hashchange", wanted);

/**
 * @param {string} name
 * @param {string} label
 */
const secret = (name, label) => html`<label>${label}<input name=${name} type="password" autocomplete="one-time-code"
  maxlength="1000"></label>`;

/** @param {string} name */
const may = (name) => !policy || allowed(policy, name);

/**
 * choice is one method, with what the person should know of it. What an administrator does not allow can be read, and
 * not chosen.
 * @param {string} name
 */
const choice = (name) => html`<label class="tick"><input type="radio" name="method" value=${name}
  ?checked=${name === method} aria-disabled=${may(name) ? nothing : "true"}
  aria-describedby=${may(name) ? nothing : "no-" + name}
  @click=${(/** @type {Event} */ e) => { if (!may(name)) e.preventDefault(); }}><span>${
    names[name]} ${about(name)}</span></label>`;

/** @param {string} name */
function about(name) {
  if (!may(name)) return html`<small id=${"no-" + name}>${t("page-policy-method")}</small>`;
  return name === "keychain" ? html`<small>${t("page-keychain-asks")}</small>` : nothing;
}

byId("protect").addEventListener("click", () => openDialog({
  name: "protect", title: t("page-protect"), go: t("page-set"), look: "office",
  body: (f) => html`${method === "keychain" ? nothing : secret("current", t("page-protect-now"))}
    <fieldset><legend>${t("page-protect-new")}</legend>${Object.keys(names).map(choice)}</fieldset>
    ${(f?.method.value ?? method) === "keychain" ? nothing :
      [secret("secret", t("page-secret-new")), secret("again", t("page-secret-again"))]}`,
  async deed(f) {
    const chosen = f.method.value;
    const wanted = chosen === "keychain" ? "" : f.secret.value;
    if (chosen !== "keychain" && wanted !== f.again.value) throw new Problem(t("page-secrets-differ"));
    await ask("protect", { method: chosen, secret: wanted }, { secret: method === "keychain" ? "" : f.current.value });
    if (policy) protection(chosen, policy);
    notify(t("page-protected"));
  },
}).done.catch(complain));
