// The clients: fetched, kept up to date, and searched.
import { first, taken } from "./first.js";
import { ask, hear, onLocked, complain } from "./kapu.js";
import { fold } from "./fold.js";

// clients are all of them, in Hungarian order.
export let clients = [];

export const fields = ["id", "name", "tax_number", "folder", "user_name", "service", "mandate_until", "password_until"];

function unpack(row, order) {
  const c = { order, favourite: row[8] === 1, used: row[9] * 1000, right: row[10] ?? "", account: row[11] };
  for (let i = 0; i < fields.length; i++) c[fields[i]] = row[i];
  return c;
}

// follow calls back with each new list, until the vault is locked.
export function follow(show) {
  let loading = false;
  let again = false;
  async function load() {
    if (loading) { again = true; return; }
    loading = true;
    try {
      clients = (await early() ?? await ask("clients")).map(unpack);
      show();
      requestIdleCallback(() => clients.forEach(text)); // so that the first letter is as quick as the others
    } finally {
      loading = false;
    }
    if (again) { again = false; load().catch(complain); }
  }
  hear((e) => { if (e.type === "changed") load().catch(complain); });
  onLocked(() => { clients = []; show(); });
  load().catch(complain);
}

// early is the answer to what first.js has asked, once; none if that went wrong, which asking again will explain.
async function early() {
  if (!first) return null;
  const answer = await first.catch(() => null);
  taken();
  return answer?.ok ? answer.json() : null;
}

const digits = (s) => s.replace(/\D/g, "");

// text is what a client is found by. It is made when it is first needed: that is after the list has been shown.
function text(c) {
  return c.text ??= `${fold(c.name)}\n${fold(c.folder)}\n${c.tax_number}\n${digits(c.tax_number)}`;
}

// find returns the clients that have every word of a query somewhere in name, folder or tax number; a tax number may
// be typed with or without its dashes.
export function find(query) {
  const words = fold(query).split(" ").filter(Boolean);
  if (words.length === 0) return clients;
  const tax = /^[\d\s-]+$/.test(query) ? digits(query) : "";
  return clients.filter((c) => words.every((w) => text(c).includes(w)) || (tax.length > 2 && text(c).includes("\n" + tax)));
}

// folders are the names of those that are used.
export function folders() {
  return [...new Set(clients.map((c) => c.folder))].filter(Boolean).sort(new Intl.Collator("hu", { numeric: true }).compare);
}
