// @ts-check
// What the pages of the lobby have in common: a form that leads to a vault, and the way on to the agent's page.
import { t, ask, hear, Problem } from "../kapu.js";
import { fields, formOf } from "../dom.js";
import { html, nothing, render } from "../lit/lit-html.js";

/** @import { Fields } from "../dom.js" */
/** @import { Entered } from "../types.js" */
/** @import { Value } from "../lit/lit-html.js" */

// view is that of the agent's page to which this page leads.
export const view = location.pathname.slice(1);

let busy = false;

// Somebody has unlocked, perhaps from the tray; who is just entering here is led on by that.
hear(({ type }) => { if (type === "unlocked" && !busy) ask("unlock", { view }).then(go).catch(() => {}); });

/**
 * go leads on to the agent's page, if there is one.
 * @param {Entered} entered
 */
function go({ link }) { if (link) location.replace(link); }

/**
 * A way in: a form. The body is drawn again after each change.
 * @typedef {object} Way
 * @property {string} id
 * @property {(fields: Fields | null) => Value} body
 * @property {string} go the word on its button
 * @property {(fields: Fields) => Promise<Entered>} deed
 * @property {() => unknown} [stuck] what follows when trying again does not help
 */

/**
 * draw returns the function that draws a way in, and draws it.
 * @param {HTMLElement} place
 * @param {Way} way
 */
export function draw(place, { id, body, go: word, deed, stuck }) {
  let problem = "";
  let wanted = ""; // the method whose secret is asked for here
  const form = () => /** @type {HTMLFormElement | null} */ (place.querySelector("form"));
  const show = () => {
    const now = form();
    render(html`<form id=${id} @submit=${submit} @change=${show} autocomplete="off" aria-busy=${busy}>
      ${body(now ? fields(now) : null)}
      ${wanted ? html`<label>${t(wanted === "pin" ? "page-secret-pin" : "page-secret-password")}
        <input name="current" type="password" maxlength="1000" inputmode=${wanted === "pin" ? "numeric" : nothing}
          autocomplete="one-time-code"></label>` : nothing}
      <p class="wrong" role="alert">${problem || nothing}</p>
      <menu><button class="main" aria-disabled=${busy}>${word}</button></menu></form>`, place);
  };
  const submit = async (/** @type {Event} */ e) => {
    e.preventDefault();
    if (busy) return;
    const given = fields(formOf(e));
    [busy, problem] = [true, ""];
    show();
    try {
      const entered = await deed(given);
      go(entered);
      [problem, wanted] = [entered.stuck ?? "", entered.ask || wanted];
      if (entered.stuck) stuck?.();
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      problem = failure.message;
    } finally {
      busy = false;
      show();
      if (wanted) form()?.querySelector("input")?.focus();
    }
  };
  show();
  return show;
}
