// @ts-check
// The remote procedure calls to the agent (ask), its server-sent events (hear), the texts (t), the notices (notify),
// and what happens when the vault is locked: the end of the stream empties the page.
import texts from "./texts.js";
import { article } from "./article.js";
import { byId, one } from "./dom.js";

/** @import { Answer, News } from "./types.js" */

/**
 * t is a text of the interface, with values in the place of its {{.Name}}s, and their articles in that of its
 * {{az .Name}}s.
 * @param {string} id
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function t(id, values = {}) {
  return texts[id].replace(/\{\{(?:([aA])z )?\.(\w+)\}\}/g, (whole, a, name) => {
    const value = values[name] ?? whole;
    return a ? a + article(value).slice(1) : String(value);
  });
}

// Problem is a refusal, in a sentence for the person.
export class Problem extends Error {
  folder = ""; // of the group that is locked, if that is why
  doubtful = false; // the same request is accepted once it says that the person has confirmed it
  asked = false; // the PIN or password that it brought along is missing or wrong
}

/**
 * What asks for the PIN or password where the agent wants it: why, and the request again. See secret.js.
 * @typedef {(why: string, again: (secret: string) => Promise<any>) => Promise<any>} Asker
 */
/** @type {Asker | null} */
let asker = null;

/**
 * onAsked is for what can ask for it.
 * @param {Asker} way
 */
export function onAsked(way) { asker = way; }

/**
 * ask calls a method of the agent. It throws a Problem if it is refused, and something else if the vault is locked.
 * The secret is the PIN or password that the person has given for this request; where there is none and the agent wants
 * it, the person is asked, and the request made again.
 * @template {string} M
 * @param {M} method
 * @param {unknown} [request]
 * @param {RequestInit & { secret?: string }} [options]
 * @returns {Promise<Answer<M>>}
 */
export async function ask(method, request = {}, { secret, ...options } = {}) {
  let answer;
  try {
    const headers = secret ? { "Kapu-Secret": encodeURIComponent(secret) } : undefined;
    answer = await fetch("/api/" + method, { method: "POST", body: JSON.stringify(request), headers, ...options });
  } catch (e) {
    if (isAbort(e)) throw e;
    await ended();
    throw over ? e : new Problem(t("page-silent"));
  }
  if (answer.ok) return answer.json();
  if (answer.status === 401) location.reload();
  const said = answer.status === 422 ? await answer.json() : { problem: t("page-refused", { N: answer.status }) };
  if (said.asked && asker && secret === undefined) {
    return asker(said.problem, (given) => ask(method, request, { ...options, secret: given }));
  }
  const { problem, folder = "", doubtful = false, asked = false } = said;
  throw Object.assign(new Problem(problem), { folder, doubtful, asked });
}

/**
 * isAbort says whether an error is a request that the browser gave up, because the page is being left.
 * @param {unknown} e
 */
export const isAbort = (e) => e instanceof Error && e.name === "AbortError";

// The news. Their end, however it comes about, means locked: there is no reconnect.
/** @type {((news: News) => void)[]} */
const listeners = [];
const stream = new EventSource("/events");
stream.onmessage = (/** @type {MessageEvent<string>} */ e) => {
  /** @type {News} */
  const news = JSON.parse(e.data);
  if (news.type === "heir") {
    heir = news.id ?? "";
    document.documentElement.dataset.follows = ""; // from here on a lock finds the way back
  }
  for (const listener of listeners) listener(news);
};
stream.onerror = locked;

// heir is the hash of what only who follows the agent at this address can say.
let heir = "";

/**
 * hear calls back with each event of the agent.
 * @param {(news: News) => void} listener
 */
export function hear(listener) { listeners.push(listener); }

/** @type {(() => void)[]} */
const forgetters = [];

/**
 * onLocked is for what holds names outside of the document: it has to let go of them.
 * @param {() => void} forget
 */
export function onLocked(forget) { forgetters.push(forget); }

// over is that the vault is locked.
export let over = false;

function locked() {
  if (over) return;
  over = true;
  empty();
  document.title = "Kapu";
  document.body.className = "small";
  document.body.replaceChildren(farewell);
  succeed().catch(() => {});
}

const patience = 10_000; // milliseconds
const pause = 50;

// ended waits a moment for the end of the news, which alone means locked: a request can fail for other reasons.
async function ended() {
  for (const until = Date.now() + 1000; !over && Date.now() < until;) await wait(pause);
}

// succeed waits for the agent's heir, the lobby, and lets it show the way back in. Anybody else who listens at this
// address now is not believed: where there is no heir, the window leaves the address.
async function succeed() {
  for (const until = Date.now() + patience; heir && Date.now() < until;) {
    try {
      const answer = await fetch("/api/heir", { method: "POST", body: "{}" });
      if (answer.ok) {
        if (await hash(await answer.json()) === heir) return location.reload();
        break; // somebody else is there
      }
    } catch {} // nobody is there yet
    await wait(pause);
  }
  leave();
}

// leave puts the farewell at an address that no server can take: loaded anew, the window shows an error of the
// browser's own, and never a stranger's page. It has no style: what is loaded would come from the old address.
function leave() {
  const page = `<!doctype html><html lang="${document.documentElement.lang}"><meta charset="utf-8"><title>Kapu</title>
<meta name="color-scheme" content="light dark"><center>
<font face="sans-serif">${document.body.innerHTML}</font></center>`;
  location.replace(URL.createObjectURL(new Blob([page], { type: "text/html" })));
}

/** @param {number} ms */
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {string} text */
async function hash(text) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...digest].map((b) => b.toString(16).padStart(2, "0")).join("");
}

const farewell = one("#locked", HTMLTemplateElement).content.cloneNode(true);

function empty() {
  stream.close();
  listeners.length = 0;
  for (const forget of forgetters) forget();
  document.body.replaceChildren();
}

// A page that was left must not be kept by the browser for "back".
addEventListener("pagehide", empty);
addEventListener("pageshow", (e) => { if (e.persisted) location.reload(); });

// Small pages have no such button.
if (document.getElementById("lock")) byId("lock").addEventListener("click", () => ask("lock").catch(() => {}));

/**
 * notify says something for a while (a toast), at the lower edge; an action in it is a button.
 * @param {string} text
 * @param {{ action?: () => void, label?: string, digits?: string, problem?: boolean, seconds?: number }} [options]
 */
export function notify(text, { action, label = "", digits, problem = false, seconds = problem ? 12 : 6 } = {}) {
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
  // Beside a modal dialog nothing can be read or pressed.
  ([...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body).append(box);
  setTimeout(() => box.remove(), seconds * 1000);
}

/** @param {string} text */
function code(text) {
  const element = document.createElement("code");
  element.textContent = text;
  return element;
}
