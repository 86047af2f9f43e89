// The settings: a form over what config.toml says. Nothing is written before "save".
import { t, ask, hear, onLocked, complain, notify } from "./kapu.js";
import { timeText } from "./times.js";
import { Groups } from "./groups.js";
import { protection } from "./protect.js";

const byId = (id) => document.getElementById(id);
const form = byId("form");

// fill writes values into the form, and read takes them out again; a field's name is its way into the settings.
const inputs = () => form.querySelectorAll("[name]");
const into = (config, name) => { const way = name.split("."); const last = way.pop(); return [way.reduce((at, step) => at[step], config), last]; };

let loaded = null; // what the file says
let text = ""; // and what the form said then
const groups = new Groups(byId("groups"));

function fill(config) {
  for (const input of inputs()) {
    const [at, field] = into(config, input.name);
    if (input.dataset.times) offer(input, at[field]);
    if (input.type === "checkbox") input.checked = at[field]; else input.value = at[field];
  }
  groups.show(config.Groups ?? []);
}

function read() {
  const config = structuredClone(loaded);
  for (const input of inputs()) {
    const [at, field] = into(config, input.name);
    at[field] = input.type === "checkbox" ? input.checked : input.value.trim();
  }
  config.Groups = groups.read();
  return config;
}

// offer puts the usual times into a list, and the one that the file has if it is another.
function offer(select, now) {
  const times = select.dataset.times.split(" ");
  if (!times.includes(now)) times.push(now);
  select.replaceChildren(...times.map((time) => new Option(time === "0s" ? t(select.dataset.zero ? "page-fresh-any" : "page-never") : timeText(time), time)));
}

const changed = () => loaded !== null && JSON.stringify(read()) !== text;

// load shows what the file says now; with keep it leaves what was typed meanwhile.
async function load({ keep = false } = {}) {
  try {
    const { config, path, method, autostart } = await ask("settings");
    byId("autostart").checked = autostart;
    if (keep && changed()) return;
    loaded = config;
    fill(config);
    text = JSON.stringify(read());
    protection(method);
    byId("file").textContent = path;
    byId("wrong").hidden = true;
    byId("all").hidden = false;
  } catch (e) {
    if (!byId("wrong").isConnected) return; // locked
    byId("wrong").textContent = e.message;
    byId("wrong").hidden = false;
    byId("all").hidden = true;
  }
}

let saving = false;

form.addEventListener("submit", async (e) => {
  e.preventDefault();
  if (saving) return;
  saving = true;
  const to = read();
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
// Starting at sign-in is the system's, not the file's: it is done at once.
byId("autostart").addEventListener("change", async ({ target }) => {
  try {
    await ask("autostart", { on: target.checked });
    notify(t(target.checked ? "page-autostart-on" : "page-autostart-off"));
  } catch (e) {
    target.checked = !target.checked;
    complain(e);
  }
});
byId("reset").addEventListener("click", () => load());
document.addEventListener("keydown", (e) => {
  if (e.key === "s" && (e.ctrlKey || e.metaKey) && !document.querySelector("dialog[open]")) { e.preventDefault(); form.requestSubmit(); }
});

// What was changed elsewhere, in an editor too, is shown; what was typed here stays.
const refresh = () => { if (!document.hidden && !changed() && !document.querySelector("dialog[open]") && !form.contains(document.activeElement)) load({ keep: true }); };
document.addEventListener("visibilitychange", refresh);
hear((e) => { if (e.type === "changed") refresh(); });
const stay = (e) => { if (changed()) e.preventDefault(); };
addEventListener("beforeunload", stay);
onLocked(() => {
  removeEventListener("beforeunload", stay);
  document.removeEventListener("visibilitychange", refresh);
  loaded = null;
  groups.show([]);
});
load();
