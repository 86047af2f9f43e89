// Who may do what, worked out from the rights of the office.
import { clients } from "../list.js";
import { rights } from "./office.js";

// unpack makes rights of the rows that the agent sends; a moment is in seconds, 0 is none.
export const unpack = (rows) => rows.map(([id, member, right, kind, client, folder, from, until]) => ({ id, member, right, kind, client, folder, from, until }));

const more = (a, b) => rights.indexOf(a.right) > rights.indexOf(b?.right ?? "") ? a : b;

// Rights knows every member's right to each client. A right to one client is one to its account, and so to all clients
// that this serves; one to a folder is to the accounts of all who are in it.
export class Rights {
  constructor(members, grants, now) {
    this.folders = new Map(); // account → its clients' folders
    const accountOf = new Map();
    for (const c of clients) {
      accountOf.set(c.id, c.account);
      if (!this.folders.has(c.account)) this.folders.set(c.account, new Set());
      if (c.folder) this.folders.get(c.account).add(c.folder);
    }
    this.of = new Map();
    for (const m of members) this.of.set(m.id, { admin: m.role === "admin", all: null, folders: new Map(), accounts: new Map() });
    for (const g of grants) {
      const mine = this.of.get(g.member);
      if (!mine || g.from > now || g.until && g.until <= now) continue;
      if (g.kind === "all") mine.all = more(g, mine.all);
      if (g.kind === "folder") mine.folders.set(g.folder, more(g, mine.folders.get(g.folder)));
      const account = accountOf.get(g.client);
      if (g.kind === "client" && account !== undefined) mine.accounts.set(account, more(g, mine.accounts.get(account)));
    }
  }

  // at is the right of a member to a row of the table: what it is, until when, and through what it comes if not of its own.
  at(member, row) {
    const mine = this.of.get(member);
    if (mine.admin) return { right: "full", through: "admin" };
    const own = row.kind === "all" ? mine.all : row.kind === "folder" ? mine.folders.get(row.folder) : mine.accounts.get(row.client.account);
    let best = own ?? null;
    let through = "";
    const inherit = (g, from) => { if (g && more(g, best) === g && g !== best) { best = g; through = from; } };
    if (row.kind === "client") for (const f of this.folders.get(row.client.account)) inherit(mine.folders.get(f), f);
    if (row.kind !== "all") inherit(mine.all, "all");
    return { right: best?.right ?? "", until: best?.until ?? 0, through, own: own?.right ?? "" };
  }
}
