// Founding an office, or joining one.
import { t, ask, Problem, complain } from "../kapu.js";
import { html } from "../lit/lit-html.js";

// enter is what a person sees who is in no office; entered is called when they are in one.
export const enter = (entered) => html`<section><p>${t("page-office-what-1")} ${t("page-office-what-2")} ${t("page-office-what-3")}</p></section>
<form id="join" class="card" autocomplete="off" aria-labelledby="join-title" @submit=${(e) => send(e, entered, (f) => ask("office-join", {
  invitation: f.invitation.value, store: f.store.value.trim(), keys: keys(f),
}))}>
  <h2 id="join-title">${t("page-office-join")}</h2>
  <p>${t("page-office-join-long")}</p>
  <label>${t("page-office-invitation")}<textarea name="invitation" rows="4" required autocomplete="off" spellcheck="false" class="key" @input=${arrange}></textarea></label>
  <details><summary>${t("page-office-elsewhere")}</summary>
    <div class="fields"><label class="long">${t("page-office-store-here")}<input name="store" maxlength="1000" autocomplete="off" spellcheck="false" @input=${arrange}></label></div></details>
  <div class="fields" data-keys hidden>${keyFields()}</div>
  <p class="wrong" role="alert"></p>
  <menu><button class="main">${t("page-office-join-do")}</button></menu>
</form>
<form id="create" class="card" autocomplete="off" aria-labelledby="create-title" @submit=${(e) => send(e, entered, (f) => ask("office-create", {
  store: f.store.value.trim(), keys: keys(f), office: f.office.value.trim(), name: f.person.value.trim(), email: f.email.value.trim(),
}))}>
  <h2 id="create-title">${t("page-office-create")}</h2>
  <p>${t("page-office-create-long")}</p>
  <div class="fields"><label>${t("page-office-name")}<input name="office" maxlength="100" required autocomplete="off"></label>
    <label>${t("page-office-your-name")}<input name="person" maxlength="100" required autocomplete="off"></label>
    <label>${t("page-office-email")}<input name="email" type="email" maxlength="200" autocomplete="off"></label>
    <label class="long">${t("page-office-store")}<input name="store" maxlength="1000" required autocomplete="off" spellcheck="false" aria-describedby="store-hint" @input=${arrange}></label></div>
  <p class="hint" id="store-hint">${t("page-office-store-hint")}</p>
  <div class="fields" data-keys hidden>${keyFields()}</div>
  <p class="wrong" role="alert"></p>
  <menu><button class="main">${t("page-office-create-do")}</button></menu>
</form>
<form id="recover" class="card" autocomplete="off" aria-labelledby="recover-title" @submit=${(e) => send(e, entered, (f) => ask("office-recover", {
  store: f.store.value.trim(), keys: keys(f),
}))}>
  <h2 id="recover-title">${t("page-office-recover")}</h2>
  <p>${t("page-office-recover-long")}</p>
  <div class="fields"><label class="long">${t("page-office-store")}<input name="store" maxlength="1000" required autocomplete="off" spellcheck="false" @input=${arrange}></label></div>
  <div class="fields" data-keys hidden>${keyFields()}</div>
  <p class="wrong" role="alert"></p>
  <menu><button class="main">${t("page-office-recover-do")}</button></menu>
</form>`;

const keyFields = () => html`<label>${t("page-office-access")}<input name="access" maxlength="200" autocomplete="off" spellcheck="false"></label>
  <label>${t("page-office-secret")}<input name="secret" type="password" maxlength="200" autocomplete="one-time-code"></label>`;

const keys = (f) => ({ access: f.access.value.trim(), secret: f.secret.value });

// Only a store of the s3 kind is opened with keys. Where an invitation leads is not read here: with it they can be
// given, and need not be.
function arrange(e) {
  const form = e.target.form;
  const s3 = form.elements.store.value.trim().startsWith("s3:") || form.elements.invitation && leadsToS3(form.elements.invitation.value);
  form.querySelector("[data-keys]").hidden = !s3;
}

// leadsToS3 looks into an invitation, whose words are not secret from who has it.
function leadsToS3(text) {
  try {
    const body = text.replace(/\s/g, "").replace("kapu-meghivo-", "").replaceAll("-", "+").replaceAll("_", "/");
    return atob(body.slice(0, body.length - body.length % 4)).includes('"s":"s3:');
  } catch {
    return false;
  }
}

let busy = false;

async function send(e, entered, deed) {
  e.preventDefault();
  if (busy) return;
  busy = true;
  const form = e.target;
  const [wrong, button] = [form.querySelector(".wrong"), form.querySelector(".main")];
  wrong.textContent = "";
  button.setAttribute("aria-disabled", "true");
  try {
    await deed(form.elements);
    entered();
  } catch (problem) {
    if (problem instanceof Problem) wrong.textContent = problem.message; else complain(problem);
  } finally {
    busy = false;
    button.removeAttribute("aria-disabled");
  }
}
