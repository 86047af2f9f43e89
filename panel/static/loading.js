// @ts-check
// The first load of a page. What has not come yet is not the same as nothing: until it is here, the page says that it
// is on its way, and what was refused is said with a way to try again.
import { t, Problem } from "./kapu.js";
import { complain } from "./complain.js";
import { one } from "./dom.js";

const main = one("main", HTMLElement);
const word = document.createElement("p");
word.className = "loading";
word.setAttribute("role", "status");
let waiting = 0;

// moment is how long nobody needs to be told, in milliseconds.
const moment = 150;

/**
 * begin loads, and says so meanwhile.
 * @param {() => Promise<unknown>} load
 */
export async function begin(load) {
  if (waiting++ === 0) {
    main.append(word);
    setTimeout(() => { word.textContent = t("page-loading"); }, moment);
  }
  try {
    await load();
  } catch (e) {
    if (e instanceof Problem) refused(e, load); else complain(e);
  }
  if (--waiting === 0) word.remove();
}

/**
 * refused says why there is nothing to see.
 * @param {Problem} problem
 * @param {() => Promise<unknown>} load
 */
function refused(problem, load) {
  const box = document.createElement("div");
  box.className = "loading";
  box.setAttribute("role", "alert");
  const sentence = document.createElement("p");
  sentence.textContent = problem.message;
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = t("page-loading-again");
  again.onclick = () => { box.remove(); begin(load); };
  box.append(sentence, again);
  main.append(box);
}
