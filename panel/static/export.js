// @ts-check
// Files to take away: a backup of everything, the recovery sheet, clients for another program. The agent makes them;
// the browser fetches each once, and no script here sees what is in it.
import { t, ask, Problem, onLocked } from "./kapu.js";
import { complain } from "./complain.js";
import { begin } from "./loading.js";
import { byId, fields, one, option } from "./dom.js";
import { follow, folders } from "./list.js";
import { withSecret } from "./secret.js";

/** @import { Format } from "./types.js" */

const [backup, form] = [one("#backup", HTMLFormElement), one("#export", HTMLFormElement)];
const recovery = byId("recovery");

/**
 * handOut asks for a file, fetches it, and says in its card what there is to say.
 * @param {HTMLElement} card
 * @param {string} why the secret is asked for
 * @param {"backup" | "export" | "recovery-sheet" | "recovery-print"} method
 * @param {object} request
 */
async function handOut(card, why, method, request) {
  const [said, wrong] = [one(".said", HTMLElement, card), one(".wrong", HTMLElement, card)];
  said.textContent = wrong.textContent = "";
  try {
    const file = await withSecret(why, (secret) => ask(method, request, { secret }));
    if (!file) return false;
    for (const parcel of file.parcels ?? []) {
      const link = document.createElement("a");
      link.href = "/parcel/" + parcel;
      link.download = "";
      link.click();
      await new Promise((r) => setTimeout(r, 300)); // else a browser takes only the last of several
    }
    said.textContent = file.said;
    return true;
  } catch (e) {
    if (e instanceof Problem) wrong.textContent = e.message; else complain(e);
    return false;
  }
}

/**
 * agreed says whether the new password was typed twice alike.
 * @param {HTMLFormElement} form
 */
function agreed(form) {
  const { passphrase, again } = fields(form);
  const same = passphrase.value === again.value;
  one(".wrong", HTMLElement, form).textContent = same ? "" : t("page-export-differ");
  if (!same) again.focus();
  return same;
}

backup.addEventListener("submit", async (e) => {
  e.preventDefault();
  if (!agreed(backup)) return;
  const passphrase = fields(backup).passphrase.value;
  if (await handOut(backup, t("page-backup-secret"), "backup", { passphrase })) backup.reset();
});

for (const method of /** @type {const} */ (["recovery-sheet", "recovery-print"])) {
  one(`[data-do=${method}]`, HTMLElement, recovery).addEventListener("click",
    () => handOut(recovery, t("page-recovery-secret"), method, { passphrase: "" }));
}

/** @type {Format[]} */
let formats = [];
const chosen = fields(form);
const format = () => formats.find((f) => f.id === chosen.format.value) ?? formats[0];

// suit shows what the chosen format needs.
function suit() {
  const { id, sealed } = format();
  byId("sealed").hidden = !sealed;
  byId("plain").hidden = sealed;
  for (const name of ["passphrase", "again"]) chosen[name].required = sealed;
  chosen.understood.required = !sealed;
  byId("codes").hidden = id !== "csv"; // no other has a place for them
}
chosen.format.addEventListener("change", suit);

form.addEventListener("submit", async (e) => {
  e.preventDefault();
  const { folder, query, deletion_codes, passphrase, again, understood } = chosen;
  const { id, sealed } = format();
  if (sealed && !agreed(form)) return;
  const request = {
    format: id, folder: folder.value, query: query.value.trim(),
    deletion_codes: deletion_codes.checked && id === "csv", passphrase: sealed ? passphrase.value : "",
  };
  if (await handOut(form, t("page-export-secret"), "export", request)) {
    passphrase.value = again.value = "";
    understood.checked = false;
  }
});

async function load() {
  formats = await ask("formats");
  const name = (/** @type {Format} */ f) => f.sealed ? t("page-export-sealed", { Format: f.name }) : f.name;
  chosen.format.replaceChildren(...formats.map((f) => {
    const choice = option(name(f), f.id);
    choice.disabled = Boolean(f.refused);
    return choice;
  }));
  byId("format-policy").textContent = formats.find((f) => f.refused)?.refused ?? "";
  suit();
  one("[data-do=recovery-print]", HTMLElement, recovery).hidden = !await ask("can-print");
}

follow(() => {
  const select = one("[name=folder]", HTMLSelectElement, form);
  const { value } = select;
  select.replaceChildren(select.options[0], ...folders().map((f) => option(f, f)));
  select.value = folders().includes(value) ? value : "";
});
onLocked(() => { backup.reset(); form.reset(); });
begin(load);
