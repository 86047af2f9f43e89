// The log: a year's lines, searched as one types, of which only those in sight exist.
import { t, ask, hear, onLocked, complain, notify } from "./kapu.js";
import { momentText } from "./dates.js";
import { fold } from "./fold.js";
import { saveFile } from "./file.js";
import { Rows } from "./rows.js";
import { html, render } from "./lit/lit-html.js";

const byId = (id) => document.getElementById(id);
const [query, from, until] = [byId("query"), byId("from"), byId("until")];
const box = document.querySelector(".grid");
const body = box.querySelector(".body");
const empty = document.querySelector(".empty");

let lines = [];
let shown = [];
const rows = new Rows(box, draw);

// A day is that of this machine's clock.
const start = (iso, days) => { const d = new Date(iso + "T00:00"); d.setDate(d.getDate() + days); return d / 1000; };

function refresh() {
  const wanted = fold(query.value);
  const [first, end] = [from.value ? start(from.value, 0) : -Infinity, until.value ? start(until.value, 1) : Infinity];
  shown = lines.filter((l) => l.at >= first && l.at < end && (l.text ??= fold(l.name)).includes(wanted));
  byId("count").textContent = t("page-log-lines", { N: shown.length });
  empty.hidden = shown.length > 0;
  empty.textContent = t(lines.length > 0 ? "page-log-none-found" : "page-log-none");
  rows.count = shown.length;
  rows.show();
}

function draw(first, end) {
  body.style.height = shown.length * rows.height + "px";
  box.setAttribute("aria-rowcount", shown.length + 1);
  render(shown.slice(first, end).map((l, i) => html`<div role="row" aria-rowindex=${first + i + 2} .style=${`transform:translateY(${(first + i) * rows.height}px)`}>
    <div role="cell" class="when"><time>${momentText(l.at)}</time></div><div role="cell" class="act">${l.act}</div>
    <div role="cell" class="name"><bdi title=${l.name}>${l.many} ${l.name}</bdi></div><div role="cell" class="by"><bdi>${l.by}</bdi></div></div>`), body);
}

async function load() {
  lines = (await ask("log")).map(([at, act, name, by, many]) => ({ at, act, name, by, many }));
  refresh();
  performance.mark("rows");
}

for (const input of [query, from, until]) input.addEventListener("input", () => { box.scrollTop = 0; refresh(); });

byId("csv").addEventListener("click", async () => {
  try {
    const text = await ask("log-csv", { query: query.value, from: from.value, until: until.value });
    saveFile(t("page-log-file"), new Blob([text], { type: "text/csv" }));
    notify(t("page-saved-file"));
  } catch (e) {
    complain(e);
  }
});

document.addEventListener("keydown", (e) => {
  if (e.key === "/" && !e.target.matches("input")) { e.preventDefault(); query.select(); query.focus(); }
});

// A row of changes is one piece of news, and none while nobody looks.
let later;
const soon = () => { clearTimeout(later); later = setTimeout(() => { if (!document.hidden) load().catch(complain); }, 1000); };
hear((e) => { if (e.type === "changed") soon(); });
document.addEventListener("visibilitychange", soon);
onLocked(() => { clearTimeout(later); document.removeEventListener("visibilitychange", soon); lines = shown = []; });
load().catch(complain);
