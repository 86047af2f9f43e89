// @ts-check
// Who stands in for whom, from when to when (delegation for a time).
import { t, ask, onLocked, notify, Problem } from "../kapu.js";
import { complain } from "../complain.js";
import { fold } from "../fold.js";
import { label } from "../label.js";
import { confirmed } from "../dialog.js";
import { byId, fields, formOf, one } from "../dom.js";
import { clients, folders, follow as followClients, loaded } from "../list.js";
import { html, render, nothing } from "../lit/lit-html.js";
import { ahead, dayText } from "../dates.js";
import { follow, rightLong, rightText } from "./office.js";
import { reachText } from "./reach.js";

/** @import { Grant, Member } from "../types.js" */
/** @typedef {Grant & { ids: string[], targets: string[] }} Group grants that were given together, and to what */
/** @typedef {"member" | "folder" | "client" | "all"} Kind */

const place = byId("office");
/** @type {Member[] | null} */
let members = null;
/** @type {Grant[]} */
let grants = [];
/** @type {Kind} of what is stood in for */
let what = "member";
let reach = ""; // to how many clients that would be a right, as far as it has been chosen
let asked = 0;

// groups are the grants that begin or end by themselves, those together that were given together.
function groups() {
  /** @type {Map<string, Group>} */
  const found = new Map();
  for (const g of grants) {
    if (g.state === "over" || g.state === "current" && !g.until) continue;
    const key = [g.member, g.right, g.from, g.until].join();
    const group = found.get(key) ?? { ...g, ids: [], targets: [] };
    found.set(key, group);
    group.ids.push(g.id);
    group.targets.push(targetText(g));
  }
  return [...found.values()].sort((a, b) => compare(a.from, b.from) || compare(a.until, b.until));
}

/**
 * compare orders days; "" is before all.
 * @param {string} a
 * @param {string} b
 */
const compare = (a, b) => a < b ? -1 : Number(a > b);

/** @param {Grant} g */
function targetText(g) {
  switch (g.kind) {
    case "all": return t("page-office-all");
    case "folder": return t("page-office-folder-of", { Folder: g.folder });
  }
  const client = clients.find((c) => c.id === g.client);
  return client ? label(client) : t("page-office-unseen");
}

/** @param {string} id */
const nameOf = (id) => members?.find((m) => m.id === id)?.name ?? "";
const few = 3;

/** @param {string[]} names */
function listed(names) {
  if (names.length <= few) return names.join(", ");
  return names.slice(0, few).join(", ") + " " + t("page-others", { N: names.length - few });
}

/** @param {Group} g */
function line(g) {
  return html`<tr><th scope="row"><bdi>${nameOf(g.member)}</bdi><br>
      <small title=${g.targets.join(", ")}><bdi>${listed(g.targets)}</bdi></small></th>
    <td>${rightText[g.right]}</td>
    <td>${g.from ? dayText(g.from) : t("page-office-now")} –<br>${
      g.until ? dayText(g.until) : t("page-office-no-end")}</td>
    <td>${t(g.state === "coming" ? "page-office-coming" : "page-office-current")}</td>
    <td class="do"><button type="button" @click=${() => end(g)}
      aria-label=${t("page-office-end") + ": " + nameOf(g.member)}>${t("page-office-end")}</button></td></tr>`;
}

/** @param {Group} g */
function end(g) {
  const sentence = t(g.right === "codes" ? "page-office-end-codes" : "page-office-end-use");
  const title = t("page-office-end-of", { Name: nameOf(g.member) });
  confirmed(title, [sentence], t("page-office-end"), () => ask("office-revoke", g.ids));
}

/**
 * @param {string} value
 * @param {string} text
 */
const option = (value, text) => html`<option value=${value}>${text}</option>`;

const kinds = {
  member: t("page-office-what-member"), folder: t("page-office-what-folder"), client: t("page-office-what-client"),
  all: t("page-office-all"),
};
const columns = [
  t("page-office-substitute"), t("page-office-right"), t("page-office-days-column"), t("page-office-state-column"),
  t("page-office-end"),
];

// whatField asks for what exactly is stood in for.
function whatField() {
  switch (what) {
    case "member": return html`<label>${t("page-office-whose")}<select name="for">${
      members?.map((m) => option(m.id, m.name))}</select></label>`;
    case "folder": return html`<label>${t("page-folder")}<select name="folder" required>${
      folders().map((f) => option(f, f))}</select></label>`;
    case "client": return html`<label>${t("page-office-client")}<input name="client" list="clients" required
      autocomplete="off" spellcheck="false"></label>`;
    case "all": return nothing;
  }
}

/**
 * choice is a right that a substitute can have.
 * @param {"codes" | "use"} right
 * @param {boolean} first
 */
const choice = (right, first) => html`<label class="tick"><input type="radio" name="right" value=${right}
  ?checked=${first}><span>${rightText[right]} <small>${rightLong[right]}</small></span></label>`;

/** @param {Event} e */
function changed(e) {
  const field = e.target;
  if (!(field instanceof HTMLSelectElement || field instanceof HTMLInputElement)) return;
  if (field.name === "what") what = /** @type {Kind} */ (field.value);
  draw();
  look().catch(complain);
}

// look asks how many clients what is chosen now is about, and who comes along.
async function look() {
  const mine = ++asked;
  reach = "";
  const form = place.querySelector("form");
  if (!form) return; // nobody can be a substitute, or the clients have not come yet
  const f = fields(form);
  const named = f.client ? meant(f.client.value) : [];
  const keys = f.right.value === "use" && f.from.value && f.until.value; // else no key comes to the substitute
  const answer = what === "client" && named.length !== 1 ? null : await ask("office-reach", {
    clients: named.map((c) => c.id), folders: f.folder ? [f.folder.value] : [], all: what === "all",
    for: f.for?.value ?? "", from: f.from.value, until: f.until.value,
    ...keys && { members: [f.member.value], right: f.right.value },
  });
  if (mine !== asked) return;
  if (answer) reach = reachText(answer, members?.find((m) => m.id === f.member.value)?.name);
  draw();
}

/** @param {Member[]} staff */
const newForm = (staff) => html`<form class="card" autocomplete="off" aria-labelledby="new-title" @submit=${add}
  @change=${changed}>
  <h2 id="new-title">${t("page-office-substitute-new")}</h2>
  <div class="fields"><label>${t("page-office-substitute")}<select name="member">${
      staff.map((m) => option(m.id, m.name))}</select></label>
    <label>${t("page-office-what")}<select name="what">${
      Object.entries(kinds).map(([kind, text]) => option(kind, text))}</select></label>
    ${whatField()}
    <label>${t("page-from")}<input name="from" type="date" required .defaultValue=${ahead(0, 0)}></label>
    <label>${t("page-office-last-day")}<input name="until" type="date" required .defaultValue=${ahead(0, 7)}></label>
  </div>
  <fieldset><legend>${t("page-office-right")}</legend>${choice("codes", true)}${choice("use", false)}</fieldset>
  <p class="hint reach" role="status">${reach || nothing}</p>
  <p class="wrong" role="alert"></p>
  <menu><button class="main">${t("page-office-substitute-do")}</button></menu></form>
  <datalist id="clients">${clients.filter((c) => c.right).map((c) => option(label(c), ""))}</datalist>`;

/** @param {Group[]} list */
const table = (list) => html`<div class="scroll"><table class="list stands" id="list"><thead class="unseen"><tr>
  ${columns.map((text) => html`<th scope="col">${text}</th>`)}</tr></thead>
  <tbody>${list.map(line)}</tbody></table></div>`;

function draw() {
  if (!members || !loaded) return;
  const list = groups();
  const staff = members.filter((m) => m.role !== "admin");
  render(html`<p class="lead">${t("page-office-substitutes-long")}</p>
    ${staff.length > 0 ? newForm(staff) : html`<p class="hint">${t("page-office-no-staff")}</p>`}
    <h2>${t("page-office-substitutes-list")}</h2>
    ${list.length > 0 ? table(list) : html`<p class="lead">${t("page-office-substitutes-none")}</p>`}`, place);
}

/**
 * meant are the clients of the office that a text means: the one with this label, else those of this name.
 * @param {string} text
 */
function meant(text) {
  const ours = clients.filter((c) => c.right);
  const labelled = ours.filter((c) => fold(label(c)) === fold(text));
  return labelled.length > 0 ? labelled : ours.filter((c) => fold(c.name) === fold(text));
}

/**
 * chosen is the one client that a text means.
 * @param {string} text
 */
function chosen(text) {
  const means = meant(text);
  if (means.length === 0) throw new Problem(t("page-office-client-which"));
  if (means.length > 1) throw new Problem(t("page-office-client-of", { Clients: means.map(label).join("; ") }));
  return means[0];
}

/** @param {Event} e */
async function add(e) {
  e.preventDefault();
  const form = formOf(e);
  const f = fields(form);
  const wrong = one(".wrong", HTMLElement, form);
  wrong.textContent = "";
  try {
    const named = f.client ? [chosen(f.client.value)] : [];
    await ask("office-substitute", {
      member: f.member.value, for: f.for?.value ?? "", folders: f.folder ? [f.folder.value] : [],
      clients: named.map((c) => c.id), all: what === "all",
      right: f.right.value, from: f.from.value, until: f.until.value,
    });
    const said = { Name: nameOf(f.member.value), Reach: reach };
    notify(t(reach ? "page-office-substitute-reach" : "page-office-substitute-set", said));
    await load();
  } catch (problem) {
    if (problem instanceof Problem) wrong.textContent = problem.message; else complain(problem);
  }
}

async function load() {
  grants = await ask("office-grants");
  draw();
}

follow((office) => { members = office.members ?? []; return load().then(look); });
followClients(() => {
  draw();
  look().catch(complain);
});
onLocked(() => { members = null; grants = []; });
