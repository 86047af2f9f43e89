// @ts-check
// The keyboard of a data grid (ARIA's role=grid): a roving tabindex, by which one row or cell is in the order of
// tabbing and the arrows lead to the others; a selection, with ranges where they are wanted; and the focus, which stays
// at its row while virtual scrolling makes and drops rows. How a grid looks is its templates' affair, by these rules: a
// row has data-id and, in a grid of cells, each cell data-column; boxes that select have data-select, the one for all
// data-all.
import { Rows } from "./rows.js";
import { data, keyName, target } from "./dom.js";

/**
 * @template R
 * @typedef {object} Options
 * @property {HTMLElement} box scrolls; it has a .body with the rows
 * @property {HTMLElement} home has the focus when no row can have it: the search box
 * @property {(row: R) => string} idOf
 * @property {() => void} draw
 * @property {() => void} selected is called when the selection has changed
 * @property {(row: R) => boolean} [selectable] of what "all" selects; everything if it is not given
 * @property {() => number} [lastColumn] of a grid of cells; in one of rows the focus is on the row
 * @property {boolean} [ranges] Shift selects from where it was pressed first
 * @property {() => boolean} [editing] while this holds, the focus is not moved by drawing
 */

/**
 * Grid has rows of the kind R.
 * @template R
 */
export class Grid {
  /** @type {R[]} */
  shown = [];
  active = ""; // id of the row that has the focus, or would
  column = 0; // the cell in it
  /** @type {Set<string>} */
  selected = new Set();
  #anchor = ""; // where the range began

  /** @param {Options<R>} options */
  constructor(options) {
    this.options = options;
    this.rows = new Rows(options.box, () => this.#draw());
  }

  // slots is how many rows in sight are told apart, so that a row that comes reuses one that went.
  static slots = 200;

  /**
   * drawn are the rows that exist: those in sight, and the active one wherever it is, so that it keeps the focus. Of
   * each there are its index and the slot whose elements it reuses: that is quicker than new ones.
   * @returns {{ row: R, i: number, slot: number | string }[]}
   */
  drawn() {
    const { from, to } = this.rows;
    const list = [];
    for (let i = from; i < to; i++) list.push({ row: this.shown[i], i, slot: i % Grid.slots });
    const i = this.index();
    const away = { row: this.shown[i], i, slot: "away" };
    if (i >= 0 && i < from) return [away, ...list];
    if (i >= to) return [...list, away];
    return list;
  }

  #draw() {
    const { box, home, draw, editing } = this.options;
    const focused = box.querySelector(".body")?.contains(document.activeElement);
    draw();
    // Rows come and go and are used for others; the focus stays at the one that has it.
    if (focused && !editing?.()) (this.place() ?? home).focus({ preventScroll: true });
  }

  /**
   * show has other rows from now on. If the active one is not among them, the one that stands in its place is.
   * @param {R[]} list
   */
  show(list) {
    const at = Math.max(0, Math.min(this.index(), list.length - 1));
    this.shown = list;
    if (this.index() < 0) this.active = list[at] ? this.options.idOf(list[at]) : "";
    this.rows.count = list.length;
    this.rows.show();
  }

  index() { return this.#indexOf(this.active); }

  /** @param {string} id */
  #indexOf(id) { return this.shown.findIndex((row) => this.options.idOf(row) === id); }

  /**
   * elementOf is a row on the screen, if it is there.
   * @param {string} id
   * @returns {HTMLElement | null}
   */
  elementOf(id) { return this.options.box.querySelector(`[data-id="${CSS.escape(id)}"]`); }

  /**
   * place is what has the focus: the active row, or its cell.
   * @returns {HTMLElement | null}
   */
  place() {
    const row = this.elementOf(this.active);
    return row && this.options.lastColumn ? row.querySelector(`[data-column="${this.column}"]`) : row;
  }

  focus() { this.place()?.focus({ preventScroll: true }); }

  /**
   * go makes a row the active one, and a cell in it; with extend the selection grows to it.
   * @param {number} i
   * @param {{ column?: number, extend?: boolean }} [how]
   */
  go(i, { column = this.column, extend = false } = {}) {
    const { box, idOf, lastColumn } = this.options;
    i = Math.max(0, Math.min(i, this.shown.length - 1));
    if (!this.shown[i]) return;
    if (extend) {
      this.#anchor ||= this.active;
      const from = this.#indexOf(this.#anchor);
      this.select(this.shown.slice(Math.min(from, i), Math.max(from, i) + 1).map(idOf), true);
    } else this.#anchor = "";
    this.active = idOf(this.shown[i]);
    this.column = Math.max(0, Math.min(column, lastColumn?.() ?? 0));
    this.rows.reveal(i);
    this.rows.show();
    this.focus();
    if (!lastColumn) return;
    if (this.column > 0) this.place()?.scrollIntoView({ block: "nearest", inline: "nearest" });
    else box.scrollLeft = 0;
  }

  /**
   * select adds rows to the selection, or takes them out.
   * @param {string[]} ids
   * @param {boolean} on
   */
  select(ids, on) {
    for (const id of ids) if (on) this.selected.add(id); else this.selected.delete(id);
    this.rows.show();
    this.options.selected();
  }

  selectNone() {
    this.#anchor = "";
    this.select([...this.selected], false);
  }

  /** @param {boolean} on */
  selectAll(on) {
    const { selectable, idOf } = this.options;
    this.select((selectable ? this.shown.filter(selectable) : this.shown).map(idOf), on);
  }

  /** @param {string} id */
  #toggle(id) { this.select([id], !this.selected.has(id)); }

  /**
   * click selects, if that is what was clicked; else it goes to the row or cell and returns the row.
   * @param {MouseEvent} e
   * @returns {R | null}
   */
  click(e) {
    const place = target(e);
    if (place.closest("[data-all]")) {
      this.selectAll(place instanceof HTMLInputElement && place.checked);
      return null;
    }
    const i = this.#indexOf(data(place, "id") ?? "");
    if (i < 0) return null;
    const extend = Boolean(this.options.ranges) && e.shiftKey;
    const selects = place.closest("[data-select]") !== null;
    if (selects && !extend) this.#toggle(this.options.idOf(this.shown[i]));
    this.go(i, { column: selects ? 0 : Number(data(place, "column") ?? 0), extend });
    return selects ? null : this.shown[i];
  }

  /**
   * press does what a key means here, or else what it means by a table of the grid's own.
   * @param {KeyboardEvent} e
   * @param {Record<string, () => unknown>} own
   */
  press(e, own) {
    const i = this.index();
    const { lastColumn, ranges } = this.options;
    const { id, column } = target(e).dataset;
    if (i < 0 || (lastColumn ? column : id) === undefined) return; // what stands in a row or cell has its own keys
    const extend = Boolean(ranges) && e.shiftKey;
    const last = this.shown.length - 1;
    /** @type {Record<string, () => unknown>} */
    const keys = {
      ArrowDown: () => this.go(i + 1, { extend }), ArrowUp: () => this.go(i - 1, { extend }),
      PageDown: () => this.go(i + this.rows.page, { extend }), PageUp: () => this.go(i - this.rows.page, { extend }),
      ...(lastColumn ? {
        ArrowRight: () => this.go(i, { column: this.column + 1 }),
        ArrowLeft: () => this.go(i, { column: this.column - 1 }),
        Home: () => this.go(i, { column: 0 }), End: () => this.go(i, { column: lastColumn() }),
        "Ctrl+Home": () => this.go(0, { column: 0 }), "Ctrl+End": () => this.go(last),
      } : { Home: () => this.go(0, { extend }), End: () => this.go(last, { extend }) }),
      " ": () => this.#toggle(this.active), "Ctrl+a": () => this.selectAll(true),
      ...own,
    };
    const key = keys[keyName(e)];
    if (!key) return;
    e.preventDefault();
    key();
  }
}
