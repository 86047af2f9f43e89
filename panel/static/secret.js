// @ts-check
// Asks for the PIN or password before a key, or a right to one, is shown or handed out (step-up authentication).
import { html, nothing } from "./lit/lit-html.js";
import { t, ask, onAsked, Problem } from "./kapu.js";
import { coded } from "./coded.js";
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
  return secretDialog(method, why, "", deed);
}

// The agent asks where this page did not know that it would: a change may let others read a key.
onAsked(async (why, again) => {
  const method = await ask("method");
  const title = t(method === "pin" ? "page-secret-asked-pin" : "page-secret-asked-password");
  const answer = await secretDialog(method, title, why, again);
  if (answer === null) throw new Problem(t("page-secret-none"));
  return answer;
});

/**
 * @template T
 * @param {string} method
 * @param {string} title
 * @param {string} sentence what it is about, if the title does not say so
 * @param {(secret: string) => Promise<T>} deed
 * @returns {Promise<T | null>}
 */
async function secretDialog(method, title, sentence, deed) {
  const answer = await openDialog({
    name: "secret", title, go: t("page-secret-go"), look: sentence ? "office" : "",
    body: () => html`${sentence ? html`<p>${coded(sentence)}</p>` : nothing}
      <label>${t(method === "pin" ? "page-secret-pin" : "page-secret-password")}
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
        if (!(e instanceof Problem && e.asked)) return { failure: e }; // of the deed, for who wants it
        input.value = "";
        input.focus();
        throw e;
      }
    },
  }).done;
  if (!answer) return null;
  if ("failure" in answer) throw answer.failure;
  return answer.result;
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
