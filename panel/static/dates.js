// @ts-check
// Days and moments as a table shows them. A day is an ISO 8601 date (2026-12-31) of the office's calendar, which has
// one time zone on all machines; a moment is in seconds since 1970, and shown by this machine's clock.
import { soon, zone } from "./texts.js";
import { t } from "./kapu.js";

// English has the month in letters: nobody knows which of 02/11 is the month.
const hungarian = document.documentElement.lang === "hu";
const locale = hungarian ? "hu" : "en-GB";
const month = hungarian ? "2-digit" : "short";
const day = new Intl.DateTimeFormat(locale, { year: "numeric", month, day: "2-digit", timeZone: "UTC" });
const civil = new Intl.DateTimeFormat("en", { year: "numeric", month: "2-digit", day: "2-digit", timeZone: zone });
const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const moment = new Intl.DateTimeFormat(locale, { dateStyle: hungarian ? "short" : "medium", timeStyle: "medium" });

/**
 * noon stands for a day to count and to write with. UTC has no days of 23 hours.
 * @param {string} iso
 */
const noon = (iso) => new Date(iso + "T12:00Z");

/**
 * dayText writes a day as the language does, and in a word that there is none ("indefinite").
 * @param {string} [iso]
 */
export function dayText(iso) {
  if (iso === "indefinite") return t("page-indefinite");
  return iso ? day.format(noon(iso)) : "";
}

/**
 * dayOf is the day of a moment, in milliseconds since 1970.
 * @param {number} at
 */
function dayOf(at) {
  const part = Object.fromEntries(civil.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day}`;
}

// near is which days are near: from today to the last one; memoized for a second, because a table asks in each cell.
const near = { at: 0, today: "", last: "" };
function nearness() {
  const now = Date.now();
  if (Math.abs(now - near.at) >= 1000) {
    near.at = now;
    near.today = dayOf(now);
    near.last = ahead(0, soon);
  }
  return near;
}

const today = () => dayOf(Date.now());

/**
 * ahead is the day so many years and days from today.
 * @param {number} years
 * @param {number} days
 */
export function ahead(years, days) {
  const d = noon(today());
  d.setUTCFullYear(d.getUTCFullYear() + years);
  d.setUTCDate(d.getUTCDate() + days);
  return d.toISOString().slice(0, "2026-12-31".length);
}

/**
 * momentText writes a moment with its day.
 * @param {number} at
 */
export function momentText(at) { return moment.format(at * 1000); }

/**
 * left is the number of days that are left of a last day; less than 0 is over.
 * @param {string} iso
 */
export function left(iso) {
  return (noon(iso).getTime() - noon(today()).getTime()) / 86_400_000;
}

/**
 * leftText says it in words.
 * @param {number} days
 */
export function leftText(days) {
  switch (days) {
    case -1: return t("page-over-yesterday");
    case 0: return t("page-due-today");
    case 1: return t("page-due-tomorrow");
  }
  return days < 0 ? t("page-over-days", { N: -days }) : t("page-due-days", { N: days });
}

/**
 * urgency is how near a last day is: "", "soon" or "over"; none of what does not end.
 * @param {string} iso
 */
export function urgency(iso) {
  const { today, last } = nearness();
  return !iso || iso > last ? "" : iso < today ? "over" : "soon"; // "indefinite" stands after all days
}

/**
 * urgencyText says it in words.
 * @param {string} iso
 */
export function urgencyText(iso) { return urgency(iso) && leftText(left(iso)); }

/**
 * usedText says when a client was last used, in milliseconds since 1970: today by the clock, else by the day.
 * @param {number} at
 */
export function usedText(at) {
  if (!at) return "";
  const used = dayOf(at);
  return used === today() ? time.format(at) : dayText(used);
}
