// What every page of the office has: how things stand, and a window that asks something.
import { t, ask, hear, onLocked, complain, notify, Problem } from "../kapu.js";
import { html, render, nothing } from "../lit/lit-html.js";
import { momentText } from "../dates.js";

// rights in order, and what they and the roles are called.
export const rights = ["", "codes", "use", "edit", "full"];
export const rightText = {
  "": t("page-office-none"), codes: t("page-office-codes"), use: t("page-office-use"), edit: t("page-office-edit"), full: t("page-office-full"),
};
export const rightLong = {
  codes: t("page-office-codes-long"), use: t("page-office-use-long"), edit: t("page-office-edit-long"),
};
export const roleText = { admin: t("page-office-admin"), staff: t("page-office-staff") };

// moment is one that Go wrote, as a table shows it.
export const moment = (iso) => iso ? momentText(new Date(iso) / 1000) : "";

const kind = (o) => [o.in, o.joining, o.expelled, o.admin].join();

// follow calls back with how things stand, now and whenever it is not what it was. A page of what the person has no
// part in leads to the first one.
export function follow(show) {
  let before = null;
  let asked = 0;
  async function load() {
    const mine = ++asked;
    const office = await ask("office");
    if (mine !== asked) return;
    const inside = office.in && !office.joining && !office.expelled;
    const here = document.querySelector(".parts [aria-current]");
    if (here.pathname !== "/office" && (!inside || "admin" in here.dataset && !office.admin)) return location.replace("/office");
    for (const link of document.querySelectorAll(".parts [data-admin]")) link.hidden = !office.admin;
    document.querySelector(".parts").hidden = !inside;
    const state = document.querySelector(".parts [href='/office/state']");
    state.classList.toggle("failing", Boolean(office.failing_sentence));
    state.title = office.failing_sentence ?? "";
    const changed = before !== null && before !== kind(office);
    before = kind(office);
    show(office, changed);
  }
  let later;
  const soon = () => { clearTimeout(later); later = setTimeout(() => load().catch(complain), 150); };
  hear((e) => { if (e.type === "office" || e.type === "asked" || e.type === "changed") soon(); });
  onLocked(() => clearTimeout(later));
  load().catch(complain);
  return () => load().catch(complain);
}

// dialogue asks in a window of its own. deed gets the form's fields and does what is asked for; what it is refused is
// said there. A deed that returns false leaves the window open. body is a function: it is drawn again after each change.
export function dialogue({ title, body, go, danger = false, wide = false, deed }) {
  const dialog = document.createElement("dialog");
  dialog.className = wide ? "office wide" : "office";
  dialog.setAttribute("aria-labelledby", "dialogue-title");
  document.body.append(dialog);
  const from = document.activeElement;
  let busy = false;
  const show = (problem) => render(html`<form @submit=${submit} @change=${() => show()} autocomplete="off">
    <h2 id="dialogue-title">${title}</h2>${body()}
    <p class="wrong" role="alert">${problem ?? nothing}</p>
    <menu>${go ? html`<button class=${danger ? "main bad" : "main"} aria-disabled=${busy}>${go}</button>` : nothing}
      <button type="button" @click=${() => dialog.close()}>${t(go ? "page-cancel" : "page-close")}</button></menu></form>`, dialog);
  const submit = async (e) => {
    e.preventDefault();
    if (busy) return;
    busy = true;
    show();
    try {
      if (await deed(dialog.querySelector("form").elements) !== false) dialog.close();
      else { busy = false; show(); }
    } catch (problem) {
      busy = false;
      if (!(problem instanceof Problem)) { dialog.close(); throw problem; }
      show(problem.message);
    }
  };
  // The key that opened it does not answer it too, however long it is held.
  let pressed = false;
  dialog.addEventListener("keydown", (e) => { if (e.key === "Enter" && e.repeat) e.preventDefault(); else pressed = true; });
  dialog.addEventListener("keypress", (e) => { if (e.key === "Enter" && !pressed) e.preventDefault(); });
  const done = new Promise((resolve) => dialog.addEventListener("close", () => {
    dialog.remove();
    if (from?.isConnected) from.focus();
    resolve();
  }));
  show();
  dialog.showModal();
  return { done, dialog, show };
}

// confirmed does a deed that cannot be taken back, after saying plainly what comes of it.
export const confirmed = (title, sentences, go, deed) => dialogue({
  title, go, danger: true, deed, body: () => sentences.filter(Boolean).map((s) => html`<p>${s}</p>`),
});

// doing does a deed, and says that it was done or why not.
export async function doing(deed, said) {
  try {
    await deed;
    if (said) notify(said);
    return true;
  } catch (e) {
    complain(e);
    return false;
  }
}
