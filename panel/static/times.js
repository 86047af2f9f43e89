// Times as config.toml writes them, in words.
const units = { h: "hour", m: "minute", s: "second" };

// timeText writes "1m30s" as "1 perc 30 másodperc".
export function timeText(time) {
  return [...time.matchAll(/(\d+(?:\.\d+)?)([hms])/g)].map(([, n, unit]) =>
    new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: units[unit], unitDisplay: "long" }).format(n)).join(" ") || time;
}
