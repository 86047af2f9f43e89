// @ts-check
// The page of clients: its commands, editing in place, and codes on request. How the table looks is in table.js, how
// the keyboard moves in it in grid.js.
import { html } from "./lit/lit-html.js";
import { t, ask, notify, onLocked } from "./kapu.js";
import { complain } from "./complain.js";
import { byId, data, focusBySlash, input, one, option, target } from "./dom.js";
import { clients, find, follow, folders, shared } from "./list.js";
import { Chips } from "./chips.js";
import { choose, learn, tellFolded } from "./columns.js";
import { copy, copyUserName, signIn, watch } from "./copy.js";
import { details } from "./details.js";
import { affirmed, askDay, confirmed, openDialog } from "./dialog.js";
import { follow as followLockedGroups } from "./lockedgroups.js";
import { Grid } from "./grid.js";
import { arrange, frame, drawRows } from "./table.js";
import { focusHeads, pressHeads } from "./heads.js";
import { mayEdit } from "./mark.js";
import { merge } from "./merge.js";
import { remove } from "./removal.js";
import { changed, offerUndo } from "./undo.js";

/** @import { Client, Done } from "./types.js" */
/** @import { View } from "./table.js" */

const query = input("query");
const [count, bulk, chooser] = [byId("count"), byId("bulk"), byId("columns")];

/** @type {View} */
const view = {
  sort: { by: "order", down: false }, editing: "", code: null, codeOf: "", filtered: false, duplicates: false,
  locked: false,
};
const box = frame(byId("grid"), resized);
const chips = new Chips(byId("chips"), filter);
/** @type {Grid<Client>} */
const grid = new Grid({
  box, home: query, idOf: (c) => c.id, draw: () => drawRows(view, grid), selected: tell, ranges: true,
  editing: () => view.editing !== "",
});
const { selected } = grid;
const redraw = () => grid.rows.show();
followLockedGroups(byId("locked-groups"), (some) => { view.locked = some; redraw(); });
let stopWatching = () => {};
let counting = 0; // the numbers on the chips can wait until the rows are on the screen

const collator = new Intl.Collator("hu", { numeric: true });

/**
 * @param {Client} a
 * @param {Client} b
 */
function compare(a, b) {
  const { by } = view.sort;
  const [x, y] = by === "used" ? [a.used || "", b.used || ""] : [a[by] ?? "", b[by] ?? ""];
  if (x === y) return a.order - b.order;
  if (x === "" || y === "") return x === "" ? 1 : -1; // what is empty stands last, whatever the direction
  const order = typeof x === "string" ? collator.compare(x, String(y)) : Number(x) - Number(y);
  return view.sort.down ? -order : order;
}

// refresh shows what the query and the chips leave.
function refresh() {
  const searched = find(query.value);
  const left = chips.of(searched);
  [view.filtered, view.duplicates] = [chips.some, chips.has("duplicates")];
  grid.show(view.sort.by === "order" && !view.sort.down ? left : left.toSorted(compare));
  tell();
  cancelIdleCallback(counting);
  counting = requestIdleCallback(() => { if (box.isConnected) drawChips(searched); }, { timeout: 300 });
}

const drawChips = (/** @type {Client[]} */ searched) => chips.draw(clients, searched, folders());

// settle looks anew at which columns say something: of all that the chips leave, because a table whose columns come and
// go with each letter of a search cannot be read.
function settle() {
  learn(chips.of(clients));
  rearrange();
  drawChips(find(query.value)); // now, for they have a line of their own that the rows stand under
  refresh();
}

function rearrange() {
  arrange(view);
  tellFolded(chooser);
  grid.rows.measure();
}

// resized keeps in sight what the person is at, however its row is shown now.
function resized() {
  if (!box.isConnected) return; // locked meanwhile
  rearrange();
  redraw();
  if (box.contains(document.activeElement)) reveal();
}

// reveal scrolls to what the person is at, all of it: the fields of a card are more than a row.
function reveal() {
  grid.rows.reveal(grid.index());
  redraw();
  if (view.editing) grid.elementOf(view.editing)?.scrollIntoView({ block: "nearest" });
}

// filter is for when other chips are chosen.
function filter() {
  box.scrollTop = 0;
  settle();
}

function showAll() {
  query.value = "";
  chips.clear();
  filter();
  query.focus();
}

/** @param {string} id */
const clientOf = (id) => clients.find((c) => c.id === id);

/** @param {string} id */
function mayEditThis(id) {
  const c = clientOf(id);
  return !c || mayEdit(c);
}

// tell says how many there are, or what can be done with those that are selected.
function tell() {
  const n = selected.size;
  bulk.hidden = n === 0;
  const among = clients.filter((c) => selected.has(c.id));
  const limited = !among.every(mayEdit); // what one may not change, all are not offered for
  for (const button of bulk.querySelectorAll("button")) button.hidden = limited && button.dataset.do !== "favourite";
  one("[data-do=merge]", HTMLElement, bulk).hidden = limited || n !== 2;
  // Who has clients of an office beside ones of their own may give it those.
  one("[data-do=share]", HTMLElement, bulk).hidden = !clients.some((c) => c.right) || among.some((c) => c.right);
  count.textContent = n > 0 ? t("page-selected", { N: n }) :
    t(query.value.trim() || view.filtered ? "page-found" : "page-all", { N: grid.shown.length, All: clients.length });
}

// chosen are the clients that a command is about: those that are selected, else the one that has the focus.
const chosen = () => selected.size > 0 ? [...selected] : grid.active ? [grid.active] : [];

function selectNone() {
  selected.clear();
  tell();
  redraw();
}

/**
 * change says what a request has changed, and offers to take it back. null is that the person gave up.
 * @param {Promise<Done | null>} done
 * @param {string} one what is said of one client
 * @param {string} many and of several
 */
async function change(done, one, many) {
  try {
    const result = await done;
    if (!result) return;
    const { n, name, undo } = result;
    selectNone();
    changed(name ? t(one, { Client: name }) : t(many, { N: n }), undo);
  } catch (e) {
    complain(e);
  }
}

/**
 * common is the value that all selected clients have in a field; "" if they differ.
 * @param {"folder" | "mandate_until" | "password_until"} field
 */
function common(field) {
  const values = new Set(clients.filter((c) => selected.has(c.id)).map((c) => c[field]));
  return values.size === 1 ? [...values][0] : "";
}

const back = () => grid.place();
const offerFolders = () => byId("folders").replaceChildren(...folders().map((f) => option("", f)));

/** @param {object} fields */
function editMany(fields) {
  const ids = chosen();
  change(affirmed((confirmed) => ask("edit-many", { ids, ...fields, confirmed })), "page-changed-one", "page-changed");
}

/**
 * @param {"mandate_until" | "password_until"} field
 * @param {string} title
 */
async function changeDay(field, title) {
  const day = await askDay({ title, day: common(field), endless: field === "mandate_until", back });
  if (day !== null) editMany({ [field]: day });
}

/** @type {Record<string, () => unknown>} */
const commands = {
  async folder() {
    offerFolders();
    const folder = await openDialog({
      name: "folder", title: t("page-move-long"), go: t("page-move-go"), back,
      body: () => html`<label>${t("page-folder")}<input name="value" list="folders" maxlength="200" autocomplete="off"
        spellcheck="false" autofocus .defaultValue=${common("folder")}></label>`,
      deed: (f) => f.value.value.trim(),
    }).done;
    if (folder !== null) editMany({ folder });
  },
  favourite() {
    const all = clients.filter((c) => selected.has(c.id)).every((c) => c.favourite);
    editMany({ favourite: !all });
  },
  mandate_until: () => changeDay("mandate_until", t("page-mandate")),
  password_until: () => changeDay("password_until", t("page-password")),
  share() {
    const ids = chosen();
    const sentence = t("page-office-share-long", { N: ids.length });
    confirmed(t("page-office-share"), [sentence], t("page-office-share"), async () => {
      await ask("office-share", ids);
      selectNone();
    });
  },
  async merge() {
    const [keep, other] = clients.filter((c) => selected.has(c.id));
    const done = await merge([keep, other], back).catch(complain);
    if (done?.undo) selectNone();
  },
  remove() {
    const ids = chosen();
    if (!ids.every(mayEditThis)) return notify(t("page-office-not-mine"));
    const these = clients.filter((c) => ids.includes(c.id));
    if (these.length > 0) change(remove(these, back), "page-removed-one", "page-removed");
  },
};
chooser.addEventListener("click", async () => {
  if (await choose().catch(complain)) settle();
});
bulk.addEventListener("click", (e) => commands[target(e).dataset.do ?? ""]?.());
byId("keys").addEventListener("click", () => {
  const list = one("#key-help", HTMLTemplateElement).content.cloneNode(true);
  openDialog({ name: "key-help", title: t("page-keys"), body: () => list });
});

/**
 * edit makes inputs of the fields of one row, and begins with one of them.
 * @param {string} id
 * @param {string} [field]
 */
function edit(id, field = "name") {
  if (!mayEditThis(id)) return notify(t("page-office-not-mine"));
  offerFolders();
  view.editing = grid.active = id;
  rearrange();
  reveal();
  const row = grid.elementOf(id);
  const first = row?.querySelector(`input[name="${field}"]`) ?? row?.querySelector("input[name]");
  if (!(first instanceof HTMLInputElement)) return;
  first.focus();
  first.select();
}

function endEdit() {
  view.editing = "";
  settle();
  grid.focus();
}

async function save() {
  const id = view.editing;
  /** @type {Record<string, string>} */
  const changed = { id };
  /** @type {NodeListOf<HTMLInputElement>} */
  const inputs = box.querySelectorAll(".editing input[name]");
  for (const { name, value, defaultValue } of inputs) if (value.trim() !== defaultValue) changed[name] = value.trim();
  try {
    const edit = (/** @type {boolean} */ confirmed) => ask("edit", { ...changed, confirmed });
    if (Object.keys(changed).length > 1 && !await affirmed(edit)) return;
    if (view.editing === id) endEdit();
  } catch (e) {
    complain(e);
  }
}

/**
 * showCode shows a code on request, one at a time; asked for again it hides it.
 * @param {string} id
 */
function showCode(id) {
  const again = view.codeOf === id;
  stopWatching();
  if (again) return;
  view.codeOf = id;
  stopWatching = watch(id, (code) => {
    if (view.codeOf !== id) return;
    view.code = code;
    if (!code) { view.codeOf = ""; stopWatching = () => {}; }
    redraw();
  });
}

/** @param {string} id */
function open(id) {
  const c = clientOf(id);
  if (c) details(c, () => grid.elementOf(id));
}

/** @type {Record<string, (id: string) => unknown>} */
const actions = {
  copy: (id) => copy(id),
  "sign-in": (id) => signIn(id),
  show: showCode,
  edit: (id) => edit(id),
  details: open,
  save,
  cancel: endEdit,
  star: (id) => ask("edit", { id, favourite: !clientOf(id)?.favourite }).catch(complain),
};

box.addEventListener("click", (e) => {
  const place = target(e);
  const by = /** @type {keyof Client | undefined} */ (data(place, "sort"));
  if (by) {
    view.sort = { by, down: view.sort.by === by && !view.sort.down };
    rearrange();
    return refresh();
  }
  const action = data(place, "do");
  if (view.editing && data(place, "id") === view.editing && !action) return;
  const c = grid.click(e);
  if (c && action) actions[action]?.(c.id);
});
one("#grid .empty", HTMLElement).addEventListener("click", (e) => {
  if (data(target(e), "do") === "clear") showAll();
});
box.addEventListener("dblclick", (e) => {
  const [id, field] = [data(target(e), "id"), data(target(e), "field")];
  if (id && field && !view.editing) edit(id, field);
});

box.addEventListener("keydown", (e) => {
  if (view.editing) {
    if (e.key === "Enter") { e.preventDefault(); save(); }
    if (e.key === "Escape") { e.preventDefault(); endEdit(); }
    return;
  }
  if (pressHeads(e, () => grid.go(grid.index()))) return;
  const id = grid.active;
  grid.press(e, {
    ...(grid.index() === 0 && !e.shiftKey ? { ArrowUp: focusHeads } : {}),
    Enter: () => e.altKey ? signIn(id) : copy(id, e.shiftKey), "Ctrl+Enter": () => showCode(id),
    u: () => signIn(id), U: () => copyUserName(id), F2: () => edit(id), i: () => open(id),
    Delete: commands.remove, Escape: undo,
  });
});

// undo takes back one step at a time: the code, the selection, the search, the filters.
function undo() {
  if (view.codeOf) return stopWatching();
  if (selected.size > 0) return grid.selectNone();
  if (query.value) { query.value = ""; refresh(); } else if (view.filtered) return showAll();
  query.focus();
}

query.addEventListener("input", () => { box.scrollTop = 0; grid.active = ""; refresh(); performance.mark("rows"); });

/**
 * copyFound copies the code of the client that the search proposes, or with Alt the user name, but for one of two of a
 * name: they are to be chosen from.
 * @param {KeyboardEvent} e
 */
function copyFound({ altKey, shiftKey }) {
  const c = clientOf(grid.active);
  if (!c) return;
  if (shared(grid.shown, c)) notify(t("page-quick-which"));
  else if (altKey) signIn(c.id);
  else copy(c.id, shiftKey);
}

query.addEventListener("keydown", (e) => {
  /** @type {Record<string, () => void>} */
  const keys = {
    ArrowDown: () => grid.go(grid.index()),
    Escape: () => { if (query.value) { query.value = ""; refresh(); } else if (view.filtered) showAll(); },
    Enter: () => copyFound(e),
  };
  if (keys[e.key]) { e.preventDefault(); keys[e.key](); }
});

focusBySlash(query);
offerUndo(byId("undo"), () => query.focus());

onLocked(() => { stopWatching(); grid.shown = []; selected.clear(); view.code = null; });
follow(() => {
  const known = new Set(clients.map((c) => c.id));
  for (const id of selected) if (!known.has(id)) selected.delete(id);
  settle();
  performance.mark("rows");
});
