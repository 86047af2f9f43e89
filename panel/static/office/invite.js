// An invitation: for whom, for how long; then the text that is handed over.
import { t, ask, notify } from "../kapu.js";
import { html, nothing } from "../lit/lit-html.js";
import { withSecret } from "../secret.js";
import { dialogue, moment } from "./office.js";

// invite asks for a new person, or for a further machine of a member. It is over when the text was handed over.
export function invite(office, member) {
  const known = office.members.find((m) => m.id === member);
  let made = null;
  return dialogue({
    title: known ? t("page-office-machine-for", { Name: known.name }) : t("page-office-invite"),
    go: t("page-office-invite-do"),
    body: () => html`${known ? nothing : html`<label>${t("page-office-person")}<input name="person" maxlength="100" required autofocus autocomplete="off"></label>
      <label>${t("page-office-email")}<input name="email" type="email" maxlength="200" autocomplete="off"></label>
      <fieldset><legend>${t("page-office-role")}</legend>
        <label class="tick"><input type="radio" name="role" value="staff" checked>${t("page-office-staff-long")}</label>
        <label class="tick"><input type="radio" name="role" value="admin">${t("page-office-admin-long")}</label></fieldset>`}
      <label>${t("page-office-days")}<input name="days" type="number" min="1" max="30" value="7" required></label>
      <label class="tick"><input type="checkbox" name="auto">${t("page-office-auto")}</label>
      <p class="hint">${t("page-office-auto-hint")}</p>`,
    async deed(f) {
      const wanted = { member, days: Number(f.days.value), auto: f.auto.checked, ...(known ? {} : { name: f.person.value.trim(), email: f.email.value.trim(), role: f.role.value }) };
      made = await withSecret(t("page-office-invite-why"), (current) => ask("office-invite", { ...wanted, current }));
      return made !== null;
    },
  }).done.then(() => made && handOver(made));
}

const handOver = (made) => dialogue({ title: t("page-office-invitation-for", { Name: made.name }), wide: true, body: () => shown(made) }).done;

const shown = (invitation) => html`<p>${t("page-office-invitation-how", { Day: moment(invitation.until) })}</p>
  <div class="handed"><div><label>${t("page-office-invitation")}<textarea id="invitation" class="key" rows="7" readonly autofocus .value=${invitation.text} @focus=${(e) => e.target.select()}></textarea></label>
    <p><button type="button" @click=${copy}>${t("page-office-copy")}</button></p></div>
  ${invitation.picture ? html`<img class="qr" src=${invitation.picture} alt=${t("page-office-qr")} width="240" height="240">` : nothing}</div>
  <p class="hint">${t("page-office-invitation-hint")}</p>`;

function copy() {
  document.getElementById("invitation").select();
  if (document.execCommand("copy")) notify(t("page-office-copied"));
}
