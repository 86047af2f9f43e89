// @ts-check
// Unlocking a group that has locked itself.
import { t, ask, notify } from "./kapu.js";
import { withSecret } from "./secret.js";

/**
 * unlock opens a group for who knows the PIN or password, where there is one.
 * @param {string} folder
 */
export async function unlock(folder) {
  const why = t("page-group-unlock-one", { Folder: folder });
  const opened = await withSecret(why, (secret) => ask("unlock-folder", { folder }, { secret }));
  if (opened) notify(t("page-group-unlocked", { Folder: folder }));
}
