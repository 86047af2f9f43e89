// @ts-check
// Durations as config.toml writes them, in words.

/** @type {Record<string, string>} */
const units = { h: "hour", m: "minute", s: "second" };

/**
 * timeText writes "1m30s" as "1 perc 30 másodperc".
 * @param {string} time
 */
export function timeText(time) {
  const { lang } = document.documentElement;
  const part = (/** @type {RegExpMatchArray} */ [, n, unit]) =>
    new Intl.NumberFormat(lang, { style: "unit", unit: units[unit], unitDisplay: "long" }).format(Number(n));
  return [...time.matchAll(/(\d+(?:\.\d+)?)([hms])/g)].map(part).join(" ") || time;
}
