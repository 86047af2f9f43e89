// @ts-check
// What an administrator of this machine has decided, in words, and what it leaves to the person.
import { t } from "./kapu.js";
import { timeText } from "./times.js";

/** @import { Policy } from "./types.js" */

/**
 * decided are the decisions, one sentence each.
 * @param {Policy} p
 */
export const decided = (p) => [
  p.Methods?.length && t("page-policy-methods", { Methods: either(p.Methods) }),
  limited(p) && t("page-policy-idle", { Most: timeText(p.IdleMost) }),
  p.NoPlainExport && t("page-policy-export"),
  p.Store && t("page-policy-store", { Store: p.Store }),
  p.Audit && t("page-policy-audit"),
  p.UpdateURL && t("page-policy-update", { URL: p.UpdateURL }),
].filter((said) => typeof said === "string" && said !== "");

/** @type {Record<string, string>} */
const names = { keychain: t("page-policy-keychain"), pin: t("page-policy-pin"), password: t("page-policy-password") };

/** @param {string[]} methods */
const either = (methods) => new Intl.ListFormat(document.documentElement.lang, { type: "disjunction" })
  .format(methods.map((m) => names[m] ?? m));

/**
 * allowed says whether the vault may be unlocked by a method.
 * @param {Policy} p
 * @param {string} method
 */
export const allowed = (p, method) => !p.Methods?.length || p.Methods.includes(method);

/** @param {Policy} p */
export const limited = (p) => seconds(p.IdleMost) > 0;

/**
 * within says whether the vault may stay open so long without anybody at the machine.
 * @param {Policy} p
 * @param {string} time
 */
export const within = (p, time) => !limited(p) || seconds(time) > 0 && seconds(time) <= seconds(p.IdleMost);

/**
 * seconds of a time as config.toml writes it.
 * @param {string} time
 */
function seconds(time) {
  const unit = /** @type {Record<string, number>} */ ({ h: 3600, m: 60, s: 1 });
  return [...time.matchAll(/(\d+(?:\.\d+)?)([hms])/g)].reduce((sum, [, n, u]) => sum + Number(n) * unit[u], 0);
}
