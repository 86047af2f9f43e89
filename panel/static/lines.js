// @ts-check
// The table of the log and of the journal: lines by virtual scrolling, filtered by a client's name and by days.
import { t, onLocked } from "./kapu.js";
import { byId, input, one } from "./dom.js";
import { momentText } from "./dates.js";
import { keyOf, lines, parse } from "./words.js";
import { Rows } from "./rows.js";
import { html, render, nothing } from "./lit/lit-html.js";

/** @import { Template, Value } from "./lit/lit-html.js" */
/** @import { SearchKey } from "./types.js" */
/** @typedef {{ at: number, day: string, act: string, name: string, many: string }} Line */

const [query, from, until] = [input("query"), input("from"), input("until")];

/**
 * Lines has lines of the kind L.
 * @template {Line} L
 */
export class Lines {
  /** @type {L[]} */
  #all = [];
  #loaded = false;
  /** @type {L[]} */
  #shown = [];
  /** @type {Map<string, SearchKey>} of names, memoized: they are indexed when they are first searched */
  #keys = new Map();
  #box = one(".grid", HTMLElement);
  #body = one(".body", HTMLElement);
  #empty = one(".empty", HTMLElement);
  #rows = new Rows(this.#box, (first, end) => this.#draw(first, end));

  /**
   * @param {(line: L, i: number, height: number) => Template} template of a line, by its index and a row's height
   * @param {(line: L) => boolean} [also] whether a line is shown, besides what the query and the days say
   */
  constructor(template, also = () => true) {
    this.template = template;
    this.also = also;
    for (const field of [query, from, until]) field.addEventListener("input", () => this.refresh());
    onLocked(() => { this.#all = this.#shown = []; this.#keys.clear(); });
  }

  /** @param {L[]} lines */
  set(lines) {
    [this.#all, this.#loaded] = [lines, true];
    this.#keys.clear();
    this.#filter();
    performance.mark("rows");
  }

  // refresh shows from the first line on what is looked for now.
  refresh() {
    this.#box.scrollTop = 0;
    this.#filter();
  }

  #filter() {
    if (!this.#loaded) return;
    const wanted = parse(query.value);
    const [first, last] = [from.value, until.value];
    const inDays = this.#all.filter(({ day }) => day >= first && (!last || day <= last));
    this.#shown = inDays.filter((l) => this.also(l) && wanted(this.#key(l.name)));
    byId("count").textContent = t("page-log-lines", { N: this.#shown.length });
    this.#empty.hidden = this.#shown.length > 0;
    this.#empty.textContent = t(this.#all.length > 0 ? "page-log-none-found" : "page-log-none");
    this.#rows.count = this.#shown.length;
    this.#rows.show();
  }

  /** @param {string} name */
  #key(name) {
    let key = this.#keys.get(name);
    if (!key) this.#keys.set(name, key = keyOf(lines(name), ""));
    return key;
  }

  /**
   * @param {number} first
   * @param {number} end
   */
  #draw(first, end) {
    const { height } = this.#rows;
    this.#body.style.height = this.#shown.length * height + "px";
    this.#box.setAttribute("aria-rowcount", String(this.#shown.length + 1));
    render(this.#shown.slice(first, end).map((l, i) => this.template(l, first + i, height)), this.#body);
  }
}

/**
 * line is the template of a line.
 * @param {Line} line
 * @param {number} i its index
 * @param {number} height of a row, in pixels
 * @param {Value} by who did it
 */
export const line = ({ at, act, name, many }, i, height, by) => html`<div role="row" aria-rowindex=${i + 2}
  .style=${`transform:translateY(${i * height}px)`}>
  <div role="cell" class="when"><time>${momentText(at)}</time></div><div role="cell" class="act">${act}</div>
  <div role="cell" class="name"><bdi title=${name || nothing}>${many} ${name}</bdi></div>
  <div role="cell" class="by">${by}</div></div>`;
