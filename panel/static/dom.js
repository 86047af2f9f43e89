// @ts-check
// Typed look-ups in the document.

/**
 * one is the element that a template of ours has; that it is not there, or is another, is an error of the page.
 * @template {Element} T
 * @param {string} selector
 * @param {new () => T} kind
 * @param {ParentNode} [within]
 * @returns {T}
 */
export function one(selector, kind, within = document) {
  const found = within.querySelector(selector);
  if (!(found instanceof kind)) throw new TypeError(`no ${kind.name} is ${selector}`);
  return found;
}

/**
 * byId is the element with an id.
 * @param {string} id
 */
export const byId = (id) => one("#" + id, HTMLElement);

/**
 * input is the input with an id.
 * @param {string} id
 */
export const input = (id) => one("#" + id, HTMLInputElement);

/**
 * target is the element that an event is about. Only elements send the events that are listened to here.
 * @param {Event} event
 */
export const target = (event) => /** @type {HTMLElement} */ (event.target);

/**
 * data is a value among the data attributes of the nearest element around a place that has it.
 * @param {HTMLElement} place
 * @param {string} name
 * @returns {string | undefined}
 */
export function data(place, name) {
  const found = place.closest(`[data-${name}]`);
  return found instanceof HTMLElement ? found.dataset[name] : undefined;
}

/**
 * Fields are a form's controls by their names. A group of radio buttons is one of them, with the value that is chosen;
 * every kind has a value, and only a box is checked.
 * @typedef {Record<string, HTMLInputElement>} Fields
 */

/**
 * fields are the controls of a form.
 * @param {HTMLFormElement} form
 * @returns {Fields}
 */
export const fields = (form) => /** @type {Fields} */ (/** @type {unknown} */ (form.elements));

/**
 * form is the form that an event of a form is about.
 * @param {Event} event
 */
export const formOf = (event) => /** @type {HTMLFormElement} */ (event.currentTarget ?? event.target);

/**
 * keyName is a key with the modifier that commands have: "Ctrl+a" of Command-A too.
 * @param {KeyboardEvent} event
 */
export const keyName = (event) => (event.ctrlKey || event.metaKey ? "Ctrl+" : "") + event.key;

/**
 * focusBySlash lets "/" lead to the search box, but for who is typing.
 * @param {HTMLInputElement} query
 */
export function focusBySlash(query) {
  document.addEventListener("keydown", (e) => {
    if (e.key !== "/" || target(e).matches("input") || document.querySelector("dialog[open]")) return;
    e.preventDefault();
    query.select();
    query.focus();
  });
}

/**
 * option is a choice of a list.
 * @param {string} text
 * @param {string} value
 */
export const option = (text, value) => new Option(text, value);
