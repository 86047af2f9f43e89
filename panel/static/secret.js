// Asks for the PIN or password before something secret is shown or handed out.
import { html, render, nothing } from "./lit/lit-html.js";
import { t, ask, Problem } from "./kapu.js";

// withSecret does a deed with the PIN or password that the person gives, or with "" if the vault has none. A wrong one
// is said and asked for again. It returns what the deed returned, or null if the person changed their mind.
export async function withSecret(why, deed) {
  const method = await ask("method");
  if (method !== "pin" && method !== "password") return deed("");
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "secret-title");
  document.body.append(dialog);
  return new Promise((resolve, reject) => {
    let result = null;
    let busy = false;
    const show = (problem) => render(html`<form @submit=${submit} autocomplete="off">
      <h2 id="secret-title">${why}</h2>
      <label>${t(method === "pin" ? "page-secret-pin" : "page-secret-password")}
        <input id="secret" type="password" inputmode=${method === "pin" ? "numeric" : nothing} autocomplete="one-time-code" autofocus aria-describedby="secret-problem"></label>
      <p id="secret-problem" class="wrong" role="alert">${problem ?? nothing}</p>
      <menu><button class="main" aria-disabled=${busy}>${t("page-secret-go")}</button><button type="button" @click=${() => dialog.close()}>${t("page-cancel")}</button></menu>
    </form>`, dialog);
    const submit = async (e) => {
      e.preventDefault();
      if (busy) return;
      const input = dialog.querySelector("input");
      const secret = input.value;
      if (!secret) return input.focus();
      busy = true;
      show();
      try {
        result = await deed(secret);
        dialog.close();
      } catch (problem) {
        busy = false;
        if (!(problem instanceof Problem)) { reject(problem); return dialog.close(); }
        show(problem.message);
        input.value = "";
        input.focus();
      }
    };
    dialog.addEventListener("close", () => { dialog.remove(); resolve(result); });
    show();
    dialog.showModal();
  });
}
