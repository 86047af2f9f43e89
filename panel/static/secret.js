// @ts-check
// Asks for the PIN or password before something secret is shown or handed out (re-authentication).
import { html, nothing } from "./lit/lit-html.js";
import { t, ask, Problem } from "./kapu.js";
import { openDialog } from "./dialog.js";

/**
 * withSecret does a deed with the PIN or password that the person gives, or with "" if the vault has none. A wrong one
 * is said and asked for again. It returns what the deed returned, or null if the person changed their mind.
 * @template T
 * @param {string} why
 * @param {(secret: string) => Promise<T>} deed
 * @returns {Promise<T | null>}
 */
export async function withSecret(why, deed) {
  const method = await ask("method");
  if (method !== "pin" && method !== "password") return await warned(why) ? deed("") : null;
  const answer = await openDialog({
    name: "secret", title: why, go: t("page-secret-go"),
    body: () => html`<label>${t(method === "pin" ? "page-secret-pin" : "page-secret-password")}
      <input id="secret" name="secret" type="password" inputmode=${method === "pin" ? "numeric" : nothing}
        autocomplete="one-time-code" autofocus aria-describedby="secret-problem"></label>`,
    async deed({ secret: input }) {
      const secret = input.value;
      if (!secret) {
        input.focus();
        return false;
      }
      try {
        return { result: await deed(secret) };
      } catch (e) {
        if (e instanceof Problem) {
          input.value = "";
          input.focus();
        }
        throw e;
      }
    },
  }).done;
  return answer ? answer.result : null;
}

/**
 * warned tells a person whose vault asks nothing what that means, once, and how to be asked. It returns whether they
 * go on.
 * @param {string} why
 */
async function warned(why) {
  if (!await ask("offer-pin")) return true;
  const goesOn = await openDialog({
    name: "offer-pin", title: why, go: t("page-offer-pin-go"), look: "office", calm: true,
    body: () => html`<p>${t("page-offer-pin")}</p><p>${t("page-offer-pin-why")}</p>
      <p><a class="button" href="/settings#protect">${t("page-offer-pin-set")}</a></p>`,
    deed: () => true,
  }).done;
  await ask("pin-offered");
  return goesOn === true;
}
