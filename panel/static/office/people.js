// Who is in the office, with which machines; who is invited; who waits to be let in.
import { t, ask, complain } from "../kapu.js";
import { html, nothing } from "../lit/lit-html.js";
import { withSecret } from "../secret.js";
import { confirmed, doing, moment, roleText } from "./office.js";
import { invite } from "./invite.js";

let seen = {}; // when each machine last gave a sign of life
let asked = "";

// look asks the store for it, once for each set of machines.
function look(office, draw) {
  const machines = office.members.flatMap((m) => m.devices.map((d) => d.id)).join();
  if (!office.admin || asked === machines) return;
  asked = machines;
  ask("office-seen").then((times) => { seen = times; draw(); }, () => { asked = ""; }); // a store out of reach is told of elsewhere
}

export function people(office, draw, again) {
  look(office, draw);
  const admins = office.members.filter((m) => m.role === "admin");
  const asking = office.asking ?? [];
  const invites = (office.invites ?? []).filter((i) => !asking.some((r) => r.member === i.member));
  const busy = (deed, said) => doing(deed, said).then(again);
  return html`${asking.map((r) => html`<section class="card asking" aria-labelledby=${"asking-" + r.device}>
    <h2 id=${"asking-" + r.device}>${t("page-office-asking", { Name: r.name, Machine: r.machine })}</h2>
    <p>${t("page-office-asking-long")}</p><p class="words">${r.words}</p>
    <menu class="start"><button type="button" class="main" @click=${() => busy(ask("office-approve", r.device), t("page-office-approved", { Name: r.name }))}>${t("page-office-approve")}</button>
      <button type="button" @click=${() => busy(ask("office-refuse", r.device), t("page-office-refused"))}>${t("page-office-refuse")}</button></menu></section>`)}
  ${office.admin && admins.length === 1 && office.members.length > 1 ? html`<div class="warning" id="second"><p>${t("page-office-second")}</p></div>` :
    office.admin && office.members.length === 1 ? html`<p class="lead">${t("page-office-alone")}</p>` : nothing}
  ${office.unfit?.length ? html`<div class="warning"><p>${t("page-office-unfit", { Client: office.unfit.join(", ") })}</p></div>` : nothing}
  <div class="titled"><h2 id="people-title">${t("page-office-members")}</h2>
    ${office.admin ? html`<button type="button" class="main" id="invite" @click=${() => invite(office, "").then(again)}>${t("page-office-invite")}</button>` : nothing}</div>
  <ul class="people" aria-labelledby="people-title">${office.members.map((m) => person(office, m, admins, busy, again))}</ul>
  ${office.admin && invites.length ? html`<h2>${t("page-office-invited")}</h2>
    <ul class="people">${invites.map((i) => html`<li><div><strong><bdi>${i.name}</bdi></strong> <small>${t("page-office-invited-until", { Day: moment(i.until) })}${i.auto ? " · " + t("page-office-auto-short") : ""}</small></div>
      <button type="button" aria-label=${t("page-office-withdraw") + ": " + i.name} @click=${() => busy(ask("office-withdraw", i.id), t("page-office-withdrawn"))}>${t("page-office-withdraw")}</button></li>`)}</ul>` : nothing}`;
}

function person(office, m, admins, busy, again) {
  const me = m.id === office.me;
  const last = m.role === "admin" && admins.length === 1;
  return html`<li data-member=${m.id}>
    <div><strong><bdi>${m.name}</bdi></strong>${me ? html` <small>(${t("page-office-me")})</small>` : nothing} <span class=${"tag " + m.role}>${roleText[m.role]}</span>
      ${m.email ? html`<br><small><bdi>${m.email}</bdi></small>` : nothing}</div>
    ${office.admin ? html`<div class="acts">
      <button type="button" @click=${() => invite(office, m.id).then(again)} aria-label=${t("page-office-machine-new") + ": " + m.name}>${t("page-office-machine-new")}</button>
      ${last ? nothing : html`<button type="button" data-do="role" aria-label=${t(m.role === "admin" ? "page-office-make-staff" : "page-office-make-admin") + ": " + m.name}
        @click=${() => role(m, again)}>${t(m.role === "admin" ? "page-office-make-staff" : "page-office-make-admin")}</button>`}
      ${me ? nothing : html`<button type="button" class="danger" data-do="remove" aria-label=${t("page-office-remove") + ": " + m.name} @click=${() => remove(m, again)}>${t("page-office-remove")}</button>`}
    </div>` : nothing}
    <ul>${m.devices.map((d) => html`<li><span><bdi>${d.name}</bdi>${d.id === office.device ? html` <small>(${t("page-office-here")})</small>` : nothing}</span>
      <small>${seen[d.id] ? t("page-office-seen", { Day: moment(seen[d.id]) }) : nothing}</small>
      ${office.admin && d.id !== office.device ? html`<button type="button" class="quiet" aria-label=${t("page-office-machine-out") + ": " + d.name}
        @click=${() => removeMachine(m, d, again)}>${t("page-office-machine-out")}</button>` : nothing}</li>`)}
      ${m.devices.length === 0 ? html`<li><small>${t("page-office-no-machine")}</small></li>` : nothing}</ul></li>`;
}

function role(m, again) {
  if (m.role === "admin") {
    return confirmed(t("page-office-make-staff-of", { Name: m.name }), [t("page-office-make-staff-long")], t("page-office-make-staff"),
      () => ask("office-role", { member: m.id, role: "staff", current: "" })).done.then(again);
  }
  return confirmed(t("page-office-make-admin-of", { Name: m.name }), [t("page-office-make-admin-long")], t("page-office-make-admin"),
    () => withSecret(t("page-office-make-admin-why", { Name: m.name }), (current) => ask("office-role", { member: m.id, role: "admin", current }))
      .then((done) => done !== null)).done.then(again);
}

// What somebody knows is counted before they go: that is what will have to be renewed.
async function remove(m, again) {
  try {
    const known = m.devices.length > 0 ? await ask("office-known", m.id) : 0;
    confirmed(t("page-office-remove-of", { Name: m.name }),
      [t("page-office-remove-long"), known > 0 ? t("page-office-remove-known", { N: known }) : t("page-office-remove-unknown")],
      t("page-office-remove"), () => ask("office-remove-member", m.id)).done.then(again);
  } catch (e) {
    complain(e);
  }
}

const removeMachine = (m, d, again) => confirmed(t("page-office-machine-out-of", { Machine: d.name }),
  [t("page-office-machine-out-long", { Name: m.name })], t("page-office-machine-out"), () => ask("office-remove-device", d.id)).done.then(again);
