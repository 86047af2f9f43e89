// @ts-check
// Days and moments as a table shows them. A day is an ISO 8601 date (2026-12-31); a moment is in seconds since 1970.
import { soon } from "./texts.js";
import { t } from "./kapu.js";

// English has the month in letters: nobody knows which of 02/11 is the month.
const hungarian = document.documentElement.lang === "hu";
const locale = hungarian ? "hu" : "en-GB";
const month = hungarian ? "2-digit" : "short";
const day = new Intl.DateTimeFormat(locale, { year: "numeric", month, day: "2-digit" });
const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const moment = new Intl.DateTimeFormat(locale, { dateStyle: hungarian ? "short" : "medium", timeStyle: "medium" });

/**
 * noon is the middle of a day by this machine's clock: however the clocks are put back, it is in that day.
 * @param {string} iso
 */
const noon = (iso) => new Date(iso + "T12:00");

/**
 * dayText writes a day as the language does.
 * @param {string} [iso]
 */
export function dayText(iso) { return iso ? day.format(noon(iso)) : ""; }

/**
 * isoDay writes the day of a date.
 * @param {Date} d
 */
export function isoDay(d) {
  return [d.getFullYear(), d.getMonth() + 1, d.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
}

/**
 * dayStart is the moment at which a day begins by this machine's clock, or another so many days later.
 * @param {string} iso
 * @param {number} later
 */
export function dayStart(iso, later) {
  const d = new Date(iso + "T00:00");
  d.setDate(d.getDate() + later);
  return d.getTime() / 1000;
}

/**
 * momentText writes a moment with its day.
 * @param {number} at
 */
export function momentText(at) { return moment.format(at * 1000); }

/**
 * fromText writes the beginning of a span: a whole day as a day.
 * @param {number} at
 */
export function fromText(at) { return whole(at) ? day.format(at * 1000) : momentText(at); }

/**
 * untilText writes the end of a span, which is no longer in it: whole days by the last one.
 * @param {number} at
 */
export function untilText(at) { return whole(at) ? day.format((at - 1) * 1000) : momentText(at); }

/** @param {number} at */
const whole = (at) => new Date(at * 1000).toTimeString().startsWith("00:00:00");

/**
 * left is the number of days that are left of a last day; less than 0 is over.
 * @param {string} iso
 */
export function left(iso) {
  return Math.round((noon(iso).getTime() - noon(isoDay(new Date())).getTime()) / 86_400_000);
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
 * urgency is how near a last day is: "", "soon" or "over".
 * @param {string} iso
 */
export function urgency(iso) {
  if (!iso) return "";
  const days = left(iso);
  return days < 0 ? "over" : days <= soon ? "soon" : "";
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
  const d = new Date(at);
  return d.toDateString() === new Date().toDateString() ? time.format(d) : day.format(d);
}
