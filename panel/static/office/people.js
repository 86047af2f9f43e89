// @ts-check
// Who is in the office, with which machines; who is invited; who waits to be let in.
import { t, ask } from "../kapu.js";
import { complain } from "../complain.js";
import { confirmed } from "../dialog.js";
import { html, nothing } from "../lit/lit-html.js";
import { withSecret } from "../secret.js";
import { aloud } from "./aloud.js";
import { dialogue, doing, moment, roleText } from "./office.js";
import { invite } from "./invite.js";

/** @import { Office, Device, Invited, JoinRequest, Joined, Member } from "../types.js" */
/** @typedef {() => unknown} Again draws the page anew, with what there is now */

/** @type {Record<string, string>} when each machine last gave a sign of life */
let seen = {};
let asked = "";

/**
 * look asks the store for it, once for each set of machines.
 * @param {Joined} office
 * @param {() => void} draw
 */
function look(office, draw) {
  const machines = office.members.flatMap((m) => m.devices.map((d) => d.id)).join();
  if (!office.admin || asked === machines) return;
  asked = machines;
  // A store out of reach is told of elsewhere.
  ask("office-seen").then((times) => { seen = times; draw(); }, () => { asked = ""; });
}

/**
 * button does a thing to somebody, whose name it says to who cannot see where it stands.
 * @param {string} word
 * @param {string} name
 * @param {() => unknown} act
 */
const button = (word, name, act) => html`<button type="button" aria-label=${word + ": " + name} @click=${act}>${
  word}</button>`;

/**
 * people is the page for who is in the office.
 * @param {Joined} office
 * @param {() => void} draw draws it again
 * @param {Again} again
 */
export function people(office, draw, again) {
  look(office, draw);
  const { admin, members, unfit = [], asking = [] } = office;
  const invites = (office.invites ?? []).filter((i) => !asking.some((r) => r.member === i.member));
  const inviting = html`<button type="button" class="main" id="invite" @click=${() => invite().then(again)}>${
    t("page-office-invite")}</button>`;
  return html`${office.away ? absent(office) : nothing}${asking.map((r) => request(r, again))}
  ${admin ? alone(members) : nothing}
  ${unfit.length === 0 ? nothing :
    html`<div class="warning"><p>${t("page-office-unfit", { Client: unfit.join(", ") })}</p></div>`}
  <div class="titled"><h2 id="people-title">${t("page-office-members")}</h2>${admin ? inviting : nothing}</div>
  <ul class="people" aria-labelledby="people-title">${members.map((m) => person(office, m, again))}</ul>
  ${admin && invites.length ? html`<h2>${t("page-office-invited")}</h2>
    <ul class="people">${invites.map((i) => invitation(i, again))}</ul>` : nothing}`;
}

/**
 * absent is for who sits at a machine that has to be approved again.
 * @param {Office} office
 */
const absent = ({ name, away, words }) => html`<section class="card asking" aria-labelledby="away">
  <h2 id="away">${t("page-office-away", { Name: name })}</h2>
  <p>${t("page-office-away-long", { Day: away ?? "" })}</p>${words ? aloud(words, "words") : nothing}
  <p class="hint" role="status">${t("page-office-waiting-hint")}</p></section>`;

/**
 * alone warns an office with one admin: whom that one loses the key of, it loses.
 * @param {Member[]} members
 */
function alone(members) {
  if (members.length === 1) return html`<p class="lead">${t("page-office-alone")}</p>`;
  if (members.filter((m) => m.role === "admin").length > 1) return nothing;
  return html`<div class="warning" id="second"><p>${t("page-office-second")}</p></div>`;
}

/**
 * request is a machine that waits to be let in, or to be approved again.
 * @param {JoinRequest} r
 * @param {Again} again
 */
function request({ device, name, machine, words, away = "" }, again) {
  const title = away ? "page-office-asking-again" : "page-office-asking";
  const long = away ? "page-office-asking-again-long" : "page-office-asking-long";
  const refused = away ? "page-office-refused-again" : "page-office-refused";
  const approve = () =>
    doing(ask("office-approve", device), t("page-office-approved", { Name: name })).then(again);
  const refuse = () => doing(ask("office-refuse", device), t(refused)).then(again);
  const id = "asking-" + device;
  return html`<section class="card asking" aria-labelledby=${id}>
    <h2 id=${id}>${t(title, { Name: name, Machine: machine })}</h2>
    <p>${t(long, { Name: name, Day: away })}</p>${aloud(words)}
    <menu class="start"><button type="button" class="main" @click=${approve}>${t("page-office-approve")}</button>
      <button type="button" @click=${refuse}>${t("page-office-refuse")}</button></menu></section>`;
}

/**
 * invitation is one that nobody has used yet.
 * @param {Invited} i
 * @param {Again} again
 */
function invitation({ id, name, until, auto }, again) {
  const withdraw = () => doing(ask("office-withdraw", id), t("page-office-withdrawn")).then(again);
  const end = t("page-office-invited-until", { Day: moment(until) });
  const how = auto ? end + " · " + t("page-office-auto-short") : end;
  return html`<li><div><strong><bdi>${name}</bdi></strong> <small>${how}</small></div>
    ${button(t("page-office-withdraw"), name, withdraw)}</li>`;
}

/**
 * person is a member with their machines.
 * @param {Joined} office
 * @param {Member} m
 * @param {Again} again
 */
function person(office, m, again) {
  const me = m.id === office.me ? html` <small>(${t("page-office-me")})</small>` : nothing;
  const email = m.email ? html`<br><small><bdi>${m.email}</bdi></small>` : nothing;
  const none = m.devices.length === 0 ? html`<li><small>${t("page-office-no-machine")}</small></li>` : nothing;
  return html`<li data-member=${m.id}>
    <div><strong><bdi>${m.name}</bdi></strong>${me} <span class=${"tag " + m.role}>${roleText[m.role]}</span>${
      email}</div>
    ${office.admin ? acts(office, m, again) : nothing}
    <ul>${m.devices.map((d) => machine(office, m, d, again))}${none}</ul></li>`;
}

/**
 * acts are what an admin may do with a member.
 * @param {Joined} office
 * @param {Member} m
 * @param {Again} again
 */
function acts(office, m, again) {
  const last = m.role === "admin" && office.members.filter((o) => o.role === "admin").length === 1;
  const other = t(m.role === "admin" ? "page-office-make-staff" : "page-office-make-admin");
  const changing = html`<button type="button" data-do="role" aria-label=${other + ": " + m.name}
    @click=${() => role(m, again)}>${other}</button>`;
  const removing = html`<button type="button" class="danger" data-do="remove"
    aria-label=${t("page-office-remove") + ": " + m.name} @click=${() => remove(m, again)}>${
    t("page-office-remove")}</button>`;
  return html`<div class="acts">${button(t("page-office-machine-new"), m.name, () => invite(m).then(again))}
    ${last ? nothing : changing}${m.id === office.me ? nothing : removing}</div>`;
}

/**
 * @param {Joined} office
 * @param {Member} m
 * @param {Device} d
 * @param {Again} again
 */
function machine(office, m, d, again) {
  const here = d.id === office.device;
  const out = html`<button type="button" class="quiet" aria-label=${t("page-office-machine-out") + ": " + d.name}
    @click=${() => removeMachine(m, d, again)}>${t("page-office-machine-out")}</button>`;
  const tag = html` <span class="tag" title=${t("page-office-away-hint")}>${t("page-office-away-tag")}</span>`;
  const away = d.away ? tag : nothing;
  return html`<li><span><bdi>${d.name}</bdi>${here ? html` <small>(${t("page-office-here")})</small>` : away}</span>
    <small>${seen[d.id] ? t("page-office-seen", { Day: moment(seen[d.id]) }) : nothing}</small>
    ${d.number ? html`<button type="button" class="quiet" data-do="verify"
      aria-label=${t("page-office-number") + ": " + d.name} @click=${() => verify(d)}>${
      t("page-office-number")}</button>` : nothing}
    ${office.admin && !here ? out : nothing}</li>`;
}

/**
 * verify shows the safety number of this machine with another.
 * @param {Device} d
 */
const verify = ({ name, number = "" }) => dialogue({
  title: t("page-office-number-of", { Machine: name }),
  body: () => html`<p>${t("page-office-number-long")}</p>${aloud(number)}
    <p>${t("page-office-number-differ")}</p>`,
});

/**
 * sure asks before a deed that cannot be taken back.
 * @param {string} title
 * @param {string[]} sentences
 * @param {string} go
 * @param {() => Promise<unknown>} deed
 * @param {Again} again
 */
const sure = (title, sentences, go, deed, again) => confirmed(title, sentences, go, deed).done.then(again);

/**
 * @param {Member} m
 * @param {Again} again
 */
function role(m, again) {
  if (m.role === "admin") {
    return sure(t("page-office-make-staff-of", { Name: m.name }), [t("page-office-make-staff-long")],
      t("page-office-make-staff"), () => ask("office-role", { member: m.id, role: "staff" }), again);
  }
  const why = t("page-office-make-admin-why", { Name: m.name });
  const deed = async () =>
    await withSecret(why, (secret) => ask("office-role", { member: m.id, role: "admin" }, { secret })) ?? false;
  return sure(t("page-office-make-admin-of", { Name: m.name }), [t("page-office-make-admin-long")],
    t("page-office-make-admin"), deed, again);
}

/**
 * What somebody knows is counted before they go: that is what will have to be renewed.
 * @param {Member} m
 * @param {Again} again
 */
async function remove(m, again) {
  try {
    const known = m.devices.length > 0 ? await ask("office-known", m.id) : 0;
    const left = known > 0 ? t("page-office-remove-known", { N: known }) : t("page-office-remove-unknown");
    sure(t("page-office-remove-of", { Name: m.name }), [t("page-office-remove-long"), left], t("page-office-remove"),
      () => ask("office-remove-member", m.id), again);
  } catch (e) {
    complain(e);
  }
}

/**
 * @param {Member} m
 * @param {Device} d
 * @param {Again} again
 */
const removeMachine = (m, d, again) => sure(t("page-office-machine-out-of", { Machine: d.name }),
  [t("page-office-machine-out-long", { Name: m.name })], t("page-office-machine-out"),
  () => ask("office-remove-device", d.id), again);
