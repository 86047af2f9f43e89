// @ts-check
// The pictures of buttons (SVG), drawn in the colour of the text.
import { svg, html } from "./lit/lit-html.js";

const star = "M8 1.8l1.9 3.9 4.3.6-3.1 3 .7 4.3L8 11.6l-3.8 2 .7-4.3-3.1-3 4.3-.6z";
const sheet = "M10.5 3.2v-.2a1.5 1.5 0 0 0-1.5-1.5H4A1.5 1.5 0 0 0 2.5 3v5A1.5 1.5 0 0 0 4 9.5h.2";
const eye = "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8z";
const dots = "M6 3.5h.01M10 3.5h.01M6 8h.01M10 8h.01M6 12.5h.01M10 12.5h.01";

const paths = {
  copy: svg`<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d=${sheet}/>`,
  person: svg`<circle cx="8" cy="5" r="2.7"/><path d="M2.8 13.5a5.2 5.2 0 0 1 10.4 0"/>`,
  show: svg`<path d=${eye}/><circle cx="8" cy="8" r="2"/>`,
  hide: svg`<path d=${eye}/><path d="M2.5 13.5l11-11"/>`,
  star: svg`<path d=${star}/>`,
  starred: svg`<path d=${star} fill="currentColor"/>`,
  details: svg`<circle cx="8" cy="8" r="6"/><path d="M8 7.3v3.6M8 4.9v.2"/>`,
  grip: svg`<path d=${dots} stroke-width="2"/>`,
  clock: svg`<circle cx="8" cy="8" r="6"/><path d="M8 4.5V8l2.3 1.8"/>`,
  close: svg`<path d="M4 4l8 8M12 4l-8 8"/>`,
};

/** @typedef {keyof typeof paths} Icon */

/**
 * icon is a picture by its name.
 * @param {Icon} name
 */
export const icon = (name) => html`<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" fill="none"
  stroke="currentColor" stroke-width="1.3" stroke-linecap="round" stroke-linejoin="round">${paths[name]}</svg>`;
