// @ts-check
// The plan of an import, the model: what would become of each entry, and what the person decides of it. The entries
// with their keys stay in the agent; here are names and fates.
import { t } from "./kapu.js";

/** @import { Decision, Fate, Report, ReportRow } from "./types.js" */

/** @type {Fate[]} in the order in which they are told */
export const fates = [
  "new", "merged", "same", "renamed", "changed", "replaced", "new-key", "doubtful", "skipped", "refused",
];

/** @type {Record<Fate, string>} */
export const fateText = {
  "new": t("fate-new"), "merged": t("fate-merged"), "same": t("fate-same"),
  "renamed": t("fate-renamed"), "changed": t("fate-changed"), "replaced": t("fate-replaced"),
  "new-key": t("fate-new-key"), "doubtful": t("fate-doubtful"), "skipped": t("fate-skipped"),
  "refused": t("fate-refused"),
};

/**
 * changes says whether a row of this fate changes the vault.
 * @param {Fate} fate
 */
export const changes = (fate) => ["new", "merged", "changed", "replaced"].includes(fate);

/**
 * A question that rows of a plan ask: its words, and the answers to it; "" is the one that nothing is done by.
 * @typedef {{ heading: string, hint: string, answers: [Decision | "", string][] }} Question
 */

/** @type {Question} */
const newKey = {
  heading: "page-ask-new-key", hint: t("page-ask-new-key-hint"),
  answers: [["", t("page-answer-keep")], ["replace", t("page-answer-replace")], ["both", t("page-answer-both")]],
};
/** @type {Question} */
const doubt = {
  heading: "page-ask-doubtful", hint: t("page-ask-doubtful-hint"),
  answers: [["", t("page-answer-leave")], ["accept", t("page-answer-accept")]],
};
/** @type {Question} */
const name = {
  heading: "page-ask-renamed", hint: t("page-ask-renamed-hint"),
  answers: [["", t("page-answer-our-name")], ["name", t("page-answer-their-name")]],
};
export const questions = [newKey, doubt, name];

/**
 * questionOf is what a row asks; it asks it after the answer too.
 * @param {ReportRow} row
 * @returns {Question | undefined}
 */
export const questionOf = ({ choices }) =>
  choices && questions.find((q) => q.answers.some(([decision]) => decision === choices[0]));

/**
 * placesOf are the places of rows by where they stand in which file; -1 of those that cannot be told apart.
 * @param {ReportRow[]} rows
 */
function placesOf(rows) {
  /** @type {Map<string, number>} */
  const places = new Map();
  rows.forEach(({ file, sheet, line }, i) => {
    const row = JSON.stringify([file, sheet, line]);
    places.set(row, places.has(row) ? -1 : i);
  });
  return places;
}

export class Plan {
  folder = ""; // that all of it goes to; "" leaves each where the file says
  /** @type {ReportRow[]} */
  rows = [];
  /** @type {Partial<Record<Fate, number>>} */
  counts = {};
  /** @type {Set<number>} places of rows that the person leaves out */
  left = new Set();
  /** @type {Map<number, Decision>} by the places of rows */
  decisions = new Map();

  /**
   * @param {string} id of the stage; "" while nothing was read
   * @param {string} format
   */
  constructor(id = "", format = "") {
    this.id = id;
    this.format = format;
  }

  /**
   * set takes what the agent says of the entries as things stand.
   * @param {Report} report
   */
  set({ rows, counts }) {
    this.rows = rows;
    this.counts = counts;
  }

  /**
   * follow takes what the person has decided of rows to where they stand now that a file was read anew. What is no
   * longer there, or there twice, is undecided.
   * @param {ReportRow[]} rows
   */
  follow(rows) {
    const [was, is] = [placesOf(this.rows), placesOf(rows)];
    /** @type {Map<number, number>} */
    const moved = new Map();
    for (const [row, i] of was) {
      const to = is.get(row);
      if (i >= 0 && to !== undefined && to >= 0) moved.set(i, to);
    }
    const at = (/** @type {number} */ i) => moved.get(i) ?? -1;
    this.left = new Set([...this.left].map(at).filter((i) => i >= 0));
    this.decisions = new Map([...this.decisions].map(([i, d]) => /** @type {const} */ ([at(i), d]))
      .filter(([i]) => i >= 0));
  }

  // taken are the places of the rows that would change something.
  taken() { return [...this.rows.keys()].filter((i) => changes(this.rows[i].fate) && !this.left.has(i)); }

  /**
   * asking are the places of the rows that ask a question.
   * @param {Question} question
   */
  asking(question) { return [...this.rows.keys()].filter((i) => questionOf(this.rows[i]) === question); }

  // undecided is how many rows are left out because nobody has decided.
  undecided() { return (this.counts["new-key"] ?? 0) + (this.counts.doubtful ?? 0); }

  /**
   * decide answers for rows. Who answers wants the row.
   * @param {number[]} places
   * @param {Decision | ""} decision
   */
  decide(places, decision) {
    for (const i of places) {
      if (decision) this.decisions.set(i, decision); else this.decisions.delete(i);
      this.left.delete(i);
    }
  }

  // decided says whether the agent's plan of a file alone is not this one.
  get decided() { return this.folder !== "" || this.decisions.size > 0; }

  /**
   * request asks the agent for this plan: to say what it would do (a dry run), or to do it.
   * @param {boolean} dry
   */
  request(dry) {
    const rows = dry || this.left.size === 0 ? null : [...this.rows.keys()].filter((i) => !this.left.has(i));
    const decisions = { rows: Object.fromEntries(this.decisions) };
    return { id: this.id, folder: this.folder, rows, decisions, dry_run: dry };
  }
}
