// @ts-check
// A new vault for who has an invitation. The words to be compared stand on the agent's page, which is next.
import { t, ask } from "../kapu.js";
import { byId } from "../dom.js";
import { html, nothing } from "../lit/lit-html.js";
import { leadsToS3, storeKeyFields, storeKeys } from "../office/store.js";
import { draw, view } from "./lobby.js";
import { chosenMethod, methodFields } from "./methods.js";

/** @import { Fields } from "../dom.js" */

/** @param {Fields | null} f */
const needsKeys = (f) => f !== null && (f.store.value.trim().startsWith("s3:") || leadsToS3(f.invitation.value));

draw(byId("door"), {
  id: "join", go: t("page-office-join-do"),
  body: (f) => html`<label>${t("page-office-invitation")}<textarea name="invitation" rows="4" required
      autocomplete="off" spellcheck="false" class="key"></textarea></label>
    <details><summary>${t("page-office-elsewhere")}</summary>
      <label>${t("page-office-store-here")}<input name="store" maxlength="1000" autocomplete="off"
        spellcheck="false"></label></details>
    ${needsKeys(f) ? storeKeyFields() : nothing}${methodFields(f)}`,
  deed: (f) => ask("join", {
    view, invitation: f.invitation.value, store: f.store.value.trim(), keys: storeKeys(f), ...chosenMethod(f),
  }),
});
