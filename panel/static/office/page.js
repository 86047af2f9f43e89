// The first page of the office: whoever is in none founds one or joins; else it shows who is in it.
import { t, ask, onLocked } from "../kapu.js";
import { html, render } from "../lit/lit-html.js";
import { follow, confirmed } from "./office.js";
import { enter } from "./enter.js";
import { people } from "./people.js";

const place = document.getElementById("office");

const waiting = (office) => html`<section class="card">
  <h2>${t("page-office-waiting", { Name: office.name })}</h2>
  <p>${t("page-office-waiting-long")}</p>
  <p class="words" id="words">${office.words}</p>
  <p class="hint" role="status">${t("page-office-waiting-hint")}</p>
  <menu><button type="button" @click=${() => leave(t("page-office-give-up"), t("page-office-give-up-long"))}>${t("page-office-give-up")}</button></menu></section>`;

const expelled = (office) => html`<section class="card">
  <h2>${t("page-office-expelled", { Name: office.name })}</h2><p>${t("page-office-expelled-long")}</p>
  <menu><button type="button" class="main" @click=${() => leave(t("page-office-close"), t("page-office-close-long"))}>${t("page-office-close")}</button></menu></section>`;

const leave = (title, sentence) => confirmed(title, [sentence], title, () => ask("office-leave", false));

let now = null;
const draw = () => { if (now?.members) render(people(now, draw, () => again()), place); };
const again = follow((office, changed) => {
  now = office;
  // What was typed into the forms is gone only when they are: lit keeps them as long as the same ones are drawn.
  const look = !office.in ? enter(again) : office.expelled ? expelled(office) : office.joining ? waiting(office) : people(office, draw, () => again());
  render(look, place);
  if (changed) document.querySelector("h1").focus();
});
onLocked(() => { now = null; });
