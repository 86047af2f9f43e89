// The table of clients and members: who may do what with whom. Only the rows in sight exist.
import { t, ask, onLocked, notify, complain } from "../kapu.js";
import { clients, find, follow as followClients } from "../list.js";
import { Rows } from "../rows.js";
import { confirmed, follow } from "./office.js";
import { Rights, unpack } from "./rights.js";
import { frame, drawRows } from "./cells.js";
import { change } from "./give.js";

const byId = (id) => document.getElementById(id);
const query = byId("query");
// view is all that the table depends on. The active cell is a row's key and a column: 0 is the client, then the members.
const view = { shown: [], members: [], rights: null, from: 0, to: 0, active: "all", column: 0, selected: new Set(), folded: new Set() };
let grants = null;
let ours = []; // clients that are the office's
const box = frame(byId("grid"));
const rows = new Rows(box, (from, to) => {
  const focused = box.querySelector(".body").contains(document.activeElement);
  Object.assign(view, { from, to });
  drawRows(view, rows.height);
  if (focused) cell()?.focus({ preventScroll: true });
});

const collator = new Intl.Collator("hu", { numeric: true });

// arrange makes the rows: everybody, then each folder with its clients, then those in none. What is looked for is found
// in folded folders too.
function arrange() {
  if (!grants || !view.members.length) return;
  const looking = query.value.trim() !== "";
  const found = looking ? new Set(find(query.value)) : null;
  const list = found ? ours.filter((c) => found.has(c)) : ours;
  const byFolder = new Map();
  for (const c of list) (byFolder.get(c.folder) ?? byFolder.set(c.folder, []).get(c.folder)).push(c);
  view.shown = looking ? [] : [{ key: "all", kind: "all", name: t("page-office-all") }];
  const client = (c) => ({ key: c.id, kind: "client", name: c.name, client: c });
  for (const folder of [...byFolder.keys()].filter(Boolean).sort(collator.compare)) {
    const inside = byFolder.get(folder);
    const open = looking || !view.folded.has(folder);
    view.shown.push({ key: "folder:" + folder, kind: "folder", name: folder, folder, n: inside.length, open });
    if (open) view.shown.push(...inside.map(client));
  }
  view.shown.push(...(byFolder.get("") ?? []).map(client));
  if (!view.shown.some((r) => r.key === view.active)) view.active = view.shown[0]?.key ?? "";
  rows.count = view.shown.length;
  rows.show();
  tell(list.length);
}

let listed = 0;

function tell(n = listed) {
  listed = n;
  const chosen = view.selected.size;
  byId("bulk").hidden = chosen === 0;
  byId("count").textContent = chosen > 0 ? t("page-selected", { N: chosen }) :
    t(query.value.trim() ? "page-found" : "page-all", { N: n, All: ours.length });
  const own = clients.length - ours.length;
  byId("own").hidden = own === 0;
  byId("own-text").textContent = t("page-office-own", { N: own });
}

const index = () => view.shown.findIndex((r) => r.key === view.active);
const cell = () => box.querySelector(`[data-key="${CSS.escape(view.active)}"] [data-column="${view.column}"]`);

function go(i, column) {
  i = Math.max(0, Math.min(i, view.shown.length - 1));
  if (!view.shown[i]) return;
  view.active = view.shown[i].key;
  view.column = Math.max(0, Math.min(column, view.members.length));
  rows.reveal(i);
  rows.show();
  const at = cell();
  at?.focus({ preventScroll: true });
  if (view.column > 0) at?.scrollIntoView({ block: "nearest", inline: "nearest" });
  else box.scrollLeft = 0;
}

function fold(row, on = row.open) {
  if (on) view.folded.add(row.folder); else view.folded.delete(row.folder);
  arrange();
}

function select(keys, on) {
  for (const key of keys) if (on) view.selected.add(key); else view.selected.delete(key);
  rows.show();
  tell();
}

// give asks for a right of a member, or of any, to one row or to those that are selected.
const give = (list, member) => change(list, view.members.filter((m) => m.role !== "admin"), member, view.rights, given);
const chosen = () => view.shown.filter((r) => view.selected.has(r.key));

function given() {
  view.selected.clear();
  load();
}

function act(row, column) {
  if (column === 0) return row.kind === "folder" ? fold(row) : undefined;
  const m = view.members[column - 1];
  if (m.role === "admin") return notify(t("page-office-admin-all", { Name: m.name }));
  give([row], m.id);
}

box.addEventListener("click", (e) => {
  const place = e.target.closest("[data-column]");
  const key = e.target.closest("[data-key]")?.dataset.key;
  const i = view.shown.findIndex((r) => r.key === key);
  if (e.target.closest("[data-all]")) return select(view.shown.map((r) => r.key).filter((k) => k !== "all"), e.target.checked);
  if (i < 0) return;
  if (e.target.closest("[data-select]")) { select([key], !view.selected.has(key)); return go(i, 0); }
  const column = Number(place?.dataset.column ?? 0);
  go(i, column);
  act(view.shown[i], column);
});

box.addEventListener("keydown", (e) => {
  const i = index();
  if (i < 0 || !e.target.dataset.column) return;
  const row = view.shown[i];
  const keys = {
    ArrowDown: () => go(i + 1, view.column), ArrowUp: () => go(i - 1, view.column),
    ArrowRight: () => go(i, view.column + 1), ArrowLeft: () => go(i, view.column - 1),
    PageDown: () => go(i + rows.page, view.column), PageUp: () => go(i - rows.page, view.column),
    Home: () => go(i, 0), End: () => go(i, view.members.length), "Ctrl+Home": () => go(0, 0), "Ctrl+End": () => go(view.shown.length - 1, view.column),
    Enter: () => act(row, view.column), " ": () => select([row.key], !view.selected.has(row.key)),
    "Ctrl+a": () => select(view.shown.map((r) => r.key).filter((k) => k !== "all"), true),
    Escape: () => view.selected.size ? select([...view.selected], false) : query.focus(),
  };
  const key = (e.ctrlKey || e.metaKey ? "Ctrl+" : "") + e.key;
  if (keys[key]) { e.preventDefault(); keys[key](); }
});

query.addEventListener("input", () => { box.scrollTop = 0; arrange(); performance.mark("rows"); });
query.addEventListener("keydown", (e) => {
  if (e.key === "ArrowDown") { e.preventDefault(); go(index(), view.column); }
  if (e.key === "Escape") { query.value = ""; arrange(); }
});
document.addEventListener("keydown", (e) => {
  if (e.key === "/" && !e.target.matches("input") && !document.querySelector("dialog[open]")) { e.preventDefault(); query.select(); query.focus(); }
});
byId("give").addEventListener("click", () => give(chosen(), ""));
byId("fold").addEventListener("click", () => {
  const all = [...new Set(ours.map((c) => c.folder))].filter(Boolean);
  const close = all.some((f) => !view.folded.has(f));
  view.folded = new Set(close ? all : []);
  byId("fold").textContent = t(close ? "page-office-unfold" : "page-office-fold");
  arrange();
});
byId("share").addEventListener("click", () => {
  const own = clients.filter((c) => !c.right).map((c) => c.id);
  confirmed(t("page-office-share"), [t("page-office-share-long", { N: own.length })], t("page-office-share"), () => ask("office-share", own));
});

function work() {
  if (grants) view.rights = new Rights(view.members, grants, Date.now() / 1000);
  arrange();
}

async function load() {
  try {
    grants = unpack(await ask("office-grants"));
    work();
    performance.mark("rights");
  } catch (e) {
    complain(e);
  }
}

follow((office) => { view.members = office.members ?? []; load(); });
followClients(() => {
  ours = clients.filter((c) => c.right);
  for (const key of view.selected) if (!key.startsWith("folder:") && !ours.some((c) => c.id === key)) view.selected.delete(key);
  work();
});
onLocked(() => { view.shown = []; view.members = []; grants = view.rights = null; ours = []; });
