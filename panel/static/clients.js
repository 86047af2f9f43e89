// The table of clients: what is selected, what the keys do. How it looks is in table.js.
import { t, ask, notify, complain, onLocked } from "./kapu.js";
import { clients, find, follow, folders } from "./list.js";
import { copy, watch } from "./copy.js";
import { details } from "./details.js";
import { follow as followShut } from "./shut.js";
import { Rows } from "./rows.js";
import { frame, head, drawRows } from "./table.js";
import { mayEdit } from "./mark.js";
import { confirmed } from "./office/office.js";

const byId = (id) => document.getElementById(id);
const query = byId("query");

// view is all that the table depends on, besides the list.
const view = {
  shown: [], from: 0, to: 0, active: "", selected: new Set(), anchor: "",
  sort: { by: "order", down: false }, editing: "", field: "", code: null, codeOf: "",
};
frame(byId("grid"), view);
followShut(byId("shut"));
const box = document.querySelector(".grid");
const rows = new Rows(box, (from, to) => {
  const focused = box.contains(document.activeElement) && !box.querySelector(".head").contains(document.activeElement);
  Object.assign(view, { from, to });
  drawRows(view, rows.height);
  // Rows come and go and are used for others; the focus stays at the client that has it.
  if (focused && !view.editing) (rowOf(view.active) ?? query).focus({ preventScroll: true });
});
let stopWatching = () => {};
let lastUndo = "";

const collator = new Intl.Collator("hu", { numeric: true });
const compare = (a, b) => {
  const [x, y] = [a[view.sort.by], b[view.sort.by]];
  if (x === y) return a.order - b.order;
  if (x === "" || y === "") return x === "" ? 1 : -1; // what is empty stands last, whatever the direction
  const order = typeof x === "string" ? collator.compare(x, y) : x - y;
  return view.sort.down ? -order : order;
};

// refresh shows what the query finds now.
function refresh() {
  const found = find(query.value);
  const at = index();
  view.shown = view.sort.by === "order" && !view.sort.down ? found : found.toSorted(compare);
  if (!view.shown.some((c) => c.id === view.active)) {
    view.active = view.shown[Math.max(0, Math.min(at, view.shown.length - 1))]?.id ?? "";
  }
  rows.count = view.shown.length;
  rows.show();
  tell();
}

const mayEditThis = (id) => mayEdit(clients.find((c) => c.id === id) ?? {});

// tell says how many there are, or what can be done with those that are selected.
function tell() {
  const n = view.selected.size;
  byId("bulk").hidden = n === 0;
  const locked = clients.some((c) => view.selected.has(c.id) && !mayEdit(c)); // what one may not change, all are not offered for
  for (const button of byId("bulk").querySelectorAll("button")) button.hidden = locked && button.dataset.do !== "favourite";
  // Who has clients of an office beside ones of their own may give it those.
  byId("bulk").querySelector("[data-do=share]").hidden = !clients.some((c) => c.right) || clients.some((c) => c.right && view.selected.has(c.id));
  byId("count").textContent = n > 0 ? t("page-selected", { N: n }) :
    t(query.value.trim() ? "page-found" : "page-all", { N: view.shown.length, All: clients.length });
}

const index = () => view.shown.findIndex((c) => c.id === view.active);
const rowOf = (id) => box.querySelector(`[data-id="${CSS.escape(id)}"]`);

// go makes a row the active one; with extend the selection grows to it.
function go(i, { extend = false, focus = true } = {}) {
  i = Math.max(0, Math.min(i, view.shown.length - 1));
  if (!view.shown[i]) return;
  if (extend) {
    view.anchor ||= view.active;
    select(range(view.shown.findIndex((c) => c.id === view.anchor), i), true);
  } else view.anchor = "";
  view.active = view.shown[i].id;
  rows.reveal(i);
  rows.show();
  if (focus) rowOf(view.active)?.focus({ preventScroll: true });
}

const range = (a, b) => view.shown.slice(Math.min(a, b), Math.max(a, b) + 1).map((c) => c.id);

function select(ids, on) {
  for (const id of ids) if (on) view.selected.add(id); else view.selected.delete(id);
  rows.show();
  tell();
}

// chosen are the clients that a command is about: those that are selected, else the one that has the focus.
const chosen = () => view.selected.size > 0 ? [...view.selected] : view.active ? [view.active] : [];

async function change(done, said) {
  try {
    const { n, undo } = await done;
    lastUndo = undo;
    view.selected.clear();
    tell();
    rows.show();
    notify(t(said, { N: n }), { label: t("page-undo"), action: takeBack, seconds: 15 });
  } catch (e) {
    complain(e);
  }
}

async function takeBack() {
  try {
    const undone = await ask("undo", lastUndo);
    lastUndo = "";
    notify(t("page-undone", { N: undone.n }));
  } catch (e) {
    complain(e);
  }
}

function question(dialog, title, value, answered) {
  const input = dialog.querySelector("input");
  if (title) dialog.querySelector("h2").textContent = title;
  input.value = value;
  dialog.returnValue = "";
  dialog.onclose = () => {
    if (dialog.returnValue === "ok") answered(input.value.trim());
    rowOf(view.active)?.focus({ preventScroll: true });
  };
  dialog.showModal();
}

const common = (field) => {
  const values = new Set(clients.filter((c) => view.selected.has(c.id)).map((c) => c[field]));
  return values.size === 1 ? [...values][0] : "";
};

const editMany = (fields, said = "page-changed") => change(ask("edit-many", { ids: chosen(), ...fields }), said);

const commands = {
  folder() {
    byId("folders").replaceChildren(...folders().map((f) => new Option("", f)));
    question(byId("folder-dialog"), "", common("folder"), (folder) => editMany({ folder }));
  },
  favourite() {
    const all = clients.filter((c) => view.selected.has(c.id)).every((c) => c.favourite);
    editMany({ favourite: !all });
  },
  mandate_until() { question(byId("day-dialog"), t("page-mandate"), common("mandate_until"), (mandate_until) => editMany({ mandate_until })); },
  password_until() { question(byId("day-dialog"), t("page-password"), common("password_until"), (password_until) => editMany({ password_until })); },
  share() {
    const ids = chosen();
    confirmed(t("page-office-share"), [t("page-office-share-long", { N: ids.length })], t("page-office-share"), async () => { await ask("office-share", ids); view.selected.clear(); });
  },
  remove() { const ids = chosen(); if (!ids.every(mayEditThis)) return notify(t("page-office-not-mine")); if (ids.length) change(ask("remove", ids), "page-removed"); },
};
byId("bulk").addEventListener("click", (e) => commands[e.target.dataset.do]?.());
byId("keys").addEventListener("click", () => byId("key-help").showModal());

// Editing in place: the fields of one row become inputs.
function edit(id, field = "name") {
  if (!mayEditThis(id)) return notify(t("page-office-not-mine"));
  byId("folders").replaceChildren(...folders().map((f) => new Option("", f)));
  Object.assign(view, { editing: id, active: id });
  rows.show();
  const input = rowOf(id)?.querySelector(`input[name="${field}"]`);
  input?.focus();
  input?.select();
}

function endEdit() {
  view.editing = "";
  rows.show();
  rowOf(view.active)?.focus({ preventScroll: true });
}

async function save() {
  const id = view.editing;
  const before = clients.find((c) => c.id === id);
  const changed = { id };
  for (const input of rowOf(id).querySelectorAll("input[name]")) {
    if (before && input.value.trim() !== before[input.name]) changed[input.name] = input.value.trim();
  }
  try {
    if (Object.keys(changed).length > 1) await ask("edit", changed);
    if (view.editing === id) endEdit();
  } catch (e) {
    complain(e);
  }
}

// A code is shown on request, one at a time.
function showCode(id) {
  const again = view.codeOf === id;
  stopWatching();
  if (again) return;
  view.codeOf = id;
  stopWatching = watch(id, (code) => {
    if (view.codeOf !== id) return;
    view.code = code;
    if (!code) { view.codeOf = ""; stopWatching = () => {}; }
    rows.show();
  });
}

const open = (id) => details(clients.find((c) => c.id === id), () => rowOf(id)?.focus({ preventScroll: true }));

const actions = {
  copy: (id) => copy(id),
  show: showCode,
  edit: (id) => edit(id),
  details: open,
  save,
  cancel: endEdit,
  star: (id) => ask("edit", { id, favourite: !clients.find((c) => c.id === id).favourite }).catch(complain),
};

box.addEventListener("click", (e) => {
  const by = e.target.closest("[data-sort]")?.dataset.sort;
  if (by) {
    view.sort = { by, down: view.sort.by === by && !view.sort.down };
    head(view);
    return refresh();
  }
  if (e.target.closest("[data-all]")) return select(view.shown.map((c) => c.id), e.target.checked);
  const row = e.target.closest("[data-id]");
  if (!row || row.dataset.id === view.editing && !e.target.closest("[data-do]")) return;
  const id = row.dataset.id;
  const i = view.shown.findIndex((c) => c.id === id);
  if (e.target.closest("[data-select]")) {
    if (e.shiftKey) return go(i, { extend: true });
    select([id], !view.selected.has(id));
    view.active = id;
    return go(i);
  }
  go(i, { extend: e.shiftKey });
  actions[e.target.closest("[data-do]")?.dataset.do]?.(id);
});

box.addEventListener("dblclick", (e) => {
  const cell = e.target.closest("[data-field]");
  if (cell && !view.editing) edit(cell.closest("[data-id]").dataset.id, cell.dataset.field);
});

box.addEventListener("keydown", (e) => {
  if (view.editing) {
    if (e.key === "Enter") { e.preventDefault(); save(); }
    if (e.key === "Escape") { e.preventDefault(); endEdit(); }
    return;
  }
  if (!e.target.dataset.id) return;
  const id = view.active;
  const extend = e.shiftKey;
  const key = (e.ctrlKey || e.metaKey ? "Ctrl+" : "") + e.key;
  const keys = {
    ArrowDown: () => go(index() + 1, { extend }), ArrowUp: () => go(index() - 1, { extend }),
    PageDown: () => go(index() + rows.page, { extend }), PageUp: () => go(index() - rows.page, { extend }),
    Home: () => go(0, { extend }), End: () => go(view.shown.length - 1, { extend }),
    Enter: () => copy(id, e.shiftKey), "Ctrl+Enter": () => showCode(id), F2: () => edit(id), i: () => open(id),
    " ": () => select([id], !view.selected.has(id)), Delete: commands.remove,
    "Ctrl+a": () => select(view.shown.map((c) => c.id), true),
    Escape: back,
  };
  if (keys[key]) { e.preventDefault(); keys[key](); }
});

// back undoes one step at a time: the code, the selection, the search.
function back() {
  if (view.codeOf) return stopWatching();
  if (view.selected.size > 0) { view.anchor = ""; return select([...view.selected], false); }
  if (query.value) { query.value = ""; refresh(); }
  query.focus();
}

query.addEventListener("input", () => { box.scrollTop = 0; view.active = ""; refresh(); performance.mark("rows"); });
query.addEventListener("keydown", (e) => {
  const keys = {
    ArrowDown: () => go(index()), Escape: () => { query.value = ""; refresh(); },
    Enter: () => { if (view.active) copy(view.active, e.shiftKey); },
  };
  if (keys[e.key]) { e.preventDefault(); keys[e.key](); }
});

document.addEventListener("keydown", (e) => {
  if (document.querySelector("dialog[open]")) return;
  if (e.key === "/" && !e.target.matches("input")) { e.preventDefault(); query.select(); query.focus(); }
  if (e.key === "z" && (e.ctrlKey || e.metaKey) && !e.target.matches("input") && lastUndo) { e.preventDefault(); takeBack(); }
});

onLocked(() => { stopWatching(); view.shown = []; view.selected.clear(); view.code = null; });
follow(() => { for (const id of view.selected) if (!clients.some((c) => c.id === id)) view.selected.delete(id); refresh(); performance.mark("rows"); });
