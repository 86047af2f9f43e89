// @ts-check
// Copying a client's code or user name, and showing a code. The agent writes to the clipboard; a browser could not mark
// what it copies as a secret.
import { t, ask, hear, notify } from "./kapu.js";
import { complain } from "./complain.js";

/** @import { Copied, ShownCode } from "./types.js" */

let waitingFor = "";
let following = ""; // id of the client whose code comes by itself once the user name was pasted

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
export const copy = (id, next = false, leave = false) => request(id, { next, leave });

/**
 * signIn puts the user name on the clipboard, and the code once that was pasted, or when it is asked for again.
 * @param {string} id
 * @param {boolean} [leave] as copy has it
 */
export const signIn = (id, leave = false) => request(id, { what: "sign-in", leave });

/**
 * copyUserName puts the user name on the clipboard, and nothing after it.
 * @param {string} id
 * @param {boolean} [leave] as copy has it
 */
export const copyUserName = (id, leave = false) => request(id, { what: "user-name", leave });

/**
 * copyTaxNumber puts the tax number on the clipboard.
 * @param {string} id
 */
export const copyTaxNumber = (id) => request(id, { what: "tax-number" });

/**
 * @param {string} id
 * @param {{ what?: string, next?: boolean, leave?: boolean }} options
 */
async function request(id, { what = "", next = false, leave = false }) {
  waitingFor = id;
  try {
    const done = await ask("copy", { id, what, next, leave });
    following = done.follows ? id : "";
    const over = say(id, done);
    if (over && leave && !done.announced) await new Promise((resolve) => setTimeout(resolve, readTime));
    return over;
  } catch (e) {
    complain(e);
    return false;
  } finally {
    if (waitingFor === id) waitingFor = "";
  }
}

/**
 * say tells what was copied, and returns whether that is all there is to say.
 * @param {string} id
 * @param {Copied} done
 */
function say(id, done) {
  const digits = done.code && grouped(done.code); // where they have to be typed
  const seconds = digits ? done.remaining || 60 : done.used_before || done.follows ? 20 : 6;
  const more = done.used_before ? { label: t("page-next-code"), action: () => { copy(id, true); } } :
    done.follows ? { label: t("page-copy"), action: () => { copy(id); } } : {};
  notify(done.said, { digits, seconds, ...more });
  return !done.used_before && !digits;
}

hear(({ type, id = "", seconds = 0, why = "", problem = "", copied }) => {
  const ours = id !== "" && (id === waitingFor || id === following);
  if (type === "waiting" && ours) notify(why || t("page-waiting", { N: seconds }), { seconds });
  if (type === "problem") notify(problem, { problem: true });
  if (type === "copied" && copied && id === following) {
    following = "";
    say(id, copied);
  }
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
