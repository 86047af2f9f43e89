// @ts-check
// Copying a client's code, and showing it. The agent writes to the clipboard; a browser could not mark it as a secret.
import { t, ask, hear, notify } from "./kapu.js";
import { complain } from "./complain.js";

/** @import { ShownCode } from "./types.js" */

let waitingFor = "";

// readTime is how long a window that is about to close shows whose code it has copied, in milliseconds.
const readTime = 2500;

/**
 * copy puts a code on the clipboard and says so. It returns whether that is all there is to say: a code that was
 * copied before comes with a question, and one that has to be typed has to be read.
 * @param {string} id
 * @param {boolean} [next] the one after it, which is waited for
 * @param {boolean} [leave] the window closes if that is all: then a desktop notice says so, or this one for a moment
 * @returns {Promise<boolean>}
 */
export async function copy(id, next = false, leave = false) {
  waitingFor = id;
  try {
    const done = await ask("copy", { id, next, leave });
    const digits = done.code && grouped(done.code); // where they have to be typed
    if (done.used_before) {
      notify(done.said, { digits, label: t("page-next-code"), action: () => { copy(id, true); }, seconds: 20 });
    } else notify(done.said, { digits, seconds: digits ? done.remaining || 60 : 6 });
    const over = !done.used_before && !digits;
    if (over && leave && !done.announced) await new Promise((resolve) => setTimeout(resolve, readTime));
    return over;
  } catch (e) {
    complain(e);
    return false;
  } finally {
    if (waitingFor === id) waitingFor = "";
  }
}

hear(({ type, id, seconds = 0, problem = "" }) => {
  if (type === "waiting" && id === waitingFor) notify(t("page-waiting", { N: seconds }), { seconds });
  if (type === "problem") notify(problem, { problem: true });
});

/**
 * grouped writes digits as they are read: in threes, or in fours where that leaves no remainder.
 * @param {string} code
 */
export function grouped(code) {
  const size = code.length % 3 === 0 || code.length % 4 !== 0 ? 3 : 4;
  return (code.match(new RegExp(`.{1,${size}}`, "g")) ?? []).join(" ");
}

// watchTime is how long a code that was asked for goes on being shown and renewed, in milliseconds.
const watchTime = 90_000;

/**
 * watch shows a client's code for as long as somebody may be looking at it; it calls back with each new code and at
 * last with null. It returns what ends it.
 * @param {string} id
 * @param {(code: ShownCode | null) => void} show
 */
export function watch(id, show) {
  /** @type {number | undefined} */
  let timer;
  let over = false;
  const until = Date.now() + watchTime;
  const stop = () => { clearTimeout(timer); over = true; show(null); };
  const next = async () => {
    try {
      const code = { ...await ask("code", id), came: Date.now() };
      if (over) return;
      show(code);
      const left = code.until ? code.until - Date.now() : watchTime;
      timer = setTimeout(Date.now() + left < until ? next : stop, Math.max(left, 0) + 50);
    } catch (e) {
      stop();
      complain(e);
    }
  };
  next();
  return stop;
}
