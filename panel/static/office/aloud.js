// @ts-check
// What two people read to each other over the telephone: words or groups of digits, three to a line.
import { html } from "../lit/lit-html.js";

const inLine = 3;

/**
 * aloud shows them. As text they are what was given, so that they can be copied whole.
 * @param {string} text
 * @param {string} [id]
 */
export function aloud(text, id = "") {
  const parts = text.split(" ");
  const lines = [];
  while (parts.length > 0) lines.push(parts.splice(0, inLine).join(" "));
  return html`<p class="words" id=${id}>${lines.map((line, i) => html`${i > 0 ? " " : ""}<span>${line}</span>`)}</p>`;
}
