// @ts-check
// Making one client of two: which stays, which key stays, and what comes of it, before it is done.
import { html, nothing } from "./lit/lit-html.js";
import { t, ask, Problem } from "./kapu.js";
import { complain } from "./complain.js";
import { openDialog } from "./dialog.js";
import { grouped } from "./copy.js";
import { usedText } from "./dates.js";
import { label } from "./label.js";
import { changed } from "./undo.js";

/** @import { Client, Merged } from "./types.js" */
/** @import { Fields } from "./dom.js" */

/** @type {Record<string, string>} what a field is called that the one who stays gets */
const fieldNames = {
  tax_number: t("page-tax-number"), folder: t("page-folder"), service: t("page-service"),
  user_name: t("page-user-name"), mandate_until: t("page-mandate"), password_until: t("page-password"),
  favourite: t("page-favourite"), last_used: t("page-used"),
};

/**
 * merge asks how two clients are to become one, and does it.
 * @param {[Client, Client]} two the first is proposed to stay
 * @param {() => HTMLElement | null} back where the focus goes
 * @returns {Promise<Merged | null>} null if the person gave up
 */
export function merge(two, back) {
  let asked = ""; // what the plan is, or will be, of
  /** @type {Merged | null} */
  let plan = null;
  let oneKey = false; // both have the same account
  /** @type {Record<string, string>} id → code, while they are shown */
  let codes = {};

  /** @param {Fields | null} f */
  const request = (f) => {
    const keep = f?.keep.value || two[0].id;
    const [other] = two.filter((c) => c.id !== keep);
    return { keep, other: other.id, other_key: Boolean(f?.key) && f?.key.value !== keep };
  };
  // look asks what would come of the present choice, unless that is known.
  const look = async (/** @type {ReturnType<request>} */ r) => {
    const what = r.keep + r.other_key;
    if (asked === what) return;
    asked = what;
    plan = null;
    try {
      const answer = await ask("merge", { ...r, dry_run: true });
      if (asked !== what || !open.dialog.open) return;
      plan = answer;
      if (!r.other_key) oneKey = answer.client.account === answer.other.account;
      open.show();
    } catch (e) {
      if (!(e instanceof Problem)) complain(e); // the browser's words are not the person's
      else if (open.dialog.open) open.show(e.message);
    }
  };
  const showCodes = async () => {
    try {
      const made = await Promise.all(two.map((c) => ask("code", c.id)));
      codes = Object.fromEntries(two.map((c, i) => [c.id, grouped(made[i].code).replaceAll(" ", "\u00a0")]));
      open.show();
    } catch (e) {
      complain(e);
    }
  };

  /**
   * @param {"keep" | "key"} name
   * @param {Client} c
   * @param {string} about
   */
  const choice = (name, c, about) => html`<label class="tick"><input type="radio" name=${name} value=${c.id}
    ?checked=${c === two[0]} ?autofocus=${name === "keep" && c === two[0]}><span><bdi>${label(c)}</bdi> <small>${
    about}</small></span></label>`;
  /** @param {Client} c */
  const person = (c) => [c.tax_number, c.folder].filter(Boolean).join(" · ");
  /** @param {Client} c */
  const keyOf = (c) => [
    c.user_name ? t("page-merge-user", { Name: c.user_name }) : "",
    c.used ? t("page-merge-used", { When: usedText(c.used) }) : t("page-merge-unused"), codes[c.id],
  ].filter(Boolean).join(" · ");
  const keys = () => oneKey ? html`<p class="hint">${t("page-merge-one-key")}</p>` :
    html`<fieldset><legend>${t("page-merge-key")}</legend>${two.map((c) => choice("key", c, keyOf(c)))}
      <button type="button" @click=${showCodes}>${t("page-show-code")}</button></fieldset>`;
  const consequences = () => {
    if (!plan) return nothing;
    const fields = plan.taken.map((f) => fieldNames[f]).join(", ");
    const forAll = plan.for_all ? t("page-merge-for-all", { Client: label(plan.other) }) : "";
    return html`<p>${fields ? t("page-merge-taken", { Fields: fields }) : t("page-merge-nothing")}
      ${plan.key_gone ? t("page-merge-key-former") : nothing}</p>
      ${forAll ? html`<p class="warning">${forAll}</p>` : nothing}`;
  };

  const open = openDialog({
    name: "merge", title: t("page-merge-title"), go: t("page-merge-go"), look: "office", back,
    body: (f) => {
      queueMicrotask(() => look(request(f)));
      return html`<fieldset><legend>${t("page-merge-keep")}</legend>${
        two.map((c) => choice("keep", c, person(c)))}</fieldset>${keys()}<div role="status">${consequences()}</div>`;
    },
    async deed(f) {
      const done = await ask("merge", request(f));
      if (done.undo) changed(t("page-merged", { Client: label(done.client) }), done.undo);
      return done;
    },
  });
  return open.done;
}
