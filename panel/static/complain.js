// @ts-check
// What went wrong, as a notice: the handler for errors that no form or dialog shows in its own place.
import { t, notify, isAbort, over, Problem } from "./kapu.js";
import { unlock } from "./unlock.js";

/**
 * complain shows an error, if it is the person's affair. If a locked group is why, the notice offers to unlock it.
 * @param {unknown} e
 */
export function complain(e) {
  if (e instanceof Problem) {
    const { folder } = e;
    const way = folder ? { label: t("page-group-unlock"), action: () => { unlock(folder).catch(complain); } } : {};
    notify(e.message, { problem: true, ...way });
  } else if (!isAbort(e) && !over) throw e;
}
