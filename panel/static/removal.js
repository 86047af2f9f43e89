// @ts-check
// Removing clients. One's own are gone at once, because that can be taken back; of the office's it is said first for
// whom they disappear.
import { html, nothing } from "./lit/lit-html.js";
import { t, ask } from "./kapu.js";
import { openDialog } from "./dialog.js";
import { label } from "./label.js";

/** @import { Client, Done, Removal } from "./types.js" */

/**
 * remove removes clients, unless the person gives up: then it returns null.
 * @param {Client[]} chosen
 * @param {() => HTMLElement | null} back where the focus goes
 * @returns {Promise<Done | null>}
 */
export async function remove(chosen, back) {
  const ids = chosen.map((c) => c.id);
  if (chosen.every((c) => !c.right)) return ask("remove", ids);
  const plan = await ask("plan-removal", ids);
  const title = chosen.length === 1 ? t("page-removal-one", { Client: label(chosen[0]) }) :
    t("page-removal-many", { N: plan.n });
  return openDialog({
    name: "removal", title, go: t("page-removal-go"), danger: true, look: "office", back,
    body: () => html`<p>${whose(plan)}</p>
      <p>${plan.members.length > 0 ? t("page-removal-members") : t("page-removal-nobody")}</p>
      ${plan.members.length > 0 ? html`<ul>${plan.members.map((m) => html`<li><bdi>${m}</bdi></li>`)}</ul>` : nothing}
      <p class="hint">${t("page-removal-undo")}</p>`,
    deed: () => ask("remove", ids),
  }).done;
}

/** @param {Removal} plan */
function whose({ n, office }) {
  if (n === 1) return t("page-removal-office");
  return office === n ? t("page-removal-all-office") : t("page-removal-some-office", { N: office, All: n });
}
