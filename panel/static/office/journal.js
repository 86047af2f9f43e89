// The journal: what everybody did with codes and keys. Of a year's lines only those in sight exist.
import { t, ask, onLocked, complain, notify } from "../kapu.js";
import { momentText } from "../dates.js";
import { fold } from "../fold.js";
import { saveFile } from "../file.js";
import { Rows } from "../rows.js";
import { html, render, nothing } from "../lit/lit-html.js";
import { follow } from "./office.js";

const byId = (id) => document.getElementById(id);
const [query, member, from, until] = [byId("query"), byId("member"), byId("from"), byId("until")];
const box = document.querySelector(".grid");
const body = box.querySelector(".body");
const empty = document.querySelector(".empty");

let lines = [];
let shown = [];
let gaps = [];
const rows = new Rows(box, draw);

// A day is that of this machine's clock.
const start = (iso, days) => { const d = new Date(iso + "T00:00"); d.setDate(d.getDate() + days); return d / 1000; };
const whose = () => member.selectedOptions[0]?.dataset.name ?? "";

function refresh() {
  const wanted = fold(query.value);
  const [first, end] = [from.value ? start(from.value, 0) : -Infinity, until.value ? start(until.value, 1) : Infinity];
  const who = whose();
  shown = lines.filter((l) => l.at >= first && l.at < end && (!who || l.member === who) && (l.text ??= fold(l.name)).includes(wanted));
  byId("count").textContent = t("page-log-lines", { N: shown.length });
  empty.hidden = shown.length > 0;
  empty.textContent = t(lines.length > 0 ? "page-log-none-found" : "page-log-none");
  const missing = gaps.filter((g) => !who || g.member === who);
  byId("gaps").hidden = missing.length === 0;
  render(html`<p><strong>${t("page-office-gaps")}</strong></p><ul>${missing.map((g) => html`<li>${t("page-office-gap", { Name: g.member, Machine: g.device, From: g.from, Until: g.to })}</li>`)}</ul>`, byId("gaps"));
  rows.count = shown.length;
  rows.show();
}

function draw(first, end) {
  body.style.height = shown.length * rows.height + "px";
  box.setAttribute("aria-rowcount", shown.length + 1);
  render(shown.slice(first, end).map((l, i) => html`<div role="row" aria-rowindex=${first + i + 2} .style=${`transform:translateY(${(first + i) * rows.height}px)`}>
    <div role="cell" class="when"><time>${momentText(l.at)}</time></div><div role="cell" class="act">${l.act}</div>
    <div role="cell" class="name"><bdi title=${l.name || nothing}>${l.many} ${l.name}</bdi></div><div role="cell" class="by"><bdi title=${l.device}>${l.member}</bdi></div></div>`), body);
}

async function load() {
  const journal = await ask("office-journal");
  lines = journal.lines.map(([at, act, name, who, device, many]) => ({ at, act, name, member: who, device, many }));
  gaps = journal.gaps;
  refresh();
  performance.mark("rows");
}

for (const input of [query, member, from, until]) input.addEventListener("input", () => { box.scrollTop = 0; refresh(); });

byId("csv").addEventListener("click", async () => {
  try {
    const text = await ask("office-journal-csv", { query: query.value, member: member.value, from: from.value, until: until.value });
    saveFile(t("page-office-journal-file"), new Blob([text], { type: "text/csv" }));
    notify(t("page-saved-file"));
  } catch (e) {
    complain(e);
  }
});
// It reads the store: only now and when asked to.
byId("again").addEventListener("click", () => load().catch(complain));
document.addEventListener("keydown", (e) => {
  if (e.key === "/" && !e.target.matches("input")) { e.preventDefault(); query.select(); query.focus(); }
});

follow((office) => {
  const chosen = member.value;
  member.replaceChildren(new Option(t("page-office-everybody"), ""), ...office.members.map((m) => {
    const option = new Option(m.name, m.id);
    option.dataset.name = m.name;
    return option;
  }));
  member.value = chosen;
});
load().catch(complain);
onLocked(() => { lines = shown = gaps = []; });
