// @ts-check
// How far a right reaches: to more clients than are named, where they share an account.
import { t } from "../kapu.js";

/** @import { Reach } from "../types.js" */

const few = 5; // who comes along are named, if they are no more than that

/**
 * reachText says how many clients a right is about, who comes along and, of one member, how many keys they will know.
 * @param {Reach} reach
 * @param {string} [name] the member's
 */
export function reachText(reach, name = "") {
  const { keys } = reach;
  const known = keys ? " " + t("page-office-reach-keys", { Name: name, Now: keys.now, Then: keys.then }) : "";
  return clientsText(reach) + known;
}

/** @param {Reach} reach */
function clientsText({ clients, more }) {
  if (more.length === 0) return t("page-office-reach", { N: clients });
  const names = more.slice(0, few).join(", ");
  return t("page-office-reach-more", {
    N: clients, More: more.length,
    Clients: more.length > few ? names + " " + t("page-others", { N: more.length - few }) : names,
  });
}
