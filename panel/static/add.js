// A client's enrolment, step by step. The client is saved before its first code is shown: a key that the portal has
// accepted must not be lost because a window was closed.
import { t, ask, Problem, complain, onLocked } from "./kapu.js";
import { follow, folders } from "./list.js";
import { copy, grouped, watch } from "./copy.js";
import { upload, intake, forget } from "./upload.js";

const byId = (id) => document.getElementById(id);
const names = ["key", "client", "code", "deletion", "done"];

let staged = ""; // what the agent has read, if the key came in a picture or as an address
let saved = null;
let stopWatching = () => {};
let ticking;

// step shows one part and says where we are.
function step(name) {
  for (const other of names) byId("step-" + other).hidden = other !== name;
  const at = names.indexOf(name);
  [...byId("steps").children].forEach((li, i) => {
    li.classList.toggle("over", i < at);
    if (i === at) li.setAttribute("aria-current", "step"); else li.removeAttribute("aria-current");
  });
  for (const problem of document.querySelectorAll(".wrong")) problem.textContent = "";
  const section = byId("step-" + name);
  (section.querySelector("form input:not([type=file])") ?? section.querySelector("h2")).focus();
  document.querySelector("main").scrollTop = 0;
}

// said runs something and shows in a place of this step what is wrong.
async function said(place, work) {
  byId(place).textContent = "";
  try {
    await work();
  } catch (e) {
    if (e instanceof Problem) byId(place).textContent = e.message; else complain(e);
  }
}

const form = byId("client-form");

// read lets the agent read a picture or the text of a QR code.
async function read(file) {
  const answer = await upload("stage", { name: file.name }, file);
  forget(staged);
  staged = answer.id;
  if (!answer.only) {
    const refused = answer.rows.length > 0 && answer.rows.every((r) => r.fate === "refused");
    forget(staged);
    staged = "";
    throw new Problem(refused ? answer.rows[0].reason : t("page-add-several"));
  }
  for (const field of ["name", "tax_number", "folder", "service", "user_name"]) {
    if (answer.only[field]) form.elements[field].value ||= answer.only[field];
  }
  byId("key").value = "";
  byId("key-found").textContent = t("page-add-found");
  step("client");
}

byId("key-form").addEventListener("submit", (e) => {
  e.preventDefault();
  const key = byId("key").value.trim();
  said("key-problem", async () => {
    if (/^otpauth/i.test(key)) return read(new File([key], "otpauth"));
    if (!key && staged) return step("client");
    await ask("check-key", key);
    forget(staged);
    staged = "";
    byId("key-found").textContent = "";
    step("client");
  });
});
intake(byId("picture"), byId("picture-zone"), ([file]) => said("key-problem", () => read(file)));

form.addEventListener("submit", (e) => {
  e.preventDefault();
  said("client-problem", async () => {
    const client = Object.fromEntries(new FormData(form));
    const { note } = client;
    delete client.note;
    client.service ||= form.elements.service.placeholder;
    saved = await ask("add", { client, note, ...(staged ? { staged } : { key: byId("key").value }) });
    forget(staged);
    staged = "";
    byId("key").value = "";
    step("code");
    show();
  });
});
byId("back").addEventListener("click", () => step("key"));

// show has the first codes on the screen, for as long as the person stands at this step.
function show() {
  stopWatching();
  byId("why").hidden = true;
  byId("refused").setAttribute("aria-expanded", "false");
  const client = saved;
  stopWatching = watch(client.id, (code) => {
    clearInterval(ticking);
    byId("digits").textContent = code ? grouped(code.code) : "";
    byId("left").textContent = code ? "" : t("page-add-code-gone");
    if (!code?.until) return;
    const tick = () => {
      byId("left").textContent = t("page-add-left", { N: Math.max(0, Math.ceil((code.until - Date.now()) / 1000)) });
      byId("clock").textContent = new Date().toLocaleTimeString(document.documentElement.lang);
    };
    tick();
    ticking = setInterval(tick, 1000);
  });
}

function codeDone() {
  stopWatching();
  stopWatching = () => {};
}

byId("copy").addEventListener("click", () => {
  if (!byId("digits").textContent) show();
  copy(saved.id);
});
byId("accepted").addEventListener("click", () => { codeDone(); step("deletion"); });
byId("refused").addEventListener("click", () => {
  byId("why").hidden = !byId("why").hidden;
  byId("refused").setAttribute("aria-expanded", String(!byId("why").hidden));
  if (!byId("digits").textContent) show();
});

// Another key for the same client: what was saved goes, what was typed stays.
byId("again").addEventListener("click", async () => {
  try {
    await ask("remove", [saved.id]);
    saved = null;
    codeDone();
    step("key");
  } catch (e) {
    complain(e);
  }
});
byId("later").addEventListener("click", () => { codeDone(); done("page-add-unsure"); });

byId("deletion-form").addEventListener("submit", (e) => {
  e.preventDefault();
  said("deletion-problem", async () => {
    const code = byId("deletion").value.trim();
    if (code) await ask("edit", { id: saved.id, deletion_code: code });
    byId("deletion").value = "";
    done("page-add-done");
  });
});

function done(text) {
  byId("done-title").textContent = t(text, { Client: saved.name });
  step("done");
}

byId("another").addEventListener("click", () => {
  const { folder, service } = form.elements;
  const kept = [folder.value, service.value]; // the next client is often filed beside this one
  form.reset();
  [folder.value, service.value] = kept;
  byId("key-form").reset();
  saved = null;
  step("key");
});

follow(() => byId("folders").replaceChildren(...folders().map((f) => new Option("", f))));
onLocked(() => { forget(staged); codeDone(); saved = null; form.reset(); });
step("key");
