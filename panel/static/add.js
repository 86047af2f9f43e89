// @ts-check
// A client's enrolment, step by step (a wizard). The client is saved before its first code is shown: a key that the
// portal has accepted must not be lost because a window was closed.
import { t, ask, Problem, onLocked } from "./kapu.js";
import { complain } from "./complain.js";
import { affirmed } from "./dialog.js";
import { label } from "./label.js";
import { byId, fields, input, one, option } from "./dom.js";
import { follow, folders } from "./list.js";
import { copy, grouped, watch } from "./copy.js";
import { upload, intake, forget } from "./upload.js";

/** @import { AgentClient } from "./types.js" */
/** @typedef {"key" | "client" | "code" | "deletion" | "done"} Step */

/** @type {Step[]} */
const steps = ["key", "client", "code", "deletion", "done"];
const [keyInput, deletion] = [input("key"), input("deletion")];
const [digits, left, why, refused] = [byId("digits"), byId("left"), byId("why"), byId("refused")];
const form = one("#client-form", HTMLFormElement);
const fieldOf = fields(form);

let staged = ""; // what the agent has read, if the key came in a picture or as an address
/** @type {AgentClient | null} */
let saved = null;
let stopWatching = () => {};
/** @type {number | undefined} */
let ticking;

/**
 * step shows one part and says where we are.
 * @param {Step} name
 */
function step(name) {
  for (const other of steps) byId("step-" + other).hidden = other !== name;
  const at = steps.indexOf(name);
  [...byId("steps").children].forEach((li, i) => {
    li.classList.toggle("over", i < at);
    if (i === at) li.setAttribute("aria-current", "step"); else li.removeAttribute("aria-current");
  });
  for (const problem of document.querySelectorAll(".wrong")) problem.textContent = "";
  const section = byId("step-" + name);
  const first = section.querySelector("form input:not([type=file])");
  (first instanceof HTMLElement ? first : one("h2", HTMLElement, section)).focus();
  one("main", HTMLElement).scrollTop = 0;
}

/**
 * said runs something and shows in a place of this step what is wrong.
 * @param {string} place id
 * @param {() => Promise<void>} work
 */
async function said(place, work) {
  const problem = byId(place);
  problem.textContent = "";
  try {
    await work();
  } catch (e) {
    if (e instanceof Problem) problem.textContent = e.message; else complain(e);
  }
}

/**
 * read lets the agent read a picture or the text of a QR code.
 * @param {File} file
 */
async function read(file) {
  const answer = await upload("stage", { name: file.name }, file);
  forget(staged);
  staged = answer.id;
  if (answer.unread) throw new Problem(answer.unread);
  if (!answer.only) {
    const none = answer.rows.length > 0 && answer.rows.every((r) => r.fate === "refused");
    forget(staged);
    staged = "";
    throw new Problem(none ? answer.rows[0].reason : t("page-add-several"));
  }
  for (const field of /** @type {const} */ (["name", "tax_number", "folder", "service", "user_name"])) {
    if (answer.only[field]) fieldOf[field].value ||= answer.only[field];
  }
  keyInput.value = "";
  byId("key-found").textContent = t("page-add-found");
  step("client");
}

byId("key-form").addEventListener("submit", (e) => {
  e.preventDefault();
  const key = keyInput.value.trim();
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
intake(input("picture"), byId("picture-zone"), ([file]) => said("key-problem", () => read(file)));

form.addEventListener("submit", (e) => {
  e.preventDefault();
  said("client-problem", async () => {
    const { note, endless, ...client } = Object.fromEntries(new FormData(form));
    client.service ||= fieldOf.service.placeholder;
    if (endless) client.mandate_until = "indefinite";
    const key = staged ? { staged } : { key: keyInput.value };
    saved = await affirmed((confirmed) => ask("add", { client, note, ...key, confirmed }));
    if (!saved) return;
    forget(staged);
    staged = "";
    keyInput.value = "";
    step("code");
    show(saved);
  });
});
byId("back").addEventListener("click", () => step("key"));

/**
 * show has the first codes on the screen, for as long as the person stands at this step.
 * @param {AgentClient} client
 */
function show(client) {
  stopWatching();
  why.hidden = true;
  refused.setAttribute("aria-expanded", "false");
  stopWatching = watch(client.id, (code) => {
    clearInterval(ticking);
    digits.textContent = code ? grouped(code.code) : "";
    left.textContent = code ? "" : t("page-add-code-gone");
    if (!code?.until) return;
    const tick = () => {
      left.textContent = t("page-add-left", { N: Math.max(0, Math.ceil((code.until - Date.now()) / 1000)) });
      byId("clock").textContent = new Date().toLocaleTimeString(document.documentElement.lang);
    };
    tick();
    ticking = setInterval(tick, 1000);
  });
}

// showAgain shows them once more to who has let them run out.
function showAgain() {
  if (saved && !digits.textContent) show(saved);
}

function codeDone() {
  stopWatching();
  stopWatching = () => {};
}

byId("copy").addEventListener("click", () => {
  showAgain();
  if (saved) copy(saved.id);
});
byId("accepted").addEventListener("click", () => { codeDone(); step("deletion"); });
refused.addEventListener("click", () => {
  why.hidden = !why.hidden;
  refused.setAttribute("aria-expanded", String(!why.hidden));
  showAgain();
});

// Another key for the same client: what was saved goes, what was typed stays.
byId("again").addEventListener("click", async () => {
  if (!saved) return;
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
    const code = deletion.value.trim();
    if (code && saved) await ask("edit", { id: saved.id, deletion_code: code });
    deletion.value = "";
    done("page-add-done");
  });
});

/** @param {string} text id */
function done(text) {
  byId("done-title").textContent = t(text, { Client: saved ? label(saved) : "" });
  step("done");
}

byId("another").addEventListener("click", () => {
  const { folder, service } = fieldOf;
  const kept = [folder.value, service.value]; // the next client is often filed beside this one
  form.reset();
  [folder.value, service.value] = kept;
  one("#key-form", HTMLFormElement).reset();
  saved = null;
  step("key");
});

follow(() => document.getElementById("folders")?.replaceChildren(...folders().map((f) => option("", f))));
onLocked(() => { forget(staged); codeDone(); saved = null; form.reset(); });
step("key");
