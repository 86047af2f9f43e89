// @ts-check
import { html } from "./lit/lit-html.js";

/**
 * coded is a sentence of the agent as the page shows it: what it quotes between backticks is a command.
 * @param {string} sentence
 */
export const coded = (sentence) => sentence.split("`").map((part, i) => i % 2 ? html`<code>${part}</code>` : part);
