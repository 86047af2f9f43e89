// @ts-check
// What is left of a code's life, as a bar that the browser shortens by itself.
import { html, nothing } from "./lit/lit-html.js";
import { repeat } from "./lit/directives/repeat.js";

/** @import { ShownCode } from "./types.js" */

/**
 * life is a new bar for each code; none for one that does not run out.
 * @param {ShownCode} shown
 */
export function life(shown) {
  if (!shown.until) return nothing;
  const run = `animation-duration:${shown.until - shown.from}ms;animation-delay:${shown.from - shown.came}ms`;
  return repeat([shown], (s) => s.until, () => html`<i class="life" .style=${run}></i>`);
}
