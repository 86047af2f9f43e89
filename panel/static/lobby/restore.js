// @ts-check
// The ways back to a vault: a backup file, the recovery sheet, and the backups that lie beside a damaged vault.
import { t, ask, Problem } from "../kapu.js";
import { byId, input, one } from "../dom.js";
import { momentText } from "../dates.js";
import { html, nothing, render } from "../lit/lit-html.js";
import { storeKeyFields, storeKeys } from "../office/store.js";
import { intake, upload } from "../upload.js";
import { draw } from "./lobby.js";
import { chosenMethod, methodFields } from "./methods.js";

/** @import { Fields } from "../dom.js" */
/** @import { FoundBackup, RestoreWays } from "../types.js" */

const place = byId("ways");

/**
 * ways shows those that there are, the likeliest open. Only one is at a time.
 * @param {RestoreWays} there
 */
function ways({ vault, backups, path }) {
  const fresh = !vault && !backups;
  const way = (/** @type {string} */ id, /** @type {string} */ title, /** @type {string} */ long, open = false) => html`
    <details class="card" name="way" ?open=${open}><summary><h2>${title}</h2></summary>
      <p>${long}</p><div id=${id}></div></details>`;
  render(html`
    ${backups ? way("backups", t("page-restore-backups"), t("page-restore-backups-long", { File: path }), true)
      : nothing}
    ${fresh ? way("file", t("page-restore-file"), t("page-restore-file-long"), true) : nothing}
    ${way("sheet", t("page-restore-sheet"), t(fresh ? "page-restore-sheet-new" : "page-restore-sheet-here"))}`, place);
  if (backups) drawBackups();
  if (fresh) drawFile();
  drawSheet(fresh);
}

/**
 * pick is a field for a file; it says which was chosen in the person's language, as the browser's own might not.
 * @param {string} id
 * @param {string} title
 * @param {Fields | null} f
 */
const pick = (id, title, f) => html`<label class="drop"><input id=${id} type="file" accept=".age">
  <strong>${title}</strong><span>${f?.[id]?.files?.[0]?.name ?? t("page-restore-choose")}</span></label>`;

/** @param {string} name */
const picked = (name) => input(name).files?.[0] ?? new File([], "");

function drawFile() {
  draw(byId("file"), {
    id: "file-form", go: t("page-restore-do"),
    body: (f) => html`${pick("archive", t("page-restore-file-choose"), f)}
      <label>${t("page-restore-passphrase")}<input name="passphrase" type="password" maxlength="1000" required
        autocomplete="one-time-code"></label>${methodFields(f)}`,
    deed: (f) => upload("restore-file", { passphrase: f.passphrase.value, ...chosenMethod(f) }, picked("archive")),
  });
}

/** @param {boolean} fresh there is nothing here that the key could open */
function drawSheet(fresh) {
  const s3 = (/** @type {Fields | null} */ f) => f?.store?.value.trim().startsWith("s3:");
  let unread = "";
  const redraw = draw(byId("sheet"), {
    id: "sheet-form", go: t("page-restore-do"),
    body: (f) => html`<label class="drop" id="picture-zone"><input id="picture" type="file" accept="image/*">
        <strong>${t("page-restore-picture")}</strong><span>${t("page-restore-picture-hint")}</span></label>
      <p class="wrong" role="alert">${unread || nothing}</p>
      <label>${t("page-restore-key")}<textarea name="key" id="key" class="key" rows="3" maxlength="300" required
        autocomplete="off" autocapitalize="characters" spellcheck="false"></textarea></label>
      ${fresh ? html`<fieldset><legend>${t("page-restore-what")}</legend>
        ${pick("copy", t("page-restore-copy"), f)}
        <label>${t("page-restore-store")}<input name="store" maxlength="1000" autocomplete="off"
          spellcheck="false"></label></fieldset>${s3(f) ? storeKeyFields() : nothing}` : nothing}
      ${methodFields(f)}`,
    deed: (f) => upload("restore-sheet", {
      key: f.key.value.trim(), store: f.store?.value.trim() ?? "", keys: storeKeys(f), ...chosenMethod(f),
    }, fresh ? picked("copy") : new File([], "")),
    stuck: () => ask("restore-ways").then(({ backups }) => { if (backups) drawBackups(); }),
  });
  intake(input("picture"), byId("picture-zone"), async ([picture]) => {
    unread = "";
    try {
      one("#key", HTMLTextAreaElement).value = await upload("restore-read", {}, picture);
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      unread = e.message;
    }
    redraw();
  });
}

// drawBackups asks for them when the person does: the PIN may have to be asked for before.
function drawBackups() {
  draw(byId("backups"), {
    id: "backups-form", go: t("page-restore-list"),
    body: () => nothing,
    async deed(f) {
      const secret = f.current?.value ?? "";
      const answer = await ask("restore-list", { secret });
      if (!answer.ask && !answer.stuck) choose(answer.backups, secret);
      return answer;
    },
  });
}

/**
 * choose lets the person take one of the backups, the newest first.
 * @param {FoundBackup[]} found
 * @param {string} secret
 */
function choose(found, secret) {
  if (found.length === 0) throw new Problem(t("page-restore-none"));
  const from = byId("backups");
  const list = document.createElement("div");
  from.replaceWith(list);
  list.id = "backups";
  draw(list, {
    id: "backup-form", go: t("page-restore-do"),
    body: () => html`<fieldset><legend>${t("page-restore-which")}</legend>${found.map((b, i) => html`
      <label class="tick"><input type="radio" name="name" value=${b.name} ?checked=${i === 0}>
        <span>${momentText(b.saved)} – ${t("page-restore-clients", { N: b.clients })}${
          b.here ? " " + t("page-backup-here") : nothing}</span></label>`)}</fieldset>`,
    deed: (f) => ask("restore-backup", { name: f.name.value, secret: f.current?.value ?? secret }),
  });
}

ask("restore-ways").then(ways);
