// Days and times as a table shows them.
import { soon } from "./texts.js";
import { t } from "./kapu.js";

// English has the month in letters: nobody knows which of 02/11 is the month.
const hungarian = document.documentElement.lang === "hu";
const locale = hungarian ? "hu" : "en-GB";
const day = new Intl.DateTimeFormat(locale, { year: "numeric", month: hungarian ? "2-digit" : "short", day: "2-digit" });
const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const moment = new Intl.DateTimeFormat(locale, { dateStyle: hungarian ? "short" : "medium", timeStyle: "medium" });

// dayText writes "2026-12-31" as the language does.
export function dayText(iso) { return iso ? day.format(new Date(iso + "T12:00")) : ""; }

// momentText writes a moment, in seconds since 1970, with its day.
export function momentText(at) { return moment.format(at * 1000); }

// fromText and untilText write the beginning and the end of a span: whole days as days, the end by its last one.
export function fromText(at) { return whole(at) ? day.format(at * 1000) : momentText(at); }
export function untilText(at) { return whole(at) ? day.format((at - 1) * 1000) : momentText(at); }

const whole = (at) => new Date(at * 1000).toTimeString().startsWith("00:00:00");

// left is the number of days that are left of a last day; less than 0 is over.
export function left(iso) {
  const now = new Date();
  return Math.round((new Date(iso + "T12:00") - new Date(now.getFullYear(), now.getMonth(), now.getDate(), 12)) / 86_400_000);
}

// leftText says it in words.
export function leftText(days) {
  if (days < -1) return t("page-over-days", { N: -days });
  return { "-1": t("page-over-yesterday"), 0: t("page-due-today"), 1: t("page-due-tomorrow") }[days] ?? t("page-due-days", { N: days });
}

// urgency is "", "soon" or "over", and urgencyText says it in words.
export function urgency(iso) {
  if (!iso) return "";
  const days = left(iso);
  return days < 0 ? "over" : days <= soon ? "soon" : "";
}

export function urgencyText(iso) {
  return urgency(iso) && leftText(left(iso));
}

// usedText says when a client was last used: today by the clock, else by the day.
export function usedText(at) {
  if (!at) return "";
  const d = new Date(at);
  return d.toDateString() === new Date().toDateString() ? time.format(d) : day.format(d);
}
