// What a list does not show of a client. Its key and deletion code are shown to who gives the PIN or password, and not
// for long.
import { html, render, nothing } from "./lit/lit-html.js";
import { t, ask, Problem, complain, notify } from "./kapu.js";
import { withSecret } from "./secret.js";
import { dayText } from "./dates.js";
import { History } from "./office/history.js";
import { mark, mayAll } from "./mark.js";

const shownFor = 30; // seconds

// details opens the panel of a client; closed is called when it is gone.
export async function details(client, closed) {
  let known;
  try {
    known = await ask("details", { id: client.id });
  } catch (e) {
    complain(e);
    return closed();
  }
  const dialog = document.createElement("dialog");
  dialog.className = "details";
  dialog.setAttribute("aria-labelledby", "details-title");
  document.body.append(dialog);

  const whole = mayAll(client);
  const history = client.right ? new History(client, () => show()) : null;
  const secrets = {}; // what is shown now
  const timers = {};
  const hide = (field) => {
    clearTimeout(timers[field]);
    delete secrets[field];
    show();
  };

  // reveal asks for one secret; the other stays as it is.
  async function reveal(field, why) {
    try {
      const answer = await withSecret(why, (current) => ask("details", { id: client.id, [field]: true, current }));
      if (!answer || !dialog.open) return;
      secrets[field] = answer[field];
      timers[field] = setTimeout(() => hide(field), shownFor * 1000);
      show();
    } catch (e) {
      complain(e);
    }
    dialog.querySelector(`[data-secret=${field}] button`)?.focus();
  }

  async function save(e) {
    e.preventDefault();
    if (!whole) return dialog.close();
    const note = dialog.querySelector("textarea").value.trim();
    try {
      if (note !== known.note) await ask("edit", { id: client.id, note });
      dialog.close();
      notify(t("page-details-saved", { Client: client.name }));
    } catch (problem) {
      if (problem instanceof Problem) show(problem.message); else complain(problem);
    }
  }

  const grouped = (field, text) => field === "key" ? text.match(/.{1,4}/g).join(" ") : text;
  const secret = (field, label, why) => html`<dt>${label}</dt><dd data-secret=${field} class="secret">
    ${secrets[field] ? html`<output class="key" aria-label=${label}>${grouped(field, secrets[field])}</output>
      <button type="button" @click=${() => hide(field)}>${t("page-details-hide")}</button>`
    : html`<span aria-hidden="true">••••••••</span><button type="button" aria-label=${label + ": " + t("page-details-show")} @click=${() => reveal(field, why)}>${t("page-details-show")}</button>`}</dd>`;
  const fact = (label, text) => text ? html`<dt>${label}</dt><dd><bdi>${text}</bdi></dd>` : nothing;

  const show = (problem) => render(html`<form @submit=${save} autocomplete="off">
    <h2 id="details-title"><bdi>${known.name}</bdi></h2>
    <dl>${fact(t("page-tax-number"), known.tax_number)}${fact(t("page-folder"), known.folder)}${fact(t("page-user-name"), known.user_name)}
      ${fact(t("page-service"), known.service)}${fact(t("page-mandate"), dayText(known.mandate_until))}${fact(t("page-password"), dayText(known.password_until))}
      ${whole ? secret("key", t("page-details-key"), t("page-details-key-why")) : fact(t("page-office-right"), mark(client))}
      ${whole && known.has_deletion_code ? secret("deletion_code", t("page-details-deletion"), t("page-details-deletion-why")) : nothing}</dl>
    ${Object.keys(secrets).length ? html`<p class="hint" role="status">${t("page-details-shown", { N: shownFor })}</p>` : nothing}
    ${!whole ? nothing : html`<label>${t("page-details-note")}<textarea rows="4" maxlength="4000" autocomplete="off" .defaultValue=${known.note}></textarea></label>`}
    ${history?.show() ?? nothing}
    <p class="wrong" role="alert">${problem ?? nothing}</p>
    <menu>${whole ? html`<button class="main">${t("page-save")}</button>` : nothing}<button type="button" @click=${() => dialog.close()}>${t("page-close")}</button></menu>
  </form>`, dialog);

  dialog.addEventListener("close", () => {
    for (const timer of Object.values(timers)) clearTimeout(timer);
    dialog.remove();
    closed();
  });
  show();
  dialog.showModal();
}
