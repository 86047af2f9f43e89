// @ts-check
// The groups, in the order of the menu: dragged (drag and drop), or moved by the keyboard.
import { t, ask, onLocked } from "./kapu.js";
import { complain } from "./complain.js";
import { byId, one, option, target } from "./dom.js";
import { fold } from "./fold.js";
import { label } from "./label.js";
import { timeText } from "./times.js";
import { icon } from "./icons.js";
import { html, render, nothing } from "./lit/lit-html.js";
import { repeat } from "./lit/directives/repeat.js";

/** @import { Group } from "./types.js" */

/**
 * A group on the page; key tells it from another of the same name.
 * @typedef {{ key: number, Folder: string, Clients: string[], LockAfter: string }} Edited
 */

const times = ["0s", "1m", "2m", "5m", "10m", "15m", "30m", "1h", "2h"];

/** @param {Event} e */
const valueOf = (e) => /** @type {HTMLInputElement | HTMLSelectElement} */ (e.target).value;

export class Groups {
  /** @type {Edited[]} */
  #groups = [];
  /** @type {Map<string, string>} what a client may be named by, folded → its label, or the name that several bear */
  #known = new Map();
  /** @type {Map<string, string>} label of a client whose name others bear too, folded → its id */
  #ids = new Map();
  #dragged = -1;
  #next = 0;

  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    byId("add-group").addEventListener("click", () => {
      this.#groups.push({ key: this.#next++, Folder: "", Clients: [], LockAfter: "0s" });
      this.#draw();
      this.#focus(this.#groups.length - 1, "[data-folder]");
    });
    onLocked(() => { this.#known.clear(); this.#ids.clear(); this.#groups = []; });
    this.#learn().catch(complain);
  }

  // learn asks for what can be proposed, and for what there is: a name that nobody has is a slip of the pen.
  async #learn() {
    const clients = await ask("clients");
    for (const c of clients) {
      this.#known.set(fold(c.id), label(c));
      if (c.beside) this.#ids.set(fold(label(c)), c.id);
      for (const by of [c.name, c.tax_number]) if (by) this.#known.set(fold(by), c.name);
    }
    /** @param {string[]} values */
    const options = (values) => [...new Set(values)].filter(Boolean).map((v) => option("", v));
    byId("folders").replaceChildren(...options(clients.map((c) => c.folder)));
    byId("clients").replaceChildren(...options(clients.map(label)));
    this.#draw();
  }

  /** @param {Group[]} groups */
  show(groups) {
    this.#groups = groups.map((g) => ({ ...g, Clients: [...g.Clients ?? []], key: this.#next++ }));
    this.#draw();
  }

  /** @returns {Group[]} */
  read() {
    return this.#groups.map((g) => ({ Folder: g.Folder.trim(), Clients: [...g.Clients], LockAfter: g.LockAfter }));
  }

  /**
   * @param {number} i
   * @param {string} what
   */
  #focus(i, what) {
    const found = this.place.querySelectorAll(".group")[i]?.querySelector(what);
    if (found instanceof HTMLElement) found.focus();
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  #move(from, to) {
    if (to < 0 || to >= this.#groups.length || from === to) return;
    this.#groups.splice(to, 0, ...this.#groups.splice(from, 1));
    this.#draw();
    this.#focus(to, ".grip");
    const moved = t("page-group-moved", { Folder: this.#groups[to].Folder, N: to + 1 });
    one("[role=status]", HTMLElement, this.place).textContent = moved;
  }

  /**
   * @param {Edited} g
   * @param {HTMLInputElement} input
   */
  #addClient(g, input) {
    const typed = input.value.trim();
    if (!typed) return;
    const name = this.#ids.get(fold(typed)) ?? typed; // the settings know a client by name, tax number or id
    if (!g.Clients.some((c) => fold(c) === fold(name))) g.Clients.push(name);
    input.value = "";
    this.#draw();
  }

  #draw() {
    const list = repeat(this.#groups, (g) => g.key, (g, i) => this.#group(g, i));
    render(html`<p class="unseen" role="status"></p><ol class="groups">${list}</ol>`, this.place);
  }

  /**
   * @param {Edited} g
   * @param {number} i
   */
  #group(g, i) {
    const named = { Folder: g.Folder || i + 1 };
    const over = (/** @type {Event} */ e) => { if (this.#dragged >= 0) e.preventDefault(); };
    const drop = (/** @type {Event} */ e) => {
      e.preventDefault();
      const from = this.#dragged;
      this.#dragged = -1;
      if (from >= 0) this.#move(from, i);
    };
    const remove = () => {
      this.#groups.splice(i, 1);
      this.#draw();
      byId("add-group").focus();
    };
    const lockTimes = times.includes(g.LockAfter) ? times : [...times, g.LockAfter];
    const lockTime = (/** @type {string} */ time) => html`<option value=${time} ?selected=${time === g.LockAfter}>${
      time === "0s" ? t("page-never") : timeText(time)}</option>`;
    return html`<li class="group" @dragover=${over} @drop=${drop}>
      ${this.#grip(i, named)}
      <label>${t("page-folder")}<input data-folder list="folders" required maxlength="200" autocomplete="off"
        spellcheck="false" .value=${g.Folder} @input=${(/** @type {Event} */ e) => { g.Folder = valueOf(e); }}></label>
      <label>${t("page-group-lock")}<select .value=${g.LockAfter}
        @change=${(/** @type {Event} */ e) => { g.LockAfter = valueOf(e); }}>${lockTimes.map(lockTime)}</select></label>
      <button type="button" class="quiet remove" aria-label=${t("page-group-remove", named)} title=${t("page-remove")}
        @click=${remove}>${icon("close")}</button>
      ${this.#members(g, i, named)}</li>`;
  }

  /**
   * grip is what a group is moved by.
   * @param {number} i
   * @param {{ Folder: string | number }} named
   */
  #grip(i, named) {
    const keys = (/** @type {KeyboardEvent} */ e) => {
      const by = e.key === "ArrowUp" ? -1 : e.key === "ArrowDown" ? 1 : 0;
      if (by) { e.preventDefault(); this.#move(i, i + by); }
    };
    const start = (/** @type {DragEvent} */ e) => {
      this.#dragged = i;
      const group = target(e).closest("li");
      if (!e.dataTransfer || !group) return;
      e.dataTransfer.effectAllowed = "move";
      e.dataTransfer.setDragImage(group, 0, 0);
    };
    return html`<button type="button" class="quiet grip" draggable="true" title=${t("page-group-move")}
      aria-label=${t("page-group-move-one", named)} @keydown=${keys} @dragstart=${start}
      @dragend=${() => { this.#dragged = -1; }}>${icon("grip")}</button>`;
  }

  /**
   * members are the clients in a group, and the way for others into it.
   * @param {Edited} g
   * @param {number} i
   * @param {{ Folder: string | number }} named
   */
  #members(g, i, named) {
    const chip = (/** @type {string} */ c, /** @type {number} */ n) => {
      const unknown = this.#known.size > 0 && !this.#known.has(fold(c));
      const out = () => {
        g.Clients.splice(n, 1);
        this.#draw();
        this.#focus(i, "[data-client]");
      };
      return html`<li class=${unknown ? "unknown" : ""}><bdi>${this.#known.get(fold(c)) ?? c}</bdi>${
        unknown ? html` <small>${t("page-group-unknown")}</small>` : nothing}<button type="button" class="quiet"
        aria-label=${t("page-group-out", { Client: c })} @click=${out}>${icon("close")}</button></li>`;
    };
    const add = (/** @type {Event} */ e) => this.#addClient(g, /** @type {HTMLInputElement} */ (e.target));
    // Enter adds a client and submits nothing. Where the browser's own list takes its keydown, the keypress comes here.
    const keys = (/** @type {KeyboardEvent} */ e) => { if (e.key === "Enter") { e.preventDefault(); add(e); } };
    return html`<div class="members"><ul>${g.Clients.map(chip)}</ul>
      <input data-client list="clients" maxlength="200" autocomplete="off" spellcheck="false"
        placeholder=${t("page-group-add-client")} aria-label=${t("page-group-add-client-to", named)}
        @keydown=${keys} @keypress=${keys} @change=${add}></div>`;
  }
}
