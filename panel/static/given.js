// @ts-check
// The files of a plan, the model: how the agent has read each, and how the person wants it read. To read a file in
// another way the page sends it anew: the agent keeps entries, no files.
/** @import { Column, Staged } from "./types.js" */

// several says whether more than one column of a table can be of a field: the note takes any number, each under its
// heading, and any number can be left out.
const several = (/** @type {string} */ field) => field === "" || field === "note";

/**
 * place names a column for the agent, whatever its heading is: "[B]", or "[Munka1!B]" of one of several sheets.
 * @param {Column} column
 */
const place = ({ sheet, letters }) => `[${sheet ? sheet + "!" : ""}${letters}]`;

/**
 * headed says whether a column has a heading.
 * @param {Column} column
 */
export const headed = ({ heading, letters }) => heading !== letters;

export class Given {
  number = 0; // in the stage; 0 while it is not there
  read = ""; // the format as which it was read; "" if it could not be
  unread = ""; // why not
  /** @type {Column[]} of a table */
  columns = [];
  hides = false; // something of it is left out because it is hidden there
  open = false; // the person sees its columns
  asking = false; // the person is asked for its format

  hidden = false; // what is hidden is taken too
  as = ""; // the format that it is of, as the person says; "" leaves that to its content
  /** @type {Map<string, string>} what the person says of columns: place → field */
  #said = new Map();

  /** @param {File} file */
  constructor(file) { this.file = file; }

  /**
   * set takes what the agent says of the file.
   * @param {Staged} answer
   */
  set({ file, read, unread, columns, hidden }) {
    const first = this.number === 0;
    [this.number, this.read, this.unread] = [file, read ?? "", unread ?? ""];
    [this.columns, this.hides] = [columns ?? [], hidden ?? false];
    if (this.unread) this.open = true;
    if (!first) return;
    this.open ||= this.unknown() > 0 || this.columns.some((c) => c.by === "content");
    this.asking = this.unread !== "" && this.columns.length === 0;
  }

  // unknown is how many headings mean nothing to the program, and nobody has said what they do.
  unknown() { return this.columns.filter((c) => c.by === "nothing").length; }

  // table says whether there are columns to be told of.
  get table() { return this.columns.length > 0; }

  /**
   * request asks the agent to read the file.
   * @param {string} id of the stage
   * @param {{ password?: string, key_file?: string }} secrets
   */
  request(id, secrets) {
    const columns = Object.fromEntries(this.#said);
    return { id, file: this.number, name: this.file.name, columns, hidden: this.hidden, as: this.as, ...secrets };
  }

  // wish is how the person wants it read, to come back to it: a function that does so.
  wish() {
    const [said, hidden, as] = [new Map(this.#said), this.hidden, this.as];
    return () => { [this.#said, this.hidden, this.as] = [said, hidden, as]; };
  }

  /**
   * choose says what a column is, on every sheet that has the heading and understands it alike. What was said to be so
   * until now is so no more.
   * @param {Column} column
   * @param {string} field
   */
  choose(column, field) {
    const alike = (/** @type {Column} */ c) => c === column ||
      headed(c) && c.heading === column.heading && c.field === column.field && c.sheet !== column.sheet;
    for (const c of this.columns) {
      const of = c.sheet === column.sheet || alike(c);
      if (of && !several(field) && this.#said.get(place(c)) === field) this.#said.delete(place(c));
    }
    for (const c of this.columns) if (alike(c)) this.#said.set(place(c), field);
  }
}
