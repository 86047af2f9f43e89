// @ts-check
// The first page of the office: whoever is in none founds one or joins; else it shows who is in it.
import { t, ask, onLocked } from "../kapu.js";
import { byId, one } from "../dom.js";
import { confirmed } from "../dialog.js";
import { html, render } from "../lit/lit-html.js";
import { aloud } from "./aloud.js";
import { follow } from "./office.js";
import { enter } from "./enter.js";
import { people } from "./people.js";

/** @import { Joined, Office } from "../types.js" */

const place = byId("office");

/**
 * waiting is for who has an invitation and is to be let in.
 * @param {Office} office
 */
function waiting({ name, words }) {
  const giveUp = () => leave(t("page-office-give-up"), t("page-office-give-up-long"));
  return html`<section class="card"><h2>${t("page-office-waiting", { Name: name })}</h2>
    <p>${t("page-office-waiting-long")}</p>${aloud(words ?? "", "words")}
    <p class="hint" role="status">${t("page-office-waiting-hint")}</p>
    <menu><button type="button" @click=${giveUp}>${t("page-office-give-up")}</button></menu></section>`;
}

/** @param {Office} office */
function expelled({ name }) {
  const close = () => leave(t("page-office-close"), t("page-office-close-long"));
  return html`<section class="card"><h2>${t("page-office-expelled", { Name: name })}</h2>
    <p>${t("page-office-expelled-long")}</p>
    <menu><button type="button" class="main" @click=${close}>${t("page-office-close")}</button></menu></section>`;
}

/**
 * @param {string} title
 * @param {string} sentence
 */
const leave = (title, sentence) => confirmed(title, [sentence], title, () => ask("office-leave", false));

/** @param {Office} office */
function look(office) {
  if (!office.in) return enter(again, office.only_store ?? "");
  if (office.expelled) return expelled(office);
  return office.joining ? waiting(office) : people(joined(office), draw, again);
}

/**
 * joined is an office that the person is in.
 * @param {Office} office
 * @returns {Joined}
 */
const joined = (office) => ({ ...office, members: office.members ?? [] });

/** @type {Office | null} */
let now = null;
const draw = () => { if (now?.members) render(people(joined(now), draw, again), place); };
const again = follow((office, changed) => {
  now = office;
  // What was typed into the forms is gone only when they are: lit keeps them as long as the same ones are drawn.
  render(look(office), place);
  if (changed) one("h1", HTMLElement).focus();
});
onLocked(() => { now = null; });
