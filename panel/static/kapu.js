// What every page has: questions to the agent, the news from it, texts, and the end when the vault is locked.
import texts from "./texts.js";

// t is a text of the interface; values fill its {Name}s.
export function t(id, values = {}) {
  return texts[id].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// Problem is a refusal, in a sentence for the person.
export class Problem extends Error {
  folder = ""; // of the group that is locked, if that is why
}

// ask calls a method of the agent.
export async function ask(method, request = {}, options = {}) {
  let answer;
  try {
    answer = await fetch("/api/" + method, { method: "POST", body: JSON.stringify(request), ...options });
  } catch (e) {
    if (e.name !== "AbortError") locked(); // there is nobody any more: that is what locking is
    throw e;
  }
  if (answer.ok) return answer.json();
  if (answer.status === 401) location.reload();
  const said = answer.status === 422 ? await answer.json() : { problem: t("page-refused", { N: answer.status }) };
  throw Object.assign(new Problem(said.problem), { folder: said.folder ?? "" });
}

// The news. Their end, however it comes about, means locked: nothing is tried again by itself.
const listeners = [];
const news = new EventSource("/events");
news.onmessage = (e) => { const event = JSON.parse(e.data); for (const l of listeners) l(event); };
news.onerror = locked;

// hear calls back with each event of the agent.
export function hear(listener) { listeners.push(listener); }

const forgetters = [];

// onLocked is for what holds names outside of the document: it has to let go of them.
export function onLocked(forget) { forgetters.push(forget); }

let over = false;

function locked() {
  if (over) return;
  over = true;
  empty();
  document.title = "Kapu";
  document.body.className = "small";
  document.body.replaceChildren(shut);
}

const shut = document.getElementById("locked").content.cloneNode(true);

function empty() {
  news.close();
  listeners.length = 0;
  for (const forget of forgetters) forget();
  document.body.replaceChildren();
}

// A page that was left must not be kept by the browser for "back".
addEventListener("pagehide", empty);
addEventListener("pageshow", (e) => { if (e.persisted) location.reload(); });

document.getElementById("lock")?.addEventListener("click", () => ask("lock").catch(() => {}));

// notify says something for a while, at the lower edge; an action in it is a button.
export function notify(text, { action, label, digits, problem = false, seconds = problem ? 12 : 6 } = {}) {
  document.querySelector(".notice")?.remove();
  const box = document.createElement("div");
  box.className = problem ? "notice problem" : "notice";
  box.setAttribute("role", problem ? "alert" : "status");
  if (digits) {
    const large = document.createElement("output");
    large.className = "digits";
    large.textContent = digits;
    box.append(large);
  }
  const words = document.createElement("p");
  words.append(...text.split("`").map((part, i) => i % 2 === 0 ? part : code(part))); // sentences quote commands so
  box.append(words);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.onclick = () => { box.remove(); action(); };
    box.append(button);
  }
  document.body.append(box);
  setTimeout(() => box.remove(), seconds * 1000);
}

function code(text) {
  const element = document.createElement("code");
  element.textContent = text;
  return element;
}

async function unlock(folder) { (await import("./shut.js")).unlock(folder); }

// complain shows what went wrong, if it is the person's affair.
export function complain(e) {
  if (e instanceof Problem) notify(e.message, { problem: true, ...e.folder && { label: t("page-group-unlock"), action: () => unlock(e.folder) } });
  else if (e.name !== "AbortError" && !over) throw e;
}
