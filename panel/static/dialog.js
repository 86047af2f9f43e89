// @ts-check
// The modal dialog: a question in a form, the deed that its answer leads to, and what the deed is refused with. Every
// dialog of the page is one of these.
import { html, render, nothing } from "./lit/lit-html.js";
import { t, Problem } from "./kapu.js";
import { coded } from "./coded.js";
import { fields, one } from "./dom.js";

/** @import { Fields } from "./dom.js" */
/** @import { Value } from "./lit/lit-html.js" */

/**
 * What a dialog asks, and what it does with the answer.
 * @template T
 * @typedef {object} Question
 * @property {string} name what its ids begin with; dialogs that may be open at once have different ones
 * @property {Value} title
 * @property {(fields: Fields | null) => Value} body is drawn again after each change; null is the first time
 * @property {string} [go] the word on the button that does the deed; none if there is nothing to do
 * @property {string} [stop] the word on the other one, if it is not "cancel" or, with no deed, "close"
 * @property {string} [look] its classes
 * @property {boolean} [danger] the deed cannot be taken back, or is one on others: Enter alone does not do it
 * @property {boolean} [calm] the focus is on the title first, so that no key does anything before the person moves it
 * @property {(fields: Fields) => T | false | Promise<T | false>} [deed] one that returns false leaves the dialog open
 * @property {() => HTMLElement | null} [back] where the focus goes, if not back to where it was
 */

/**
 * What is open: when it is over, and a way to draw it again. done has what the deed returned, or null if the person
 * gave up; it fails with what is not a Problem, because that is not said in the dialog.
 * @template T
 * @typedef {{ done: Promise<T | null>, dialog: HTMLDialogElement, show: (problem?: string) => void }} Open
 */

/**
 * openDialog asks something. Whatever the dialog is closed by (its buttons, Escape, its deed), it is gone from the
 * document afterwards, with what was typed into it, and the focus is back.
 * @template T
 * @param {Question<T>} question
 * @returns {Open<T>}
 */
export function openDialog({ name, title, body, go, stop, look = "", danger = false, calm = false, deed, back }) {
  const dialog = document.createElement("dialog");
  dialog.id = name + "-dialog";
  dialog.className = look;
  dialog.setAttribute("aria-labelledby", name + "-title");
  document.body.append(dialog);
  const from = document.activeElement;
  let busy = false;
  let drawn = false;
  /** @type {T | null} */
  let result = null;
  /** @type {unknown} */
  let failure = null;

  const form = () => one("form", HTMLFormElement, dialog);
  const show = (problem = "") => {
    const main = go && html`<button value="ok" class=${danger ? "main bad" : "main"} aria-disabled=${busy}>${
      go}</button>`;
    const other = html`<button type="button" ?autofocus=${danger} @click=${() => dialog.close()}>${
      stop ?? t(go ? "page-cancel" : "page-close")}</button>`;
    render(html`<form @submit=${submit} @change=${() => show()} autocomplete="off">
      <h2 id=${name + "-title"} tabindex=${calm ? -1 : nothing} ?autofocus=${calm}>${title}</h2>
      ${body(drawn ? fields(form()) : null)}
      <p id=${name + "-problem"} class="wrong" role="alert">${problem ? coded(problem) : nothing}</p>
      <menu>${main || nothing}${other}</menu></form>`, dialog);
    drawn = true;
  };
  const submit = async (/** @type {Event} */ e) => {
    e.preventDefault();
    if (busy) return;
    if (!deed) return dialog.close();
    busy = true;
    show();
    try {
      const answer = await deed(fields(form()));
      busy = false;
      if (answer === false) return show();
      result = /** @type {T} */ (answer);
      dialog.close();
    } catch (problem) {
      busy = false;
      if (problem instanceof Problem) return show(problem.message);
      failure = problem;
      dialog.close();
    }
  };

  // The key that opened it does not answer it too, however long it is held.
  let pressed = false;
  dialog.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && e.repeat) e.preventDefault(); else pressed = true;
  });
  dialog.addEventListener("keypress", (e) => { if (e.key === "Enter" && !pressed) e.preventDefault(); });

  /** @type {Promise<T | null>} */
  const done = new Promise((resolve, reject) => dialog.addEventListener("close", () => {
    const notice = dialog.querySelector(".notice");
    if (notice) document.body.append(notice); // what it has said stays to be read
    dialog.remove();
    const to = back ? back() : from;
    if (to instanceof HTMLElement && to.isConnected) to.focus({ preventScroll: true });
    if (failure) reject(failure); else resolve(result);
  }));
  show();
  dialog.showModal();
  return { done, dialog, show };
}

/**
 * confirmed does a deed that cannot be taken back, after saying plainly what comes of it.
 * @template T
 * @param {string} title
 * @param {string[]} sentences
 * @param {string} go
 * @param {() => Promise<T | false>} deed
 */
export const confirmed = (title, sentences, go, deed) => openDialog({
  name: "confirm", title, go, danger: true, deed, look: "office", body: () => sentences.map((s) => html`<p>${s}</p>`),
});

/**
 * affirmed does a deed. If the agent finds it doubtful, the person is told why, and it is done if they say so; null if
 * they do not.
 * @template T
 * @param {(confirmed: boolean) => Promise<T>} deed
 * @returns {Promise<T | null>}
 */
export async function affirmed(deed) {
  try {
    return await deed(false);
  } catch (e) {
    if (!(e instanceof Problem && e.doubtful)) throw e;
    return confirmed(t("page-doubt"), [e.message], t("page-doubt-go"), () => deed(true)).done;
  }
}

/**
 * askDay asks for a last day; "" is none. It is null if the person gave up.
 * @param {object} question
 * @param {Value} question.title
 * @param {string} question.day what is proposed
 * @param {boolean} [question.endless] "indefinite" is an answer too
 * @param {() => HTMLElement | null} [question.back]
 * @returns {Promise<string | null>}
 */
export const askDay = ({ title, day, endless = false, back }) => openDialog({
  name: "day", title, go: t("page-set"), back,
  body: (f) => {
    const none = f?.endless ? f.endless.checked : day === "indefinite";
    return html`<label>${t("page-last-day")}<input name="value" type="date" min="2000-01-01" max="2099-12-31"
        ?autofocus=${!none} ?disabled=${none} .defaultValue=${day === "indefinite" ? "" : day}></label>
      ${endless ? html`<label class="tick"><input type="checkbox" name="endless" ?checked=${none}
        ?autofocus=${none}>${t("page-mandate-endless")}</label>` : nothing}`;
  },
  deed: (f) => f.endless?.checked ? "indefinite" : f.value.value,
}).done;
