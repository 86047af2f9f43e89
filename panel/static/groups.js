// The groups, in the order of the menu: dragged, or moved by the keyboard.
import { t, ask, onLocked, complain } from "./kapu.js";
import { fold } from "./fold.js";
import { timeText } from "./times.js";
import { icon } from "./icons.js";
import { html, render, nothing } from "./lit/lit-html.js";
import { repeat } from "./lit/directives/repeat.js";

const times = ["0s", "1m", "2m", "5m", "10m", "15m", "30m", "1h", "2h"];

export class Groups {
  constructor(place) {
    Object.assign(this, { place, groups: [], known: new Map(), dragged: -1, next: 0 });
    document.getElementById("add-group").addEventListener("click", () => {
      this.groups.push({ key: this.next++, Folder: "", Clients: [], LockAfter: "0s" });
      this.draw();
      this.focus(this.groups.length - 1, "[data-folder]");
    });
    onLocked(() => { this.known.clear(); this.groups = []; });
    this.learn().catch(complain);
  }

  // learn asks for what can be proposed, and for what there is: a name that nobody has is a slip of the pen.
  async learn() {
    const clients = await ask("clients");
    for (const [id, name, tax] of clients) for (const by of [id, name, tax]) if (by) this.known.set(fold(by), name);
    const options = (values) => [...new Set(values)].filter(Boolean).map((v) => new Option("", v));
    document.getElementById("folders").replaceChildren(...options(clients.map((c) => c[3])));
    document.getElementById("clients").replaceChildren(...options(clients.map((c) => c[1])));
    this.draw();
  }

  show(groups) {
    this.groups = groups.map((g) => ({ ...g, Clients: [...g.Clients ?? []], key: this.next++ }));
    this.draw();
  }

  read() { return this.groups.map(({ Folder, Clients, LockAfter }) => ({ Folder: Folder.trim(), Clients: [...Clients], LockAfter })); }

  focus(i, what) { this.place.querySelectorAll(".group")[i]?.querySelector(what)?.focus(); }

  move(from, to, what) {
    if (to < 0 || to >= this.groups.length || from === to) return;
    this.groups.splice(to, 0, ...this.groups.splice(from, 1));
    this.draw();
    this.focus(to, what);
    this.place.querySelector("[role=status]").textContent = t("page-group-moved", { Folder: this.groups[to].Folder, N: to + 1 });
  }

  addClient(g, input) {
    const name = input.value.trim();
    if (!name) return;
    if (!g.Clients.some((c) => fold(c) === fold(name))) g.Clients.push(name);
    input.value = "";
    this.draw();
  }

  draw() {
    render(html`<p class="unseen" role="status"></p><ol class="groups">${repeat(this.groups, (g) => g.key, (g, i) => this.group(g, i))}</ol>`, this.place);
  }

  group(g, i) {
    const named = { Folder: g.Folder || i + 1 };
    const keys = (e) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[e.key];
      if (by) { e.preventDefault(); this.move(i, i + by, ".grip"); }
    };
    const chip = (c, n) => html`<li class=${this.known.size > 0 && !this.known.has(fold(c)) ? "unknown" : ""}><bdi>${this.known.get(fold(c)) ?? c}</bdi>${
      this.known.size > 0 && !this.known.has(fold(c)) ? html` <small>${t("page-group-unknown")}</small>` : nothing}<button type="button" class="quiet" aria-label=${t("page-group-out", { Client: c })}
      @click=${() => { g.Clients.splice(n, 1); this.draw(); this.focus(i, "[data-client]"); }}>${icon("close")}</button></li>`;
    return html`<li class="group" @dragover=${(e) => { if (this.dragged >= 0) e.preventDefault(); }}
      @drop=${(e) => { e.preventDefault(); const from = this.dragged; this.dragged = -1; if (from >= 0) this.move(from, i, ".grip"); }}>
      <button type="button" class="quiet grip" draggable="true" title=${t("page-group-move")} aria-label=${t("page-group-move-one", named)} @keydown=${keys}
        @dragstart=${(e) => { this.dragged = i; e.dataTransfer.effectAllowed = "move"; e.dataTransfer.setDragImage(e.target.closest("li"), 0, 0); }}
        @dragend=${() => { this.dragged = -1; }}>${icon("grip")}</button>
      <label>${t("page-folder")}<input data-folder list="folders" required maxlength="200" autocomplete="off" spellcheck="false" .value=${g.Folder} @input=${(e) => { g.Folder = e.target.value; }}></label>
      <label>${t("page-group-lock")}<select .value=${g.LockAfter} @change=${(e) => { g.LockAfter = e.target.value; }}>${
        (times.includes(g.LockAfter) ? times : [...times, g.LockAfter]).map((time) => html`<option value=${time} ?selected=${time === g.LockAfter}>${time === "0s" ? t("page-never") : timeText(time)}</option>`)}</select></label>
      <button type="button" class="quiet remove" aria-label=${t("page-group-remove", named)} title=${t("page-remove")} @click=${() => { this.groups.splice(i, 1); this.draw(); document.getElementById("add-group").focus(); }}>${icon("close")}</button>
      <div class="members"><ul>${g.Clients.map(chip)}</ul>
      <input data-client list="clients" maxlength="200" autocomplete="off" spellcheck="false" placeholder=${t("page-group-add-client")} aria-label=${t("page-group-add-client-to", named)}
        @keydown=${(e) => { if (e.key === "Enter") { e.preventDefault(); this.addClient(g, e.target); } }} @change=${(e) => this.addClient(g, e.target)}></div></li>`;
  }
}
