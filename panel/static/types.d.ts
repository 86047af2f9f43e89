// The data transfer objects: what travels between the page and its server, as the structs of panel/*.go and agent have
// it. Moments that Go wrote are ISO 8601 texts; a `number` of a moment is seconds since 1970 unless it says otherwise.
// Only the type checker reads this file.

/** A right of the office, in ascending order; "" is none. */
export type Right = "" | "codes" | "use" | "edit" | "full";
export type Role = "admin" | "staff";

/** panel.clientRow */
export interface ClientRow {
  id: string;
  name: string;
  beside?: string; // what tells it from others of the name
  duplicate?: string; // the same of all who may be one client
  tax_number: string;
  folder: string;
  user_name: string;
  service: string;
  mandate_until: string; // a day as 2026-12-31, or "indefinite"; "" is not noted
  password_until: string;
  favourite: boolean;
  used: number; // 0 is never
  right?: Right; // only of what is the office's
  account?: number; // the same; clients of one account share it
}

/** A client in the page's list. */
export interface Client extends ClientRow {
  order: number; // its place in Hungarian order
  right: Right;
  key?: SearchKey; // what it is found by, once it was looked for
}

/** An entry of the search index, as words.js makes it. */
export interface SearchKey {
  text: string; // lines of words
  tax: string; // digits
}

/** agent.Client, as far as the page uses it */
export interface AgentClient {
  id: string;
  name: string;
  beside?: string;
  account: string; // id
  tax_number: string;
  folder: string;
  service: string;
  user_name: string;
  mandate_until?: string;
  password_until?: string;
  favourite: boolean;
  right?: Right;
}

/** agent.Details */
export interface Details extends AgentClient {
  note: string;
  others?: string[]; // labels of the account's other clients
  has_deletion_code: boolean;
  key?: string;
  deletion_code?: string;
}

/** panel.shownCode; moments in milliseconds since 1970, 0 of a code that does not run out */
export interface Code {
  code: string;
  from: number;
  until: number;
}

/** A code that is on the screen, and when it came there, in milliseconds since 1970. */
export interface ShownCode extends Code {
  came: number;
}

/** panel.copied */
export interface Copied {
  said: string;
  code?: string;
  remaining: number; // seconds
  used_before: boolean;
  follows?: string; // of a user name: how its code comes after it
  announced?: boolean; // a desktop notice says so too
}

/** panel.shownUse */
export interface ShownUse {
  at: number;
  act: string;
  by: string;
  machine?: string; // of a colleague
}

/** panel.shownUses */
export interface Uses {
  uses: ShownUse[]; // newest first
  own_only?: boolean; // those of colleagues only admins are told
  problem?: string; // why those of colleagues could not be read
}

/** agent.Removal */
export interface Removal {
  n: number;
  office: number; // how many are the office's
  members: string[]; // who has one of those, besides this person
}

/** agent.Done */
export interface Done {
  n: number;
  name?: string; // of the only one
  undo: string;
}

/** agent.Merged */
export interface Merged {
  client: AgentClient; // who stays
  other: AgentClient; // who goes
  taken: string[]; // names of fields
  key_gone: boolean;
  for_all: boolean;
  undo?: string;
}

/** agent.OfficeReach */
export interface Reach {
  clients: number;
  more: string[]; // labels
  keys?: Keys; // of the one member that it was asked of
}

/** agent.OfficeKeys */
export interface Keys {
  now: number;
  then: number;
}

/** panel.undoable */
export interface Undoable {
  id: string; // "" if there is nothing to take back
  deed: string; // what it was, in words
}

/** panel.undone */
export interface Undone {
  said: string;
}

/** agent.Deadline */
export interface Deadline {
  client: AgentClient;
  kind: "mandate" | "password";
  day: string;
  left: number; // days; less than 0 is over
  others: number; // further clients of the account
}

/** panel.logRow */
export interface LogRow {
  at: number;
  day: string;
  act: string;
  name: string;
  by: string;
  many: string;
}

/** panel.shownLog */
export interface ShownLog {
  lines: LogRow[];
  gaps: string[];
}

/** panel.format */
export interface Format {
  id: string;
  name: string;
  sealed: boolean;
  refused?: string;
}

/** panel.handedOut */
export interface HandedOut {
  parcels: string[] | null;
  said: string;
}

/** exchange.Fate */
export type Fate = "new" | "merged" | "same" | "renamed" | "changed" | "replaced" | "new-key" | "doubtful" | "skipped" |
  "refused";

/** exchange.Decision, as far as the page uses it */
export type Decision = "accept" | "replace" | "both" | "name";

/** exchange.Decisions, as far as the page uses it */
export interface Decisions {
  doubtful?: boolean;
  new_keys?: Decision;
  names?: boolean;
  rows?: Record<number, Decision>;
}

/** panel.reportRow */
export interface ReportRow {
  line: number;
  file?: string;
  sheet?: string;
  name: string;
  tax_number?: string;
  fate: Fate;
  reason?: string;
  choices?: Decision[];
}

/** panel.report */
export interface Report {
  rows: ReportRow[];
  counts: Partial<Record<Fate, number>>;
}

/** exchange.Column */
export interface Column {
  sheet?: string;
  letters: string;
  heading: string;
  example?: string;
  field: string;
  by?: "person" | "content" | "nothing";
}

/** panel.staged */
export interface Staged extends Report {
  id: string;
  sealed?: string;
  format: string;
  file: number;
  read?: string;
  unread?: string;
  columns?: Column[];
  hidden?: boolean;
  only?: AgentClient;
}

/** panel.taken */
export interface Taken extends Report {
  undo?: string;
}

/** config.Group */
export interface Group {
  Folder: string;
  Clients: string[] | null;
  LockAfter: string;
}

/** config.Config: a tree, whose leaves the names of the form's inputs lead to */
export interface Config {
  Language: string;
  Groups: Group[] | null;
  Policy: Policy;
  [section: string]: unknown;
}

/** config.Policy */
export interface Policy {
  Methods: string[] | null;
  IdleMost: string;
  NoPlainExport: boolean;
  Store: string;
  Audit: string;
  UpdateURL: string;
}

/** doctor.Finding */
export interface Finding {
  check: string;
  state: "ok" | "failed" | "unknown";
  name: string;
  detail: string;
  page?: string;
}

/** panel.shownSettings */
export interface Settings {
  config: Config;
  path: string;
  method: string;
  autostart: boolean;
}

/** panel.event */
export interface News {
  type: "changed" | "waiting" | "problem" | "left" | "copied" | "office" | "asked" | "member" | "heir" | "unlocked" |
    "";
  id?: string;
  seconds?: number;
  why?: string; // a code is waited for
  problem?: string;
  copied?: Copied;
}

/** panel.entered */
export interface Entered {
  link?: string;
  ask?: string;
  stuck?: string;
}

/** panel.restoreWays */
export interface RestoreWays {
  vault: boolean;
  backups: boolean;
  path: string;
}

/** panel.foundBackup */
export interface FoundBackup {
  name: string;
  saved: number;
  clients: number;
  here: boolean;
  apart: boolean;
}

/** panel.shownUnion */
export interface ShownUnion {
  name: string;
  differences: string[];
}

/** panel.foundBackups */
export interface FoundBackups extends Entered {
  backups: FoundBackup[];
}

/** agent.OfficeDevice */
export interface Device {
  id: string;
  name: string;
  number?: string; // safety number with this one
  away?: string; // day
}

/** agent.OfficeMember */
export interface Member {
  id: string;
  name: string;
  email?: string;
  role: Role;
  devices: Device[];
}

/** agent.OfficeInvited */
export interface Invited {
  id: string;
  member: string;
  name: string;
  until: string;
  auto: boolean;
}

/** agent.OfficeRequest */
export interface JoinRequest {
  device: string;
  member: string;
  name: string;
  machine: string;
  words: string;
  away?: string; // day
}

/** office.Settings */
export interface OfficeSettings {
  book_days: number;
  from_hour: number;
  until_hour: number;
  away_days: number;
}

/** panel.shownOffice; outside of an office nothing but `in` says anything, and there are no members */
export interface Office {
  in: boolean;
  name: string;
  admin: boolean;
  joining?: boolean;
  away?: string; // day
  words?: string;
  expelled?: boolean;
  left: number;
  waiting: number; // objects that are still to be fetched
  synced?: string;
  failing_since?: string;
  failing_sentence?: string;
  only_store?: string;
  store?: string;
  me?: string;
  device?: string;
  members?: Member[];
  invites?: Invited[];
  asking?: JoinRequest[];
  settings?: OfficeSettings;
  accounts: number;
  own: number;
  unfit?: string[];
}

/** An office that the person is in. */
export type Joined = Office & { members: Member[] };

/** panel.shownInvitation */
export interface Invitation {
  text: string;
  name: string;
  until: string;
  picture: string;
}

/** panel.grantRow */
export interface Grant {
  id: string;
  member: string;
  right: Right;
  kind: "all" | "folder" | "client";
  client: string;
  folder: string;
  state: "coming" | "current" | "over";
  from: string; // a day as 2026-12-31; "" is no beginning
  until: string; // the last day; "" is no end
}

/** agent.OfficeRightsChange */
export interface RightsChange {
  given: number;
  ended: number;
  scopes: number;
}

/** agent.OfficeChange */
export interface Change {
  at: string;
  member: string;
  device: string;
  client?: string;
  field: string;
  value: string;
  lost: boolean;
}

/** panel.todo */
export interface Todo {
  account: string;
  clients: string[];
  service: string;
  user_name: string;
  member: string;
  device: string;
  day: string; // since when
  client: string;
}

/** panel.journalRow */
export interface JournalRow {
  at: number;
  day: string;
  act: string;
  name: string;
  member: string;
  device: string;
  many: string;
}

/** agent.OfficeGap */
export interface Gap {
  member: string;
  device: string;
  from: number;
  to: number;
}

/** panel.shownJournal */
export interface Journal {
  lines: JournalRow[];
  gaps: Gap[] | null;
}

/** A method of the server: what its answer is. What is not named here answers nothing. */
export interface Answers {
  "add": AgentClient;
  "can-print": boolean;
  "clients": ClientRow[];
  "code": Code;
  "copy": Copied;
  "deadlines": Deadline[];
  "deadlines-csv": string;
  "deadlines-ics": string;
  "details": Details;
  "edit-many": Done;
  "heir": string;
  "join": Entered;
  "make": Entered;
  "restore-backup": Entered;
  "restore-file": Entered;
  "restore-list": FoundBackups;
  "restore-read": string;
  "restore-sheet": Entered;
  "restore-ways": RestoreWays;
  "unlock": Entered;
  "formats": Format[];
  "doctor": Finding[];
  "locked-folders": string[];
  "merge": Merged;
  "offer-pin": boolean;
  "log": ShownLog;
  "backups": FoundBackup[];
  "unite": ShownUnion;
  "log-csv": string;
  "method": string;
  "office": Office;
  "office-grants": Grant[];
  "office-history": Change[] | null;
  "office-invite": Invitation;
  "office-journal": Journal;
  "office-journal-csv": string;
  "office-keys": Todo[];
  "office-keys-csv": string;
  "renew-keys-csv": string;
  "office-known": number;
  "office-reach": Reach;
  "office-seen": Record<string, string>;
  "office-set-rights": RightsChange;
  "office-substitute": RightsChange;
  "backup": HandedOut;
  "export": HandedOut;
  "recovery-print": HandedOut;
  "recovery-sheet": HandedOut;
  "plan-removal": Removal;
  "remove": Done;
  "settings": Settings;
  "stage": Staged;
  "take-staged": Taken;
  "import-formats": string[];
  "undo": Undone;
  "undoable": Undoable;
  "uses": Uses;
}

/** The method's answer, by its name. */
export type Answer<M extends string> = M extends keyof Answers ? Answers[M] : unknown;
