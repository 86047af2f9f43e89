// How the table of rights looks, as a function of what matrix.js knows.
import { html, render, nothing } from "../lit/lit-html.js";
import { repeat } from "../lit/directives/repeat.js";
import { t } from "../kapu.js";
import { icon } from "../icons.js";
import { untilText } from "../dates.js";
import { rightText } from "./office.js";

let box, headRow, body, empty;

// frame makes the table once; its rows come and go.
export function frame(place) {
  render(html`<div class="grid" role="grid" aria-label=${t("page-office-rights")} aria-multiselectable="true">
    <div role="rowgroup" class="head"></div><div role="rowgroup" class="body"></div></div><p class="empty" hidden></p>`, place);
  [box, headRow, body, empty] = [place.querySelector(".grid"), place.querySelector(".head"), place.querySelector(".body"), place.querySelector(".empty")];
  return box;
}

export function drawRows(view, height) {
  box.style.setProperty("--members", view.members.length);
  box.setAttribute("aria-colcount", view.members.length + 1);
  box.setAttribute("aria-rowcount", view.shown.length + 1);
  const some = view.selected.size > 0;
  const all = some && view.selected.size >= view.shown.filter((r) => r.kind !== "all").length;
  render(html`<div role="row" aria-rowindex="1"><div role="columnheader" class="first"><input type="checkbox" data-all tabindex="-1" aria-label=${t("page-select-all")} .checked=${all} .indeterminate=${some && !all}>${t("page-name")}</div>
    ${view.members.map((m) => html`<div role="columnheader"><bdi title=${m.name}>${m.name}</bdi></div>`)}</div>`, headRow);
  const list = [];
  for (let i = view.from; i < view.to; i++) list.push([view.shown[i], i]);
  const active = view.shown.findIndex((r) => r.key === view.active);
  if (active >= 0 && active < view.from) list.unshift([view.shown[active], active]);
  if (active >= view.to) list.push([view.shown[active], active]);
  render(repeat(list, ([, i]) => i < view.from || i >= view.to ? "away" : i % 200, ([r, i]) => row(view, r, i, height)), body);
  body.style.height = view.shown.length * height + "px";
  empty.hidden = view.shown.length > 0;
  empty.textContent = t(document.getElementById("query").value ? "page-none-found" : "page-office-no-clients");
}

function row(view, r, i, height) {
  const selected = view.selected.has(r.key);
  const tab = (column) => r.key === view.active && column === view.column ? 0 : -1;
  return html`<div role="row" data-key=${r.key} aria-rowindex=${i + 2} aria-selected=${selected} class=${r.kind + (r.key === view.active ? " active" : "")} .style=${`transform:translateY(${i * height}px)`}>
    <div role="gridcell" class="first" data-column="0" tabindex=${tab(0)} aria-expanded=${r.kind === "folder" ? r.open : nothing}>
      <input type="checkbox" data-select tabindex="-1" .checked=${selected} aria-label=${t("page-select-one", { Client: r.name })}>
      ${r.kind === "folder" ? html`<span class="arrow" aria-hidden="true">${r.open ? "▾" : "▸"}</span>` : nothing}<bdi title=${r.name}>${r.name}</bdi>${r.kind === "folder" ? html`<small>${r.n}</small>` : nothing}</div>
    ${view.members.map((m, at) => cell(view.rights.at(m.id, r), at + 1, tab(at + 1)))}</div>`;
}

// cell says the right, and with a sign and in words where it comes from if not from here.
function cell({ right, through, until }, column, tab) {
  const why = through === "admin" ? t("page-office-through-admin") : through === "all" ? t("page-office-through-all") : through ? t("page-office-through-folder", { Folder: through }) : "";
  const end = until ? t("page-office-right-until", { Day: untilText(until) }) : "";
  const words = [why, end].filter(Boolean).join(", ");
  return html`<div role="gridcell" data-column=${column} tabindex=${tab} class=${`right ${right || "none"}${through ? " through" : ""}`} title=${words || nothing}>${rightText[right]}${
    until ? icon("clock") : nothing}${words ? html`<span class="unseen">, ${words}</span>` : nothing}</div>`;
}
