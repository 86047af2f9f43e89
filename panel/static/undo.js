// @ts-check
// Taking changes back: a button that names the newest change of today, wherever it was made, and Ctrl+Z.
import { t, ask, hear, notify } from "./kapu.js";
import { complain } from "./complain.js";
import { keyName, target } from "./dom.js";

let newest = ""; // id of the change that the button names
/** @type {string | undefined} what it was when the page was opened: only the button takes that back, no key */
let before;

/**
 * takeBack takes changes back, the last one first, and says which that was.
 * @param {...string} ids
 */
export async function takeBack(...ids) {
  try {
    for (const id of ids.reverse()) notify((await ask("undo", id)).said);
  } catch (e) {
    complain(e);
  }
}

/**
 * changed says what was changed, and offers to take it back.
 * @param {string} said
 * @param {...string} ids of the changes
 */
export function changed(said, ...ids) {
  notify(said, { label: t("page-undo"), action: () => { takeBack(...ids); }, seconds: 15 });
}

/**
 * typing says whether a key belongs to who is typing. In a search box that is empty there is nothing to take back.
 * @param {HTMLElement} at
 */
function typing(at) {
  if (at instanceof HTMLInputElement) return at.type !== "checkbox" && !(at.type === "search" && at.value === "");
  return at.matches("textarea, select");
}

/**
 * offerUndo lets a button name the newest change, and take it back.
 * @param {HTMLElement} button
 * @param {() => unknown} instead where the focus goes when there is nothing more to take back
 */
export function offerUndo(button, instead) {
  async function load() {
    const { id, deed } = await ask("undoable");
    const focused = document.activeElement === button;
    newest = id;
    before ??= id;
    button.hidden = id === "";
    button.textContent = t("page-undo-of", { Deed: deed });
    if (focused && button.hidden) instead();
  }
  button.addEventListener("click", () => { takeBack(newest); });
  document.addEventListener("keydown", (e) => {
    if (keyName(e) !== "Ctrl+z" || newest === "" || newest === before) return;
    if (typing(target(e)) || document.querySelector("dialog[open]")) return;
    e.preventDefault();
    takeBack(newest);
  });
  hear((news) => { if (news.type === "changed") load().catch(complain); });
  load().catch(complain);
}
