// Who stands in for whom, from when to when.
import { t, ask, onLocked, complain, notify, Problem } from "../kapu.js";
import { clients, folders, follow as followClients } from "../list.js";
import { html, render, nothing } from "../lit/lit-html.js";
import { fromText, untilText } from "../dates.js";
import { confirmed, follow, rightLong, rightText } from "./office.js";
import { unpack } from "./rights.js";

const place = document.getElementById("office");
let office = null;
let grants = [];
let what = "member"; // the kind of what is stood in for

// groups are the rights that begin or end by themselves, those together that were given together.
function groups() {
  const now = Date.now() / 1000;
  const found = new Map();
  for (const g of grants) {
    if (!g.until && g.from <= now || g.until && g.until <= now) continue;
    const key = [g.member, g.right, g.from, g.until].join();
    if (!found.has(key)) found.set(key, { ...g, ids: [], targets: [] });
    const group = found.get(key);
    group.ids.push(g.id);
    group.targets.push(g.kind === "all" ? t("page-office-all") : g.kind === "folder" ? t("page-office-folder-of", { Folder: g.folder }) : clients.find((c) => c.id === g.client)?.name ?? t("page-office-unseen"));
  }
  return [...found.values()].sort((a, b) => a.from - b.from || a.until - b.until);
}

const nameOf = (id) => office.members.find((m) => m.id === id)?.name ?? "";
const few = 3;
const listed = (names) => names.length > few ? names.slice(0, few).join(", ") + " " + t("page-others", { N: names.length - few }) : names.join(", ");

function line(g) {
  const coming = g.from > Date.now() / 1000;
  return html`<tr><th scope="row"><bdi>${nameOf(g.member)}</bdi><br><small title=${g.targets.join(", ")}><bdi>${listed(g.targets)}</bdi></small></th>
    <td>${rightText[g.right]}</td><td>${g.from ? fromText(g.from) : t("page-office-now")} –<br>${g.until ? untilText(g.until) : t("page-office-no-end")}</td>
    <td>${t(coming ? "page-office-coming" : "page-office-current")}</td>
    <td class="do"><button type="button" @click=${() => end(g)} aria-label=${t("page-office-end") + ": " + nameOf(g.member)}>${t("page-office-end")}</button></td></tr>`;
}

const end = (g) => confirmed(t("page-office-end-of", { Name: nameOf(g.member) }),
  [t(g.right === "codes" ? "page-office-end-codes" : "page-office-end-use")], t("page-office-end"), () => ask("office-revoke", g.ids));

const option = (value, text) => html`<option value=${value}>${text}</option>`;

// iso is a day so many days from now.
function iso(days) {
  const d = new Date();
  d.setDate(d.getDate() + days);
  return [d.getFullYear(), d.getMonth() + 1, d.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
}

function draw() {
  if (!office) return;
  const list = groups();
  const staff = office.members.filter((m) => m.role !== "admin");
  render(html`<p class="lead">${t("page-office-substitutes-long")}</p>
    ${staff.length === 0 ? html`<p class="hint">${t("page-office-no-staff")}</p>` : html`<form class="card" autocomplete="off" aria-labelledby="new-title" @submit=${add} @change=${(e) => { if (e.target.name === "what") { what = e.target.value; draw(); } }}>
      <h2 id="new-title">${t("page-office-substitute-new")}</h2>
      <div class="fields"><label>${t("page-office-substitute")}<select name="member">${staff.map((m) => option(m.id, m.name))}</select></label>
        <label>${t("page-office-what")}<select name="what">${["member", "folder", "client", "all"].map((w) => option(w, kinds[w]))}</select></label>
        ${what === "member" ? html`<label>${t("page-office-whose")}<select name="for">${office.members.map((m) => option(m.id, m.name))}</select></label>` : nothing}
        ${what === "folder" ? html`<label>${t("page-folder")}<select name="folder" required>${folders().map((f) => option(f, f))}</select></label>` : nothing}
        ${what === "client" ? html`<label>${t("page-office-client")}<input name="client" list="clients" required autocomplete="off" spellcheck="false"></label>` : nothing}
        <label>${t("page-from")}<input name="from" type="date" required .defaultValue=${iso(0)}></label>
        <label>${t("page-office-last-day")}<input name="until" type="date" required .defaultValue=${iso(7)}></label></div>
      <fieldset><legend>${t("page-office-right")}</legend>
        <label class="tick"><input type="radio" name="right" value="codes" checked><span>${rightText.codes} <small>${rightLong.codes}</small></span></label>
        <label class="tick"><input type="radio" name="right" value="use"><span>${rightText.use} <small>${rightLong.use}</small></span></label></fieldset>
      <p class="wrong" role="alert"></p>
      <menu><button class="main">${t("page-office-substitute-do")}</button></menu></form>
      <datalist id="clients">${clients.filter((c) => c.right).map((c) => option(c.name, ""))}</datalist>`}
    <h2>${t("page-office-substitutes-list")}</h2>
    ${list.length === 0 ? html`<p class="lead">${t("page-office-substitutes-none")}</p>` : html`<div class="scroll"><table class="list stands" id="list"><thead class="unseen"><tr>
      ${columns.map((text) => html`<th scope="col">${text}</th>`)}</tr></thead>
      <tbody>${list.map(line)}</tbody></table></div>`}`, place);
}

const kinds = { member: t("page-office-what-member"), folder: t("page-office-what-folder"), client: t("page-office-what-client"), all: t("page-office-all") };
const columns = [t("page-office-substitute"), t("page-office-right"), t("page-office-days-column"), t("page-office-state-column"), t("page-office-end")];

async function add(e) {
  e.preventDefault();
  const form = e.target;
  const f = form.elements;
  const wrong = form.querySelector(".wrong");
  wrong.textContent = "";
  try {
    const named = clients.filter((c) => c.right && c.name === f.client?.value.trim());
    if (f.client && named.length !== 1) throw new Problem(t("page-office-client-which"));
    await ask("office-substitute", {
      member: f.member.value, for: f.for?.value ?? "", folder: f.folder?.value ?? "", clients: named.map((c) => c.id),
      right: f.right.value, from: f.from.value, until: f.until.value,
    });
    notify(t("page-office-substitute-set", { Name: nameOf(f.member.value) }));
    await load();
  } catch (problem) {
    if (problem instanceof Problem) wrong.textContent = problem.message; else complain(problem);
  }
}

async function load() {
  grants = unpack(await ask("office-grants"));
  draw();
}

follow((now) => { office = now; load().catch(complain); });
followClients(draw);
onLocked(() => { office = null; grants = []; });
