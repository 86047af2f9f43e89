// Copying a client's code, and showing it.
import { t, ask, hear, notify, complain } from "./kapu.js";

let waitingFor = "";

// copy puts a code on the clipboard and says so. It returns whether that is all there is to say: a code that was
// copied before comes with a question, and one that has to be typed has to be read.
export async function copy(id, next = false) {
  waitingFor = id;
  try {
    const done = await ask("copy", { id, next });
    const digits = done.code && grouped(done.code); // where they have to be typed
    if (done.used_before) notify(done.said, { digits, label: t("page-next-code"), action: () => copy(id, true), seconds: 20 });
    else notify(done.said, { digits, seconds: digits ? done.remaining || 60 : 6 });
    return !done.used_before && !digits;
  } catch (e) {
    complain(e);
    return false;
  } finally {
    if (waitingFor === id) waitingFor = "";
  }
}

hear((e) => {
  if (e.type === "waiting" && e.id === waitingFor) notify(t("page-waiting", { N: e.seconds }), { seconds: e.seconds });
  if (e.type === "problem") notify(e.problem, { problem: true });
});

// grouped writes digits as they are read: in threes, or in fours where that leaves no remainder.
export function grouped(code) {
  const size = code.length % 3 === 0 || code.length % 4 !== 0 ? 3 : 4;
  return code.match(new RegExp(`.{1,${size}}`, "g")).join(" ");
}

// watchTime is how long a code that was asked for goes on being shown and renewed.
const watchTime = 90_000;

// watch shows a client's code for as long as somebody may be looking at it; it calls back with each new code and at
// last with null. It returns what ends it.
export function watch(id, show) {
  let timer;
  const until = Date.now() + watchTime;
  const stop = () => { clearTimeout(timer); timer = null; show(null); };
  const next = async () => {
    try {
      const code = await ask("code", id);
      if (timer === null) return;
      code.came = Date.now();
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
