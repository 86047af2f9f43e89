// @ts-check
// The backups, and other versions of the vault that this machine keeps: what is missing from the vault is taken over
// from them (three-way merge), or one is put in its place.
import { t, ask, hear, notify, onLocked } from "./kapu.js";
import { complain } from "./complain.js";
import { begin } from "./loading.js";
import { momentText } from "./dates.js";
import { byId } from "./dom.js";
import { confirmed, openDialog } from "./dialog.js";
import { html, nothing, render } from "./lit/lit-html.js";

/** @import { FoundBackup } from "./types.js" */

/** @param {FoundBackup} b */
const said = (b) => `${momentText(b.saved)} – ${t("page-restore-clients", { N: b.clients })}`;

/**
 * compare shows what a version has that the vault has not, and takes it over if the person wants that.
 * @param {FoundBackup} b
 */
async function compare(b) {
  const { differences } = await ask("unite", { name: b.name, dry_run: true });
  const done = await openDialog({
    name: "unite", look: "office", title: t("page-unite", { Saved: momentText(b.saved) }),
    body: () => differences.length === 0 ? html`<p>${t("page-unite-nothing")}</p>`
      : html`<p>${t("page-unite-long")}</p><ul>${differences.map((d) => html`<li>${d}</li>`)}</ul>`,
    go: b.apart || differences.length > 0 ? t("page-unite-do") : undefined,
    async deed() {
      await ask("unite", { name: b.name });
      return true;
    },
  }).done;
  if (!done) return;
  notify(t("page-united"));
  await load();
}

/** @param {FoundBackup} b */
async function discard(b) {
  const done = await confirmed(t("page-discard-version"), [said(b), t("page-discard-version-long")],
    t("page-discard-version-do"), async () => {
      await ask("unite", { name: b.name, discard: true });
      return true;
    }).done;
  if (done) await load();
}

/** @param {FoundBackup} b */
async function restore(b) {
  const done = await confirmed(t("page-backups-restore"), [said(b), t("page-backups-restore-long")],
    t("page-restore-do"), async () => {
      await ask("restore", { name: b.name });
      return true;
    }).done;
  if (!done) return;
  notify(t("page-backups-restored"));
  await load();
}

/** @param {(b: FoundBackup) => Promise<void>} deed @param {FoundBackup} b */
const does = (deed, b) => () => { deed(b).catch(complain); };

/** @param {FoundBackup} b where it is, if not among the backups */
const place = (b) => b.apart ? t("page-backup-apart") : b.here ? t("page-backup-here") : nothing;

/** @param {FoundBackup} b */
const row = (b) => html`<li><span class="mark" aria-hidden="true">${b.apart ? "!" : ""}</span>
  <h2>${said(b)} <span class="state">${place(b)}</span></h2>
  <p><button type="button" @click=${does(compare, b)}>${t("page-unite-look")}</button>
  <button type="button" @click=${does(restore, b)}>${t("page-backups-restore-do")}</button>
  ${b.apart ? html`<button type="button" @click=${does(discard, b)}>${t("page-discard-version-do")}</button>` : nothing}
  </p></li>`;

async function load() {
  const backups = await ask("backups");
  const apart = backups.some((b) => b.apart);
  byId("apart").hidden = !apart;
  render(html`<p><strong>${t("page-apart")}</strong></p><p>${t("page-apart-long")}</p>`, byId("apart"));
  const none = html`<li class="empty">${t("page-restore-none")}</li>`;
  render(backups.length > 0 ? backups.map(row) : none, byId("backups"));
}

hear((news) => { if (news.type === "changed" && !document.hidden) load().catch(complain); });
onLocked(() => { render(nothing, byId("backups")); render(nothing, byId("apart")); });
begin(load);
