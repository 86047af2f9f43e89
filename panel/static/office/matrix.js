// @ts-check
// The table of clients and members: who may do what with whom (an access matrix). How it looks is in cells.js, how the
// keyboard moves in it in ../grid.js.
import { t, ask, onLocked, notify } from "../kapu.js";
import { complain } from "../complain.js";
import { label } from "../label.js";
import { byId, focusBySlash, input, target } from "../dom.js";
import { confirmed } from "../dialog.js";
import { clients, find, follow as followClients, loaded } from "../list.js";
import { Grid } from "../grid.js";
import { follow } from "./office.js";
import { Rights } from "./rights.js";
import { frame, drawRows } from "./cells.js";
import { change } from "./give.js";

/** @import { Client, Grant } from "../types.js" */
/** @import { View } from "./cells.js" */
/** @import { Row } from "./rights.js" */

const query = input("query");
const [count, bulk, own] = [byId("count"), byId("bulk"), byId("own")];

/** @type {View} */
const view = { members: [], rights: null };
/** @type {Set<string>} folders whose clients are not shown */
let folded = new Set();
/** @type {Grant[] | null} */
let grants = null;
/** @type {Client[]} that are the office's */
let ours = [];
const box = frame(byId("grid"));
/** @type {Grid<Row>} */
const grid = new Grid({
  box, home: query, idOf: (r) => r.key, draw: () => drawRows(view, grid), selected: tell,
  selectable: (r) => r.kind !== "all", lastColumn: () => view.members.length,
});
const { selected } = grid;

const collator = new Intl.Collator("hu", { numeric: true });

/**
 * @param {Client} client
 * @returns {Row}
 */
const rowOf = (client) => ({ key: client.id, kind: "client", name: label(client), client });

/**
 * arrange makes the rows: everybody, then each folder with its clients, then those in none. What is looked for is found
 * in folded folders too.
 */
function arrange() {
  if (!grants || !loaded || !view.members.length) return;
  const looking = query.value.trim() !== "";
  const found = new Set(looking ? find(query.value) : ours);
  const list = ours.filter((c) => found.has(c));
  const byFolder = Map.groupBy(list, (c) => c.folder);
  /** @type {Row[]} */
  const rows = looking ? [] : [{ key: "all", kind: "all", name: t("page-office-all") }];
  for (const folder of [...byFolder.keys()].filter(Boolean).sort(collator.compare)) {
    const inside = byFolder.get(folder) ?? [];
    const open = looking || !folded.has(folder);
    rows.push({ key: "folder:" + folder, kind: "folder", name: folder, folder, n: inside.length, open });
    if (open) rows.push(...inside.map(rowOf));
  }
  rows.push(...(byFolder.get("") ?? []).map(rowOf));
  grid.show(rows);
  listed = list.length;
  tell();
}

let listed = 0; // clients in the table

function tell() {
  bulk.hidden = selected.size === 0;
  count.textContent = selected.size > 0 ? t("page-selected", { N: selected.size }) :
    t(query.value.trim() ? "page-found" : "page-all", { N: listed, All: ours.length });
  const others = clients.length - ours.length;
  own.hidden = others === 0;
  byId("own-text").textContent = t("page-office-own", { N: others });
}

/**
 * give asks for a right of a member, or of any, to some rows.
 * @param {Row[]} rows
 * @param {string} member id; "" is any
 */
function give(rows, member) {
  const staff = view.members.filter((m) => m.role !== "admin");
  if (view.rights) change(rows, staff, member, view.rights, given);
}

function given() {
  selected.clear();
  load();
}

/**
 * act does what a cell is for: of a folder it folds or unfolds, of a member it gives.
 * @param {Row} row
 */
function act(row) {
  if (grid.column === 0) {
    if (row.kind !== "folder") return;
    if (row.open) folded.add(row.folder); else folded.delete(row.folder);
    return arrange();
  }
  const m = view.members[grid.column - 1];
  if (m.role === "admin") return notify(t("page-office-admin-all", { Name: m.name }));
  give([row], m.id);
}

box.addEventListener("click", (e) => {
  const row = grid.click(e);
  if (row) act(row);
});
box.addEventListener("keydown", (e) => grid.press(e, {
  Enter: () => act(grid.shown[grid.index()]),
  Escape: () => selected.size ? grid.selectNone() : query.focus(),
}));

query.addEventListener("input", () => { box.scrollTop = 0; grid.active = ""; arrange(); performance.mark("rows"); });
query.addEventListener("keydown", (e) => {
  if (e.key === "ArrowDown") { e.preventDefault(); grid.go(grid.index()); }
  if (e.key === "Escape") { query.value = ""; arrange(); }
});
focusBySlash(query);
byId("give").addEventListener("click", () => give(grid.shown.filter((r) => selected.has(r.key)), ""));
byId("fold").addEventListener("click", (e) => {
  const all = [...new Set(ours.map((c) => c.folder))].filter(Boolean);
  const close = all.some((f) => !folded.has(f));
  folded = new Set(close ? all : []);
  target(e).textContent = t(close ? "page-office-unfold" : "page-office-fold");
  arrange();
});
byId("share").addEventListener("click", () => {
  const ids = clients.filter((c) => !c.right).map((c) => c.id);
  const sentence = t("page-office-share-long", { N: ids.length });
  confirmed(t("page-office-share"), [sentence], t("page-office-share"), () => ask("office-share", ids));
});

function work() {
  if (grants) view.rights = new Rights(view.members, grants);
  arrange();
}

async function load() {
  try {
    grants = await ask("office-grants");
    work();
    performance.mark("rights");
  } catch (e) {
    complain(e);
  }
}

follow((office) => { view.members = office.members ?? []; return load(); });
followClients(() => {
  ours = clients.filter((c) => c.right);
  const known = new Set(ours.map((c) => c.id));
  for (const key of selected) if (!key.startsWith("folder:") && !known.has(key)) selected.delete(key);
  work();
});
onLocked(() => { grid.shown = []; view.members = []; grants = view.rights = null; ours = []; });
