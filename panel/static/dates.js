// Days and times as a table shows them.
import { t } from "./kapu.js";

const language = document.documentElement.lang;
const day = new Intl.DateTimeFormat(language, { year: "numeric", month: "2-digit", day: "2-digit" });
const time = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });

// dayText writes "2026-12-31" as the language does.
export function dayText(iso) { return iso ? day.format(new Date(iso + "T12:00")) : ""; }

// left is the number of days that are left of a last day; less than 0 is over.
export function left(iso) {
  const now = new Date();
  return Math.round((new Date(iso + "T12:00") - new Date(now.getFullYear(), now.getMonth(), now.getDate(), 12)) / 86_400_000);
}

const soon = 30; // days

// urgency is "", "soon" or "over", and urgencyText says it in words.
export function urgency(iso) {
  if (!iso) return "";
  const days = left(iso);
  return days < 0 ? "over" : days <= soon ? "soon" : "";
}

export function urgencyText(iso) {
  return { "": "", over: t("page-over"), soon: t("page-soon", { N: iso ? left(iso) : 0 }) }[urgency(iso)];
}

// usedText says when a client was last used: today by the clock, else by the day.
export function usedText(at) {
  if (!at) return "";
  const d = new Date(at);
  return d.toDateString() === new Date().toDateString() ? time.format(d) : day.format(d);
}
