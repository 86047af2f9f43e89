// @ts-check
// What every page of the office has: how things stand, and the words for rights and roles.
import { t, ask, hear, onLocked, notify } from "../kapu.js";
import { complain } from "../complain.js";
import { begin } from "../loading.js";
import { one } from "../dom.js";
import { momentText } from "../dates.js";
import { openDialog } from "../dialog.js";

/** @import { Office, Right } from "../types.js" */
/** @import { Question } from "../dialog.js" */

/** @type {Right[]} in order */
export const rights = ["", "codes", "use", "edit", "full"];
export const rightText = {
  "": t("page-office-none"), codes: t("page-office-codes"), use: t("page-office-use"), edit: t("page-office-edit"),
  full: t("page-office-full"),
};
export const rightLong = {
  codes: t("page-office-codes-long"), use: t("page-office-use-long"), edit: t("page-office-edit-long"),
};
export const roleText = { admin: t("page-office-admin"), staff: t("page-office-staff") };

/**
 * moment is one that Go wrote, as a table shows it.
 * @param {string} [iso]
 */
export const moment = (iso) => iso ? momentText(new Date(iso).getTime() / 1000) : "";

/** @param {Office} o */
const kind = (o) => [o.in, o.joining, o.expelled, o.admin].join();

/**
 * follow calls back with how things stand, now and whenever it is not what it was, and with whether the person is now
 * in another relation to the office. A page of what the person has no part in leads to the first one. It returns a way
 * to look again.
 * @param {(office: Office, changed: boolean) => unknown} show what it returns is waited for
 * @returns {() => Promise<void>}
 */
export function follow(show) {
  const parts = one(".parts", HTMLElement);
  const here = one("[aria-current]", HTMLAnchorElement, parts);
  const state = one("[href='/office/state']", HTMLAnchorElement, parts);
  /** @type {NodeListOf<HTMLElement>} */
  const adminsOnly = parts.querySelectorAll("[data-admin]");
  let before = "";
  let asked = 0;
  async function load() {
    const mine = ++asked;
    const office = await ask("office");
    if (mine !== asked) return;
    const inside = office.in && !office.joining && !office.expelled;
    const mayBeHere = inside && (office.admin || !("admin" in here.dataset));
    if (here.pathname !== "/office" && !mayBeHere) return location.replace("/office");
    for (const link of adminsOnly) link.hidden = !office.admin;
    parts.hidden = !inside;
    here.scrollIntoView({ block: "nearest", inline: "nearest" });
    state.classList.toggle("failing", Boolean(office.failing_sentence));
    state.title = office.failing_sentence ?? "";
    const changed = before !== "" && before !== kind(office);
    before = kind(office);
    await show(office, changed);
  }
  const again = () => load().catch(complain);
  /** @type {number | undefined} */
  let later;
  const soon = () => { clearTimeout(later); later = setTimeout(again, 150); }; // a debounce
  hear(({ type }) => { if (type === "office" || type === "asked" || type === "changed") soon(); });
  onLocked(() => clearTimeout(later));
  begin(load);
  return again;
}

/**
 * dialogue asks something of the office.
 * @template T
 * @param {Omit<Question<T>, "name">} question
 */
export const dialogue = (question) => openDialog({
  name: "office", ...question, look: question.look ? "office " + question.look : "office",
});

/**
 * doing does a deed, and says that it was done or why not.
 * @param {Promise<unknown>} deed
 * @param {string} said
 */
export async function doing(deed, said) {
  try {
    await deed;
    notify(said);
  } catch (e) {
    complain(e);
  }
}
