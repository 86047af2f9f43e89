// @ts-check
// The plan of an import, the view: its rows by fate, what they ask, and what was done with them.
import { html, nothing } from "./lit/lit-html.js";
import { repeat } from "./lit/directives/repeat.js";
import { t } from "./kapu.js";
import { coded } from "./coded.js";
import { label } from "./label.js";
import { changes, fates, fateText, questionOf, questions } from "./plan.js";

/** @import { Template, Value } from "./lit/lit-html.js" */
/** @import { Decision, Fate, ReportRow } from "./types.js" */
/** @import { Plan, Question } from "./plan.js" */

const page = 200; // rows that are shown at once

/**
 * What the view tells of what the person does.
 * @typedef {{ redraw: () => void, decide: (rows: number[], decision: Decision | "") => void }} Ears
 */

export class PlanTable {
  /** @type {Fate | "" | null} null: the rows that ask a question are shown, whatever their fate */
  #filter = "";
  // null is all of them; else the rows that had the fate when it was chosen: who decides about one still sees it.
  /** @type {number[] | null} */
  #filtered = null;
  #most = page;

  /**
   * @param {Plan} plan
   * @param {Ears} ears
   */
  constructor(plan, { redraw, decide }) {
    this.plan = plan;
    this.redraw = redraw;
    this.decide = decide;
  }

  // all shows every row, as when another file has come.
  all() { this.#choose(""); }

  /** @param {Fate | ""} fate */
  #choose(fate) {
    this.#filter = fate;
    this.#filtered = fate ? [...this.plan.rows.keys()].filter((i) => this.plan.rows[i].fate === fate) : null;
    this.#most = page;
  }

  /** @param {Question} question */
  #showAsking(question) {
    [this.#filter, this.#filtered, this.#most] = [null, this.plan.asking(question), page];
    this.redraw();
  }

  /**
   * draw is the plan without the button that carries it out.
   * @param {boolean} busy nothing can be changed now
   * @returns {Value}
   */
  draw(busy) {
    const { plan } = this;
    const places = this.#filtered ?? [...plan.rows.keys()];
    return html`${questions.map((q) => this.#question(q, busy))}
      <div class="chips" role="group" aria-label=${t("page-import-filter")}>
        ${this.#chip("", t("page-import-all"), plan.rows.length)}${fates.map((f) =>
          plan.counts[f] || f === this.#filter ? this.#chip(f, fateText[f], plan.counts[f] ?? 0) : nothing)}
      </div>
      ${table(places.slice(0, this.#most), plan.rows, t("page-import-fate"), this.#headBox(places, busy),
        (row, i) => this.#box(row, i, busy), (row, i) => this.#choice(row, i, busy))}
      ${more(places.length - this.#most, () => { this.#most += 5 * page; this.redraw(); })}`;
  }

  /**
   * chip is a button that filters by a fate.
   * @param {Fate | ""} fate
   * @param {string} label
   * @param {number} n
   */
  #chip(fate, label, n) {
    const choose = () => { this.#choose(fate); this.redraw(); };
    return html`<button type="button" aria-pressed=${this.#filter === fate}
      @click=${choose}>${label} <b>${n}</b></button>`;
  }

  /**
   * question answers for all rows that ask it at once.
   * @param {Question} question
   * @param {boolean} busy
   */
  #question(question, busy) {
    const asking = this.plan.asking(question);
    if (asking.length === 0) return nothing;
    const heading = t(question.heading, { N: asking.length });
    const answer = (/** @type {[Decision | "", string]} */ [decision, words]) => {
      const all = asking.every((i) => (this.plan.decisions.get(i) ?? "") === decision);
      return html`<button type="button" aria-pressed=${all} ?disabled=${busy}
        @click=${() => this.decide(asking, decision)}>${words}</button>`;
    };
    return html`<div class="ask"><h3>${heading}</h3><p class="hint">${question.hint}</p>
      <div class="answers" role="group" aria-label=${heading}>
        ${asking.length > 1 ? html`<small>${t("page-ask-all")}</small>` : nothing}${question.answers.map(answer)}
        <button type="button" class="quiet" aria-label=${heading + ": " + t("page-ask-show")}
          @click=${() => this.#showAsking(question)}>${t("page-ask-show")}</button></div></div>`;
  }

  /**
   * @param {number[]} places
   * @param {boolean} busy
   */
  #headBox(places, busy) {
    const { left, rows } = this.plan;
    const able = places.filter((i) => changes(rows[i].fate));
    const all = able.length > 0 && able.every((i) => !left.has(i));
    const some = !all && able.some((i) => !left.has(i));
    return html`<input type="checkbox" aria-label=${t("page-select-all")} .checked=${all} .indeterminate=${some}
      ?disabled=${able.length === 0 || busy} @change=${(/** @type {Event} */ e) => this.#tick(able, e)}>`;
  }

  /**
   * @param {ReportRow} row
   * @param {number} i its place
   * @param {boolean} busy
   */
  #box(row, i, busy) {
    if (!changes(row.fate)) return nothing;
    return html`<input type="checkbox" aria-label=${t("page-select-one", { Client: named(row) })}
      .checked=${!this.plan.left.has(i)} ?disabled=${busy} @change=${(/** @type {Event} */ e) => this.#tick([i], e)}>`;
  }

  /**
   * tick takes rows into the import, or out of it, by the box that was ticked.
   * @param {number[]} places
   * @param {Event} e
   */
  #tick(places, e) {
    const on = /** @type {HTMLInputElement} */ (e.target).checked;
    for (const i of places) if (on) this.plan.left.delete(i); else this.plan.left.add(i);
    this.redraw();
  }

  /**
   * choice is the answer to what a row asks.
   * @param {ReportRow} row
   * @param {number} i its place
   * @param {boolean} busy
   */
  #choice(row, i, busy) {
    const question = questionOf(row);
    if (!question) return nothing;
    const given = this.plan.decisions.get(i) ?? "";
    const decide = (/** @type {Event} */ e) =>
      this.decide([i], /** @type {Decision | ""} */ (/** @type {HTMLSelectElement} */ (e.target).value));
    return html`<select id=${"choice-" + i} aria-label=${t("page-ask-one", { Client: named(row) })} ?disabled=${busy}
      @change=${decide}>${question.answers.map(([decision, words]) =>
        html`<option value=${decision} .selected=${given === decision}>${words}</option>`)}</select>`;
  }
}

/**
 * outcome is the table of what was done, but for what says nothing: what is new, was there already, or was left out.
 * @param {ReportRow[]} rows
 * @param {number} most
 * @param {() => void} showMore
 */
export function outcome(rows, most, showMore) {
  const told = [...rows.keys()].filter((i) => !["same", "skipped"].includes(rows[i].fate) &&
    (rows[i].fate !== "new" || rows[i].reason));
  return told.length === 0 ? nothing :
    html`${table(told.slice(0, most), rows, t("page-import-became"))}${more(told.length - most, showMore)}`;
}

/**
 * @param {number} n
 * @param {() => void} show
 */
const more = (n, show) => n > 0 ?
  html`<p><button type="button" @click=${show}>${t("page-import-more", { N: n })}</button></p>` : nothing;

/**
 * table has rows with their place, client, fate and reason, and what can be done with them. Its roles are said: as a
 * list of cards, on a narrow screen, it would lose them.
 * @param {number[]} places
 * @param {ReportRow[]} rows
 * @param {string} fate the heading of what becomes of a row
 * @param {Value} [head] of the column of boxes
 * @param {(row: ReportRow, i: number) => Value} [box]
 * @param {(row: ReportRow, i: number) => Value} [choice]
 */
function table(places, rows, fate, head, box, choice) {
  const line = (/** @type {number} */ i) => {
    const row = rows[i];
    return html`<tr role="row">
      ${box ? html`<td role="cell" class="check">${box(row, i)}</td>` : nothing}
      <td role="cell" class="line">${where(row)}</td>
      <td role="cell" class="who"><bdi>${row.name || "–"}</bdi>${
        row.tax_number ? html` <small>${row.tax_number}</small>` : nothing}</td>
      <td role="cell" class="what"><span class=${"fate " + row.fate}>${fateText[row.fate]}</span>${
        choice ? choice(row, i) : nothing}</td>
      <td role="cell" class="reason">${coded(row.reason ?? "")}</td></tr>`;
  };
  return html`<div class="scroll"><table class="plan" role="table">
    <thead role="rowgroup"><tr role="row">
      ${box ? html`<th role="columnheader" class="check">${head}</th>` : nothing}
      <th role="columnheader">${t("page-import-line")}</th><th role="columnheader">${t("page-name")}</th>
      <th role="columnheader">${fate}</th><th role="columnheader">${t("page-import-reason")}</th>
    </tr></thead>
    <tbody role="rowgroup">${repeat(places, (i) => i, line)}</tbody>
  </table></div>`;
}

/**
 * named is what a row is called to who does not see it: two of a file may have one name.
 * @param {ReportRow} row
 */
const named = ({ name, line }) => label({ name, beside: t("page-import-line-n", { N: line }) });

/**
 * where is the place of a row: its file, where there are several, its sheet, and its line.
 * @param {ReportRow} row
 * @returns {Template}
 */
const where = ({ file, sheet, line }) => html`${[file, sheet].map((part) =>
  part ? html`<bdi>${part}</bdi>, ` : nothing)}<span>${t("page-import-line-n", { N: line })}</span>`;
