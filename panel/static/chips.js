// @ts-check
// The filters above the clients' table (faceted search): a folder, and chips that narrow the list. Each tells how many
// clients it would leave beside the others and the search.
import { html, render, nothing } from "./lit/lit-html.js";
import { t } from "./kapu.js";
import { urgency } from "./dates.js";
import { soon } from "./texts.js";

/** @import { Client } from "./types.js" */

/**
 * A chip. Chips of one facet widen each other (either is enough), those of different facets narrow.
 * @typedef {{ id: string, facet: number, title: string, has: (c: Client) => boolean }} Chip
 */

/**
 * runs says whether one of a client's last days is as near as that.
 * @param {"soon" | "over"} how
 * @returns {(c: Client) => boolean}
 */
const runs = (how) => (c) => urgency(c.mandate_until) === how || urgency(c.password_until) === how;

/** @type {Chip[]} */
const chips = [
  { id: "favourite", facet: 0, title: t("page-favourite"), has: (c) => c.favourite },
  { id: "soon", facet: 1, title: t("page-chip-soon", { N: soon }), has: runs("soon") },
  { id: "over", facet: 1, title: t("page-chip-over"), has: runs("over") },
  { id: "no-mandate", facet: 2, title: t("page-chip-no-mandate"), has: (c) => !c.mandate_until },
  { id: "shared", facet: 3, title: t("page-chip-shared"), has: (c) => c.right !== "" },
  { id: "duplicates", facet: 4, title: t("page-duplicates"), has: (c) => Boolean(c.duplicate) },
];
const duplicates = 4; // the facet of what takes two

/**
 * inPairs are those of a list who may be the same as others of it, side by side.
 * @param {Client[]} list
 */
function inPairs(list) {
  const classes = Map.groupBy(list.filter((c) => c.duplicate), (c) => c.duplicate);
  return [...classes.values()].filter((same) => same.length > 1).flat();
}

/** Chips are the filters that are chosen. */
export class Chips {
  /** @type {Set<string>} */
  #on = new Set();
  /** @type {string | null} "" is in none */
  #folder = null;

  /**
   * @param {HTMLElement} place
   * @param {() => void} changed
   */
  constructor(place, changed) {
    this.place = place;
    this.changed = changed;
  }

  get some() { return this.#on.size > 0 || this.#folder !== null; }

  /** @param {string} id */
  has(id) { return this.#on.has(id); }

  clear() {
    this.#on.clear();
    this.#folder = null;
  }

  /**
   * of are the clients of a list that the filters leave.
   * @param {Client[]} list
   * @param {{ on?: Set<string>, folder?: string | null }} [instead] of what is chosen
   */
  of(list, { on = this.#on, folder = this.#folder } = {}) {
    /** @type {Chip[][]} */
    const facets = [];
    for (const chip of chips) if (on.has(chip.id)) (facets[chip.facet] ??= []).push(chip);
    const left = list.filter((c) => (folder === null || c.folder === folder) &&
      facets.every((facet) => facet.some((chip) => chip.has(c))));
    return facets[duplicates] ? inPairs(left) : left;
  }

  /**
   * draw shows the filters that can leave anybody, with their numbers.
   * @param {Client[]} all
   * @param {Client[]} found what the search leaves of them
   * @param {string[]} folders
   */
  draw(all, found, folders) {
    const offered = chips.filter((chip) => this.#on.has(chip.id) || all.some(chip.has));
    render(html`${folders.length > 0 || this.#folder ? this.#folders(found, folders) : nothing}
      ${offered.map((chip) => this.#chip(chip, found))}
      ${this.some ? html`<button type="button" class="quiet" data-chip="" @click=${() => this.#clear()}>${
        t("page-chips-clear")}</button>` : nothing}`, this.place);
  }

  /**
   * @param {Chip} chip
   * @param {Client[]} found
   */
  #chip({ id, facet, title }, found) {
    const others = [...this.#on].filter((other) => chips.find((c) => c.id === other)?.facet !== facet);
    const n = this.of(found, { on: new Set([...others, id]) }).length;
    const toggle = () => {
      if (!this.#on.delete(id)) this.#on.add(id);
      this.changed();
    };
    return html`<button type="button" data-chip=${id} aria-pressed=${this.#on.has(id)} class=${n ? "" : "none"}
      @click=${toggle}>${title} <small>${n}</small></button>`;
  }

  /**
   * @param {Client[]} found
   * @param {string[]} folders
   */
  #folders(found, folders) {
    /** @type {Map<string, number>} */
    const counts = new Map();
    const left = this.of(found, { folder: null });
    for (const { folder } of left) counts.set(folder, (counts.get(folder) ?? 0) + 1);
    const option = (/** @type {string} */ folder, /** @type {string} */ title) => html`<option value=${"in " + folder}
      .selected=${this.#folder === folder}>${title} (${counts.get(folder) ?? 0})</option>`;
    const choose = (/** @type {Event} */ e) => {
      const { value } = /** @type {HTMLSelectElement} */ (e.target);
      this.#folder = value ? value.slice("in ".length) : null;
      this.changed();
    };
    return html`<select data-chip="folder" aria-label=${t("page-folder")} class=${this.#folder === null ? "" : "on"}
      @change=${choose}><option value="" .selected=${this.#folder === null}>${t("page-chip-all-folders")}</option>${
        folders.map((folder) => option(folder, folder))}${option("", t("page-chip-no-folder"))}</select>`;
  }

  // clear takes all filters away; the button that did it is gone then.
  #clear() {
    this.clear();
    this.changed();
    const first = this.place.querySelector("button, select");
    if (first instanceof HTMLElement) first.focus();
  }
}
