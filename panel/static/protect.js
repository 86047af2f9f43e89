// @ts-check
// How the vault is unlocked: shown, and changed by who can open it now.
import { html, nothing } from "./lit/lit-html.js";
import { t, ask, notify, Problem } from "./kapu.js";
import { complain } from "./complain.js";
import { byId } from "./dom.js";
import { openDialog } from "./dialog.js";

/** @type {Record<string, string>} */
const names = { keychain: t("page-keychain"), pin: t("page-pin"), password: t("page-password-lock") };

let method = "keychain";

/**
 * protection shows the method that counts.
 * @param {string} now
 */
export function protection(now) {
  method = now;
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
const choice = (name) => html`<label class="tick"><input type="radio" name="method" value=${name}
  ?checked=${name === method}><span>${names[name]}${
    name === "keychain" ? html` <small>${t("page-keychain-asks")}</small>` : nothing}</span></label>`;

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
    await ask("protect", { method: chosen, secret: wanted, current: method === "keychain" ? "" : f.current.value });
    protection(chosen);
    notify(t("page-protected"));
  },
}).done.catch(complain));
