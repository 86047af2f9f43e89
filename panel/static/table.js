// How the table of clients looks, as a function of what clients.js knows.
import { html, render, nothing } from "./lit/lit-html.js";
import { repeat } from "./lit/directives/repeat.js";
import { t } from "./kapu.js";
import { dayText, urgency, urgencyText, usedText } from "./dates.js";
import { grouped } from "./copy.js";
import { icon } from "./icons.js";
import { mark, markWord } from "./mark.js";

// columns in order: field, title, and the kind of its input; what has none is not edited.
const columns = [
  ["name", t("page-name"), "text"], ["tax_number", t("page-tax-number"), "text"], ["folder", t("page-folder"), "text"],
  ["user_name", t("page-user-name"), "text"], ["service", t("page-service"), "text"],
  ["mandate_until", t("page-mandate"), "date"], ["password_until", t("page-password"), "date"], ["used", t("page-used"), ""],
];

const most = 200; // rows in sight, at the very least

let headRow, body, empty;

// frame makes the table once; its rows come and go.
export function frame(place, view) {
  render(html`<div class="grid" role="grid" aria-label=${t("page-clients")} aria-multiselectable="true" aria-colcount="11">
    <div role="rowgroup" class="head"></div><div role="rowgroup" class="body"></div></div>
    <p class="empty" hidden></p>`, place);
  [headRow, body, empty] = [place.querySelector(".head"), place.querySelector(".body"), place.querySelector(".empty")];
  head(view);
}

// head draws the titles, which sort.
export function head(view) {
  const direction = (by) => view.sort.by !== by ? "none" : view.sort.down ? "descending" : "ascending";
  const title = ([field, text]) => {
    const by = field === "name" ? "order" : field;
    return html`<div role="columnheader" class=${field} aria-sort=${direction(by)}><button type="button" data-sort=${by} tabindex="-1">${text}</button></div>`;
  };
  render(html`<div role="row" aria-rowindex="1">
    <div role="columnheader" class="check"><input type="checkbox" data-all tabindex="-1" aria-label=${t("page-select-all")}></div>
    <div role="columnheader" class="star"><span class="unseen">${t("page-favourite")}</span></div>
    ${columns.map(title)}<div role="columnheader" class="code">${t("page-code")}</div></div>`, headRow);
}

// drawRows draws the rows in sight, and the active one wherever it is, so that it keeps the focus.
export function drawRows(view, height) {
  const list = [];
  for (let i = view.from; i < view.to; i++) list.push([view.shown[i], i]);
  const active = view.shown.findIndex((c) => c.id === view.active);
  if (active >= 0 && active < view.from) list.unshift([view.shown[active], active]);
  if (active >= view.to) list.push([view.shown[active], active]);
  // A row is used again for whoever comes to stand there: that is quicker than a new one. Not so the one that is edited,
  // in which lies what was typed.
  const key = ([c, i]) => c.id === view.editing ? "editing" : i < view.from || i >= view.to ? "away" : i % most;
  render(repeat(list, key, ([c, i]) => row(view, c, i, height)), body);
  body.style.height = view.shown.length * height + "px";
  body.parentNode.setAttribute("aria-rowcount", view.shown.length + 1);
  const all = headRow.querySelector("[data-all]");
  all.checked = view.selected.size > 0 && view.selected.size >= view.shown.length;
  all.indeterminate = view.selected.size > 0 && !all.checked;
  empty.hidden = view.shown.length > 0;
  empty.textContent = t(document.getElementById("query").value ? "page-none-found" : "page-none");
}

function row(view, c, i, height) {
  const active = c.id === view.active;
  const selected = view.selected.has(c.id);
  const editing = c.id === view.editing;
  return html`<div role="row" data-id=${c.id} aria-rowindex=${i + 2} aria-selected=${selected} tabindex=${active && !editing ? 0 : -1}
    class=${(active ? "active " : "") + (editing ? "editing" : "")} .style=${`transform:translateY(${i * height}px)`}>
    <div role="gridcell" class="check"><input type="checkbox" data-select tabindex="-1" .checked=${selected} aria-label=${t("page-select-one", { Client: c.name })}></div>
    <div role="gridcell" class="star"><button type="button" data-do="star" tabindex="-1" aria-pressed=${c.favourite} aria-label=${t("page-favourite-one", { Client: c.name })}>${icon(c.favourite ? "starred" : "star")}</button></div>
    ${columns.map(([field, label, kind]) => html`<div role="gridcell" class=${field} data-field=${field}>${
      editing && kind ? input(c, field, label, kind) : value(c, field)}</div>`)}
    <div role="gridcell" class="code">${editing ? saving() : code(view, c)}</div></div>`;
}

function value(c, field) {
  switch (field) {
    case "mandate_until":
    case "password_until": {
      const words = urgencyText(c[field]);
      if (!c[field]) return nothing;
      return html`<time class=${urgency(c[field])} data-label=${columns.find(([f]) => f === field)[1]} title=${words || nothing}>${dayText(c[field])}${words ? html`<span class="unseen">, ${words}</span>` : nothing}</time>`;
    }
    case "used": return usedText(c.used);
    case "name": return html`<bdi title=${c.name}>${c.name}</bdi>${markWord(c) ? html` <small class="tag" title=${mark(c)}>${markWord(c)}</small>` : nothing}`;
    // A name may be written from right to left, or pretend to be: it stays in its own cell.
    default: return html`<bdi title=${c[field] || nothing}>${c[field]}</bdi>`;
  }
}

const input = (c, field, label, kind) => html`<input name=${field} type=${kind} .defaultValue=${c[field]} aria-label=${label} maxlength="200"
  list=${field === "folder" ? "folders" : nothing} autocomplete="off" spellcheck="false">`;

const button = (action, name, label) => html`<button type="button" data-do=${action} tabindex="-1" aria-label=${label} title=${label}>${icon(name)}</button>`;

const saving = () => html`<button type="button" data-do="save" class="main">${t("page-save")}</button>${button("cancel", "close", t("page-cancel"))}`;

function code(view, c) {
  const shown = view.codeOf === c.id && view.code;
  return html`${shown ? html`<output class="digits" aria-label=${t("page-code")}>${grouped(shown.code)}${remaining(shown)}</output>` : nothing}
    ${button("copy", "copy", t("page-copy"))}${button("show", shown ? "hide" : "show", t(shown ? "page-hide-code" : "page-show-code"))}${button("details", "details", t("page-details"))}`;
}

// remaining is a bar that the browser shortens by itself: a new one for each code.
function remaining(shown) {
  if (!shown.until) return nothing;
  return repeat([shown], (s) => s.until, (s) => html`<i class="life" .style=${`animation-duration:${s.until - s.from}ms;animation-delay:${s.from - s.came}ms`}></i>`);
}
