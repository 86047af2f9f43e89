// @ts-check
// An invitation: for whom, for how long; then the text that is handed over.
import { t, ask, notify } from "../kapu.js";
import { html, nothing } from "../lit/lit-html.js";
import { one } from "../dom.js";
import { withSecret } from "../secret.js";
import { dialogue, moment } from "./office.js";

/** @import { Invitation, Member } from "../types.js" */

const person = () => html`<label>${t("page-office-person")}
    <input name="person" maxlength="100" required autofocus autocomplete="off"></label>
  <label>${t("page-office-email")}<input name="email" type="email" maxlength="200" autocomplete="off"></label>
  <fieldset><legend>${t("page-office-role")}</legend>
    <label class="tick"><input type="radio" name="role" value="staff" checked>${t("page-office-staff-long")}</label>
    <label class="tick"><input type="radio" name="role" value="admin">${t("page-office-admin-long")}</label>
  </fieldset>`;

/**
 * invite asks for a new person, or for a further machine of a member. It is over when the text was handed over.
 * @param {Member} [known]
 */
export async function invite(known) {
  const made = await dialogue({
    title: known ? t("page-office-machine-for", { Name: known.name }) : t("page-office-invite"),
    go: t("page-office-invite-do"),
    body: () => html`${known ? nothing : person()}
      <label>${t("page-office-days")}<input name="days" type="number" min="1" max="30" value="7" required></label>
      <label class="tick"><input type="checkbox" name="auto">${t("page-office-auto")}</label>
      <p class="hint">${t("page-office-auto-hint")}</p>`,
    async deed(f) {
      const who = known ? { member: known.id } :
        { member: "", name: f.person.value.trim(), email: f.email.value.trim(), role: f.role.value };
      const wanted = { ...who, days: Number(f.days.value), auto: f.auto.checked };
      const why = t("page-office-invite-why");
      return await withSecret(why, (secret) => ask("office-invite", wanted, { secret })) ?? false;
    },
  }).done;
  if (!made) return;
  const title = t("page-office-invitation-for", { Name: made.name });
  await dialogue({ title, look: "wide", body: () => handedOver(made) }).done;
}

/** @param {Invitation} invitation */
function handedOver({ text, until, picture }) {
  const select = (/** @type {Event} */ e) => /** @type {HTMLTextAreaElement} */ (e.target).select();
  const code = () => html`<img class="qr" src=${picture} alt=${t("page-office-qr")} width="240" height="240">`;
  return html`<p>${t("page-office-invitation-how", { Day: moment(until) })}</p>
    <div class="handed"><div><label>${t("page-office-invitation")}<textarea id="invitation" class="key" rows="7"
      readonly autofocus .value=${text} @focus=${select}></textarea></label>
      <p><button type="button" @click=${copy}>${t("page-office-copy")}</button></p></div>
    ${picture ? code() : nothing}</div>
    <p class="hint">${t("page-office-invitation-hint")}</p>`;
}

// The clipboard's own interface is denied to the page (panel/guard.go).
function copy() {
  one("#invitation", HTMLTextAreaElement).select();
  if (document.execCommand("copy")) notify(t("page-office-copied"));
}
