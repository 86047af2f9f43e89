// How the vault is unlocked: shown, and changed by who can open it now.
import { t, ask, notify, onLocked, Problem } from "./kapu.js";

const byId = (id) => document.getElementById(id);
const dialog = byId("protect-dialog");
const form = dialog.querySelector("form");
const wrong = byId("protect-wrong");
const names = { keychain: t("page-keychain"), pin: t("page-pin"), password: t("page-password-lock") };

let method = "keychain";

// protection shows the method that counts.
export function protection(now) {
  method = now;
  byId("method").textContent = names[now];
}

const secrets = () => [form.current, form.secret, form.again];
const forget = () => { for (const input of secrets()) input.value = ""; };

function arrange() {
  const some = form.elements.method.value !== "keychain";
  for (const label of form.querySelectorAll("[data-secret]")) label.hidden = !some;
}

byId("protect").addEventListener("click", () => {
  forget();
  wrong.hidden = true;
  byId("current").hidden = method === "keychain";
  form.elements.method.value = method;
  arrange();
  dialog.showModal();
});
form.addEventListener("change", arrange);
byId("protect-cancel").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", forget);

form.addEventListener("submit", async (e) => {
  e.preventDefault();
  try {
    const chosen = form.elements.method.value;
    const secret = chosen === "keychain" ? "" : form.secret.value;
    if (chosen !== "keychain" && secret !== form.again.value) throw new Problem(t("page-secrets-differ"));
    await ask("protect", { method: chosen, secret, current: method === "keychain" ? "" : form.current.value });
    protection(chosen);
    dialog.close();
    notify(t("page-protected"));
  } catch (e) {
    if (!(e instanceof Problem)) return; // locked
    wrong.textContent = e.message;
    wrong.hidden = false;
  }
});
onLocked(forget);
