// @ts-check
// The clients: a cache of the agent's list, invalidated by its events, and the full-text search over it.
import { first, taken } from "./first.js";
import { ask, hear, onLocked } from "./kapu.js";
import { complain } from "./complain.js";
import { fold } from "./fold.js";

/** @import { Client, ClientRow } from "./types.js" */

/** @type {Client[]} all of them, in Hungarian order */
export let clients = [];

/**
 * @param {ClientRow} row
 * @param {number} order
 * @returns {Client}
 */
const clientOf = (row, order) => Object.assign(row, { order, used: row.used * 1000, right: row.right ?? "" });

/**
 * follow calls back with each new list, until the vault is locked. Requests are coalesced: while one is under way,
 * however many changes mean one more.
 * @param {() => void} show
 */
export function follow(show) {
  let loading = false;
  let again = false;
  async function load() {
    if (loading) { again = true; return; }
    loading = true;
    try {
      clients = (await early() ?? await ask("clients")).map(clientOf);
      show();
      requestIdleCallback(() => clients.forEach(text)); // so that the first letter is as quick as the others
    } finally {
      loading = false;
    }
    if (again) { again = false; load().catch(complain); }
  }
  hear((news) => { if (news.type === "changed") load().catch(complain); });
  onLocked(() => { clients = []; show(); });
  load().catch(complain);
}

/**
 * early is the answer to what first.js has asked, once; none if that went wrong, which asking again will explain.
 * @returns {Promise<ClientRow[] | null>}
 */
async function early() {
  if (!first) return null;
  const answer = await first.catch(() => null);
  taken();
  return answer?.ok ? answer.json() : null;
}

/** @param {string} s */
const digits = (s) => s.replace(/\D/g, "");

/**
 * text is what a client is found by, memoized: it is made when it is first needed, after the list has been shown.
 * @param {Client} c
 */
function text(c) {
  return c.text ??= `${fold(c.name)}\n${fold(c.folder)}\n${c.tax_number}\n${digits(c.tax_number)}`;
}

/**
 * find returns the clients that have every word of a query somewhere in name, folder or tax number; a tax number may
 * be typed with or without its dashes.
 * @param {string} query
 */
export function find(query) {
  const words = fold(query).split(" ").filter(Boolean);
  if (words.length === 0) return clients;
  const tax = /^[\d\s-]+$/.test(query) ? digits(query) : "";
  const byTax = (/** @type {Client} */ c) => tax.length > 2 && text(c).includes("\n" + tax);
  return clients.filter((c) => words.every((w) => text(c).includes(w)) || byTax(c));
}

const collator = new Intl.Collator("hu", { numeric: true });

// folders are the names of those that are used.
export function folders() {
  return [...new Set(clients.map((c) => c.folder))].filter(Boolean).sort(collator.compare);
}
