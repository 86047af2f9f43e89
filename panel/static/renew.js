// @ts-check
// A new identity for the vault, when somebody may have the recovery key. Afterwards the vault is locked.
import { html, nothing } from "./lit/lit-html.js";
import { t, ask } from "./kapu.js";
import { complain } from "./complain.js";
import { byId } from "./dom.js";
import { openDialog } from "./dialog.js";
import { saveFile } from "./file.js";

const choices = { keep: t("page-renew-keep"), reseal: t("page-renew-reseal"), delete: t("page-renew-delete") };

/** @param {string} value */
const choice = (value) => html`<label class="tick"><input type="radio" name="backups" value=${value}
  ?checked=${value === "keep"}><span>${choices[/** @type {keyof choices} */ (value)]}</span></label>`;

async function saveKeys() {
  try {
    saveFile(t("page-office-keys-file"), new Blob([await ask("renew-keys-csv")], { type: "text/csv" }));
  } catch (e) {
    complain(e);
  }
}

/** @param {string} method */
const secret = (method) => html`<label>${t(method === "pin" ? "page-secret-pin" : "page-secret-password")}<input
  name="current" type="password" autocomplete="one-time-code" maxlength="1000"></label>`;

byId("renew").addEventListener("click", async () => {
  try {
    const method = await ask("method");
    await openDialog({
      name: "renew", title: t("page-renew"), go: t("page-renew-go"), look: "office", danger: true,
      body: () => html`<p>${t("page-renew-after")}</p><p>${t("page-renew-keys")}</p>
        <p><button type="button" id="renew-keys" @click=${saveKeys}>${t("page-log-csv")}</button></p>
        <fieldset><legend>${t("page-renew-backups")}</legend>${Object.keys(choices).map(choice)}</fieldset>
        ${method === "keychain" ? nothing : secret(method)}`,
      async deed(f) {
        await ask("renew-identity", { backups: f.backups.value }, { secret: f.current?.value ?? "" });
      },
    }).done;
  } catch (e) {
    complain(e);
  }
});
