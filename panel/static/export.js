// Files to take away: a backup of everything, the recovery sheet, clients for another program. The agent makes them; the
// browser fetches each once, and no script here sees what is in it.
import { t, ask, Problem, complain, onLocked } from "./kapu.js";
import { follow, folders } from "./list.js";
import { withSecret } from "./secret.js";

const byId = (id) => document.getElementById(id);

// handOut asks for a file, fetches it, and says in its card what there is to say.
async function handOut(card, why, method, request) {
  const [said, wrong] = [card.querySelector(".said"), card.querySelector(".wrong")];
  said.textContent = wrong.textContent = "";
  try {
    const file = await withSecret(why, (current) => ask(method, { ...request, current }));
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

// agreed says whether the new password was typed twice alike.
function agreed(form) {
  const { passphrase, again } = form.elements;
  const same = passphrase.value === again.value;
  form.querySelector(".wrong").textContent = same ? "" : t("page-export-differ");
  if (!same) again.focus();
  return same;
}

const backup = byId("backup");
backup.addEventListener("submit", async (e) => {
  e.preventDefault();
  if (!agreed(backup)) return;
  if (await handOut(backup, t("page-backup-secret"), "backup", { passphrase: backup.elements.passphrase.value })) backup.reset();
});

for (const button of byId("recovery").querySelectorAll("[data-do]")) {
  button.addEventListener("click", () => handOut(byId("recovery"), t("page-recovery-secret"), button.dataset.do, { passphrase: "" }));
}

const form = byId("export");
let formats = [];
const format = () => formats.find((f) => f.id === form.elements.format.value);

// suit shows what the chosen format needs.
function suit() {
  const sealed = format().sealed;
  byId("sealed").hidden = !sealed;
  byId("plain").hidden = sealed;
  for (const name of ["passphrase", "again"]) form.elements[name].required = sealed;
  form.elements.understood.required = !sealed;
  byId("codes").hidden = format().id !== "csv"; // no other has a place for them
}
form.elements.format.addEventListener("change", suit);

form.addEventListener("submit", async (e) => {
  e.preventDefault();
  const { folder, query, deletion_codes, passphrase } = form.elements;
  if (format().sealed && !agreed(form)) return;
  const request = {
    format: format().id, folder: folder.value, query: query.value.trim(),
    deletion_codes: deletion_codes.checked && format().id === "csv", passphrase: format().sealed ? passphrase.value : "",
  };
  if (await handOut(form, t("page-export-secret"), "export", request)) {
    form.elements.passphrase.value = form.elements.again.value = "";
    form.elements.understood.checked = false;
  }
});

async function begin() {
  formats = await ask("formats");
  form.elements.format.replaceChildren(...formats.map((f) => new Option(f.sealed ? t("page-export-sealed", { Format: f.name }) : f.name, f.id)));
  suit();
  byId("recovery").querySelector("[data-do=recovery-print]").hidden = !await ask("can-print");
}

follow(() => {
  const select = form.elements.folder;
  const { value } = select;
  select.replaceChildren(select.options[0], ...folders().map((f) => new Option(f, f)));
  select.value = folders().includes(value) ? value : "";
});
onLocked(() => { backup.reset(); form.reset(); });
begin().catch(complain);
