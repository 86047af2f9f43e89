// @ts-check
// The settings: a form over what config.toml says. Nothing is written before "save".
import { t, ask, hear, onLocked, notify, Problem } from "./kapu.js";
import { complain } from "./complain.js";
import { begin } from "./loading.js";
import { byId, input, keyName, one, option } from "./dom.js";
import { html, render } from "./lit/lit-html.js";
import { timeText } from "./times.js";
import { Groups } from "./groups.js";
import { decided, limited, within } from "./policy.js";
import { protection } from "./protect.js";

/** @import { Config, Policy } from "./types.js" */

const form = one("#form", HTMLFormElement);
const [wrong, all] = [byId("wrong"), byId("all")];

/** @returns {NodeListOf<HTMLInputElement | HTMLSelectElement>} */
const inputs = () => form.querySelectorAll("[name]");

/**
 * into is the branch of the settings that an input's name leads to, and the leaf in it: "Lock.Unused" to Unused in
 * Lock.
 * @param {Config} config
 * @param {string} name
 * @returns {[Record<string, unknown>, string]}
 */
function into(config, name) {
  const way = name.split(".");
  const leaf = way.pop() ?? "";
  /** @type {Record<string, unknown>} */
  let branch = config;
  for (const step of way) branch = /** @type {Record<string, unknown>} */ (branch[step]);
  return [branch, leaf];
}

/** @type {Config | null} what the file says */
let loaded = null;
let text = ""; // and what the form said then
const groups = new Groups(byId("groups"));

/** @param {HTMLElement} input */
const isBox = (input) => input instanceof HTMLInputElement && input.type === "checkbox";

/**
 * fill writes values into the form.
 * @param {Config} config
 */
function fill(config) {
  for (const input of inputs()) {
    const [branch, leaf] = into(config, input.name);
    const value = branch[leaf];
    if (input instanceof HTMLSelectElement && input.dataset.times) offer(input, String(value), config.Policy);
    if (input instanceof HTMLInputElement && isBox(input)) input.checked = Boolean(value);
    else input.value = String(value);
  }
  groups.show(config.Groups ?? []);
}

/**
 * read takes them out again.
 * @param {Config} before
 * @returns {Config}
 */
function read(before) {
  const config = structuredClone(before);
  for (const input of inputs()) {
    const [branch, leaf] = into(config, input.name);
    branch[leaf] = input instanceof HTMLInputElement && isBox(input) ? input.checked : input.value.trim();
  }
  config.Groups = groups.read();
  return config;
}

/**
 * offer puts the usual times into a list, and the one that the file has if it is another; of the time without anybody
 * at the machine only what an administrator allows.
 * @param {HTMLSelectElement} select
 * @param {string} now
 * @param {Policy} policy
 */
function offer(select, now, policy) {
  const times = (select.dataset.times ?? "").split(" ")
    .filter((time) => select.name !== "Lock.Idle" || within(policy, time));
  if (!times.includes(now)) times.push(now);
  const none = t(select.dataset.zero ? "page-fresh-any" : "page-never");
  select.replaceChildren(...times.map((time) => option(time === "0s" ? none : timeText(time), time)));
}

/**
 * policed shows what an administrator has decided.
 * @param {Policy} policy
 */
function policed(policy) {
  const sentences = decided(policy);
  byId("policy").hidden = sentences.length === 0;
  render(sentences.map((said) => html`<li>${said}</li>`), byId("decided"));
  byId("idle-policy").textContent = limited(policy) ? t("page-policy-idle", { Most: timeText(policy.IdleMost) }) : "";
}

const changed = () => loaded !== null && JSON.stringify(read(loaded)) !== text;

/**
 * load shows what the file says now; with keep it leaves what was typed meanwhile.
 * @param {{ keep?: boolean }} [how]
 */
async function load({ keep = false } = {}) {
  try {
    const { config, path, method, autostart } = await ask("settings");
    input("autostart").checked = autostart;
    if (keep && changed()) return;
    loaded = config;
    fill(config);
    text = JSON.stringify(read(config));
    protection(method, config.Policy);
    policed(config.Policy);
    byId("file").textContent = path;
    wrong.hidden = true;
    all.hidden = false;
  } catch (e) {
    if (!(e instanceof Problem)) return complain(e);
    wrong.textContent = e.message;
    wrong.hidden = false;
    all.hidden = true;
  }
}

let saving = false;

form.addEventListener("submit", async (e) => {
  e.preventDefault();
  if (saving || !loaded) return;
  saving = true;
  const to = read(loaded);
  try {
    await ask("configure", { from: loaded, to });
    const language = to.Language !== loaded.Language;
    loaded = to;
    text = JSON.stringify(to);
    if (language) return location.reload(); // the page is written in it
    notify(t("page-settings-saved"));
  } catch (e) {
    complain(e);
  } finally {
    saving = false;
  }
});
// Starting at sign-in is the system's, not the file's: it is done at once (an optimistic update, undone on failure).
const autostart = input("autostart");
autostart.addEventListener("change", async () => {
  try {
    await ask("autostart", { on: autostart.checked });
    notify(t(autostart.checked ? "page-autostart-on" : "page-autostart-off"));
  } catch (e) {
    autostart.checked = !autostart.checked;
    complain(e);
  }
});
byId("reset").addEventListener("click", () => { load(); });
document.addEventListener("keydown", (e) => {
  if (keyName(e) !== "Ctrl+s" || document.querySelector("dialog[open]")) return;
  e.preventDefault();
  form.requestSubmit();
});

// What was changed elsewhere, in an editor too, is shown; what was typed here stays.
function refresh() {
  if (document.hidden || changed() || document.querySelector("dialog[open]")) return;
  if (!form.contains(document.activeElement)) load({ keep: true });
}
document.addEventListener("visibilitychange", refresh);
hear((news) => { if (news.type === "changed") refresh(); });
const stay = (/** @type {Event} */ e) => { if (changed()) e.preventDefault(); };
addEventListener("beforeunload", stay);
onLocked(() => {
  removeEventListener("beforeunload", stay);
  document.removeEventListener("visibilitychange", refresh);
  loaded = null;
  groups.show([]);
});
begin(load);
