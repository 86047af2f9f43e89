// @ts-check
// The clients: a cache of the agent's list, invalidated by its events, and the full-text search over it.
import { first, taken } from "./first.js";
import { ask, hear, onLocked } from "./kapu.js";
import { complain } from "./complain.js";
import { fold } from "./fold.js";
import { begin } from "./loading.js";
import { keyOf, lines, parse } from "./words.js";

/** @import { Client, ClientRow, SearchKey } from "./types.js" */

/** @type {Client[]} all of them, in Hungarian order */
export let clients = [];

// loaded is whether the list has come: before that, none are here, which is not to say that there are none.
export let loaded = false;

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
      loaded = true;
      show();
      const list = clients;
      requestAnimationFrame(() => setTimeout(index, 0, list, 0)); // once the list is on the screen
    } finally {
      loading = false;
    }
    if (again) { again = false; load().catch(complain); }
  }
  hear((news) => { if (news.type === "changed") load().catch(complain); });
  onLocked(() => { clients = []; known.clear(); show(); });
  begin(load);
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

/** @type {Map<string, string>} lines of fields, memoized: folders repeat, and a new list has the old names */
const known = new Map();

/** @param {string} field */
function linesOf(field) {
  let found = known.get(field);
  if (found === undefined) known.set(field, found = lines(field));
  return found;
}

/**
 * key is what a client is found by, memoized: it is made when it is first needed, after the list has been shown.
 * @param {Client} c
 * @returns {SearchKey}
 */
export function key(c) {
  return c.key ??= keyOf([c.name, c.folder, c.user_name, c.service].map(linesOf).join(""), c.tax_number);
}

/**
 * index makes the keys in slices between which the page answers, so that the first letter is as quick as the others. It
 * does not wait until the page is idle: on a busy machine that is after the first letter.
 * @param {Client[]} list
 * @param {number} from
 */
function index(list, from) {
  const end = performance.now() + slice;
  while (from < list.length && performance.now() < end) key(list[from++]);
  if (from < list.length && list === clients) setTimeout(index, 0, list, from); // else there is a newer list
}

const slice = 4; // milliseconds

/**
 * find returns the clients that have every word of a query somewhere in name, folder, user name or service, or at the
 * beginning of the tax number.
 * @param {string} query
 */
export function find(query) {
  if (query.trim() === "") return clients;
  const found = parse(query);
  return clients.filter((c) => found(key(c)));
}

/**
 * shared says whether another client of a list bears the name of one: whoever knows only that may mean either.
 * @param {Client[]} list
 * @param {Client} client
 */
export const shared = (list, { id, name }) => list.some((c) => c.id !== id && fold(c.name) === fold(name));

const collator = new Intl.Collator("hu", { numeric: true });

// folders are the names of those that are used.
export function folders() {
  return [...new Set(clients.map((c) => c.folder))].filter(Boolean).sort(collator.compare);
}
