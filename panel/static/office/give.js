// @ts-check
// Giving a member a right to some rows of the table.
import { t, ask, notify } from "../kapu.js";
import { complain } from "../complain.js";
import { html, nothing } from "../lit/lit-html.js";
import { dialogue, rightText, rightLong, rights } from "./office.js";
import { reachText } from "./reach.js";

/** @import { Member, Reach, Right } from "../types.js" */
/** @import { Fields } from "../dom.js" */
/** @import { Rights, Row } from "./rights.js" */

const most = 3; // rows that are named

/** @type {(keyof typeof rightLong)[]} the rights that can be given */
const given = ["codes", "use", "edit"];

/**
 * change asks which right; done is called when it was given.
 * @param {Row[]} rows
 * @param {Member[]} members whom it may be given to
 * @param {string} member id of the one it is for; "" is to be asked
 * @param {Rights} known
 * @param {() => void} done
 */
export function change(rows, members, member, known, done) {
  const one = members.find((m) => m.id === member);
  if (members.length === 0) return notify(t("page-office-no-staff"));
  const now = one && rows.length === 1 ? known.at(member, rows[0]).own : "use";
  const wanted = (/** @type {Fields | null} */ f) => /** @type {Right} */ (f ? f.right.value : now);
  const few = rows.slice(0, most).map((r) => r.name).join(", ");
  const what = rows.length > most ? few + ", …" : few;
  const all = rows.some((r) => r.kind === "all");
  const scopes = {
    clients: rows.flatMap((r) => r.kind === "client" ? [r.client.id] : []),
    folders: rows.flatMap((r) => r.kind === "folder" ? [r.folder] : []), all,
  };
  /** @type {Reach | null} what it comes to, said before it is done */
  let reach = null;
  let question = ""; // that it answers
  const who = (/** @type {Fields | null} */ f) => one?.id ?? f?.member.value ?? members[0].id;
  const nameOf = (/** @type {string} */ id) => members.find((m) => m.id === id)?.name ?? "";
  const request = (/** @type {Fields | null} */ f) =>
    ({ members: [who(f)], right: wanted(f), until: f?.until?.value ?? "", ...scopes });
  const incomplete = (/** @type {Fields | null} */ f) => wanted(f) === "codes" && !f?.until?.value;
  const look = (/** @type {Fields | null} */ f) => {
    const asked = JSON.stringify(request(f));
    if (asked === question) return;
    question = asked;
    ask("office-reach", incomplete(f) ? scopes : request(f)).then((answer) => {
      if (asked !== question) return; // the person has chosen something else since
      reach = answer;
      if (open.dialog.open) open.show();
    }).catch(complain);
  };

  // What comes from a folder or from everything is not taken away by less in one row: that is said before.
  const stays = (/** @type {Fields | null} */ f) => {
    const rank = rights.indexOf(wanted(f));
    const n = rows.map((r) => known.at(who(f), r)).filter((h) => h.through && rights.indexOf(h.right) > rank).length;
    return n > 0 ? html`<p class="warning">${t("page-office-stays", { N: n })}</p>` : nothing;
  };
  const asked = () => html`<label>${t("page-office-member")}<select name="member">${
    members.map((m) => html`<option value=${m.id}>${m.name}</option>`)}</select></label>`;
  /**
   * @param {Right} r
   * @param {string} text
   * @param {string} [long]
   */
  const choice = (r, text, long) => html`<label class="tick"><input type="radio" name="right" value=${r}
    ?checked=${r === now} ?autofocus=${r === now}>
    <span>${text}${long ? html` <small>${long}</small>` : nothing}</span></label>`;
  const lastDay = () => html`<label>${t("page-office-last-day")}
    <input name="until" type="date" required autocomplete="off"></label>`;

  const open = dialogue({
    title: one ? `${one.name}: ${what}` : what,
    go: t("page-set"),
    body: (f) => (look(f), html`${one ? nothing : asked()}
      <fieldset><legend>${t("page-office-right")}</legend>
        ${choice("", t("page-office-nothing"))}${given.map((r) => choice(r, rightText[r], rightLong[r]))}</fieldset>
      ${wanted(f) === "codes" ? lastDay() : nothing}
      ${all ? html`<p class="hint">${t("page-office-all-hint")}</p>` : nothing}
      <p class="hint reach" role="status">${reach ? reachText(reach, nameOf(who(f))) : ""}</p>${stays(f)}`),
    async deed(f) {
      const { clients } = reach ?? await ask("office-reach", request(f));
      await ask("office-set-rights", request(f));
      const right = wanted(f);
      notify(t("page-office-given", {
        Name: nameOf(who(f)), Right: right ? rightText[right] : t("page-office-nothing"), What: what, N: clients,
      }));
      done();
    },
  });
}
