// @ts-check
// Who may do what, worked out from the grants of the office (access control).
import { clients } from "../list.js";
import { rights } from "./office.js";

/** @import { Client, Grant, Member, Right } from "../types.js" */

/**
 * A row of the table of rights: everything, a folder, or a client.
 * @typedef {{ key: string, name: string } & ({ kind: "all" } | { kind: "client", client: Client } |
 *   { kind: "folder", folder: string, n: number, open: boolean })} Row
 */

/**
 * What a member may do with a row: until which day ("" is no end), through what it comes if not of its own ("admin",
 * "all" or a folder), and what of its own there is.
 * @typedef {{ right: Right, until: string, through: string, own: Right }} Held
 */

/**
 * What has been granted to a member.
 * @typedef {{ admin: boolean, all: Grant | null, folders: Map<string, Grant>, accounts: Map<number, Grant> }} Granted
 */

/** @param {Right} right */
const rank = (right) => rights.indexOf(right);

/**
 * more is the better of two grants.
 * @param {Grant} a
 * @param {Grant | null | undefined} b
 */
const more = (a, b) => rank(a.right) > rank(b?.right ?? "") ? a : b ?? null;

// Rights knows every member's right to each client. A right to one client is one to its account, and so to all clients
// that this serves; one to a folder is to the accounts of all who are in it.
export class Rights {
  /** @type {Map<number | undefined, Set<string>>} account → its clients' folders */
  #folders = new Map();
  /** @type {Map<string, Granted>} by member */
  #of = new Map();

  /**
   * @param {Member[]} members
   * @param {Grant[]} grants
   */
  constructor(members, grants) {
    /** @type {Map<string, number | undefined>} */
    const accountOf = new Map();
    for (const { id, account, folder } of clients) {
      accountOf.set(id, account);
      const folders = this.#folders.get(account) ?? new Set();
      this.#folders.set(account, folders);
      if (folder) folders.add(folder);
    }
    for (const m of members) {
      this.#of.set(m.id, { admin: m.role === "admin", all: null, folders: new Map(), accounts: new Map() });
    }
    for (const g of grants) {
      const mine = this.#of.get(g.member);
      if (!mine || g.state !== "current") continue;
      if (g.kind === "all") mine.all = more(g, mine.all);
      if (g.kind === "folder") keep(mine.folders, g.folder, g);
      const account = accountOf.get(g.client);
      if (g.kind === "client" && account !== undefined) keep(mine.accounts, account, g);
    }
  }

  /**
   * at is the right of a member to a row.
   * @param {string} member id
   * @param {Row} row
   * @returns {Held}
   */
  at(member, row) {
    const mine = this.#of.get(member);
    if (!mine) return { right: "", until: "", through: "", own: "" };
    if (mine.admin) return { right: "full", until: "", through: "admin", own: "" };
    const own = ownOf(mine, row);
    let best = own;
    let through = "";
    /**
     * @param {Grant | null | undefined} g
     * @param {string} from
     */
    const inherit = (g, from) => {
      if (!g || g === best || more(g, best) !== g) return;
      best = g;
      through = from;
    };
    if (row.kind === "client") {
      for (const f of this.#folders.get(row.client.account) ?? []) inherit(mine.folders.get(f), f);
    }
    if (row.kind !== "all") inherit(mine.all, "all");
    return { right: best?.right ?? "", until: best?.until ?? "", through, own: own?.right ?? "" };
  }
}

/**
 * keep puts the better of two grants under a key.
 * @template K
 * @param {Map<K, Grant>} map
 * @param {K} key
 * @param {Grant} g
 */
function keep(map, key, g) {
  map.set(key, more(g, map.get(key)) ?? g);
}

/**
 * ownOf is the grant to the very thing that a row is.
 * @param {Granted} mine
 * @param {Row} row
 * @returns {Grant | null}
 */
function ownOf(mine, row) {
  switch (row.kind) {
    case "all": return mine.all;
    case "folder": return mine.folders.get(row.folder) ?? null;
  }
  const { account } = row.client;
  return account === undefined ? null : mine.accounts.get(account) ?? null;
}
