// @ts-check
// Full-text search: what a client is found by, normalised and tokenised, and queries parsed. It is the agent's search
// (lang/search.go, lang/words.go) in another language; lang/testdata/search.json holds both to the same.
import { fold } from "./fold.js";

/** @import { SearchKey } from "./types.js" */

/**
 * A token: a run of letters and digits, folded, or a sign that means "and".
 * @typedef {object} Word
 * @property {string} text "" of a sign
 * @property {boolean} and a connective that stands between two words
 * @property {boolean} joins of one compound with the word before: "Kovács-Nagy", "k.f.t.", "e. v.", "22 345 678"
 * @property {boolean} point a point follows
 */

/** @typedef {(key: SearchKey) => boolean} Test */

const parting = /([^\p{L}\p{N}\p{Mc}]+)/u;
const partingASCII = /([^a-z0-9]+)/; // the same for most texts, ten times as fast
const simple = /^(?!.*(?:\b[0-9]+|\bhu) [0-9])[a-z0-9]+(?: [a-z0-9]+)*\.?$/; // no compound in it
const ascii = /^[\0-\x7f]*$/;
const plainASCII = /^[\w .,&+/()-]*$/; // nothing in it is dropped or decomposed
const dropped = /[\p{Mn}\p{Me}\p{Cf}'`‘’‚‛′‵ʹʻʼʽˈ]/gu; // accents, what is invisible, apostrophes
const white = /[\p{Z}\p{Cc}]/u;
const short = /^\p{L}{1,2}$/u; // can be a part of an abbreviation
const digits = /^[0-9]+$/;
const plainTax = /^[0-9-]*$/;
const countryCode = "hu";
const [taxDigits, taxCoreDigits] = [11, 8]; // of a Hungarian tax number; the core alone says whose it is

// connectives are the words that stand for "&" between two words.
const connectives = new Set(["es", "and", "und"]);

// legalForms are the abbreviations that are spelt with points and spaces too.
const legalForms = new Set(["bt", "ec", "ev", "gmk", "kft", "kht", "kkt", "nyrt", "rt", "zrt"]);

/** @type {Record<string, string>} the letters that have no canonical decomposition */
const strokes = {
  ß: "ss", æ: "ae", œ: "oe", þ: "th", ł: "l", ƚ: "l", ø: "o", đ: "d", ð: "d", ħ: "h", ŧ: "t", ŋ: "n", ı: "i", ɨ: "i",
  ȷ: "j", ƶ: "z", ǥ: "g", ƀ: "b", ɍ: "r", ɏ: "y", ʉ: "u", ə: "e", ς: "σ",
};
const stroke = new RegExp(`[${Object.keys(strokes).join("")}]`, "g");

/**
 * split tokenises a text: compatibility decomposition (NFKD) without accents, case, invisible characters and
 * apostrophes; whatever else is neither letter nor digit parts words. A text without any, "???", is one word as it
 * stands.
 * @param {string} s
 * @returns {Word[]}
 */
function split(s) {
  const plain = decomposed(s);
  const parts = plain.split(ascii.test(plain) ? partingASCII : parting); // words, and what parts them, by turns
  /** @type {Word[]} */
  const words = [];
  for (let i = 0; i < parts.length; i += 2) {
    const [gap, text] = [parts[i - 1] ?? "", parts[i]];
    const before = words.at(-1);
    if (before) before.point = gap.includes(".");
    if (!text) continue;
    const joins = before !== undefined && !white.test(gap);
    if (before && /[&+]/.test(gap)) words.push({ text: "", and: true, joins, point: false });
    words.push({ text, and: false, joins, point: false });
  }
  if (words.length === 0 && fold(s)) return [{ text: fold(s), and: false, joins: false, point: false }];
  markCompounds(words);
  return words;
}

/** @param {string} s */
const decomposed = (s) => plainASCII.test(s) ? s.toLowerCase() :
  s.replaceAll("´", "'").normalize("NFKD").replace(dropped, "").toLowerCase()
  .replace(stroke, (c) => strokes[c]).replace(/[‐-―−]/g, "-");

/**
 * markCompounds finds what belongs together though white space parts it, and the words that mean "and".
 * @param {Word[]} words
 */
function markCompounds(words) {
  words.forEach((w, i) => {
    const before = words[i - 1]?.text ?? "";
    if (digits.test(w.text) && (digits.test(before) || before === countryCode)) w.joins = true;
    if (i > 0 && i + 1 < words.length && connectives.has(w.text)) w.and = true;
    if (!w.point || !short.test(w.text)) return;
    let form = w.text;
    for (let n = i + 1; n < Math.min(words.length, i + 4) && words[n - 1].point && short.test(words[n].text); n++) {
      form += words[n].text;
      if (!legalForms.has(form)) continue;
      for (let j = i + 1; j <= n; j++) words[j].joins = true; // "e. v.", "Z. Rt."
      break;
    }
  });
}

/** @param {Word[]} words */
function compounds(words) {
  /** @type {Word[][]} */
  const list = [];
  for (const w of words) if (w.joins) list.at(-1)?.push(w); else list.push([w]);
  return list;
}

/**
 * initials says whether a compound is an abbreviation with points, which is one word: "k.f.t.", "Ny. Rt."
 * @param {Word[]} c
 */
const initials = (c) => c.length > 1 &&
  c.every((w, i) => !w.and && short.test(w.text) && (w.point || i === c.length - 1));

/** @param {Word} w */
const canonical = (w) => w.and ? "&" : w.text;
/** @param {Word[]} c */
const joined = (c) => c.map((w) => w.text).join("");
/** @param {Word[]} c */
const phrase = (c) => c.length === 1 ? canonical(c[0]) : c.map(canonical).join(" ");

/**
 * inOneDress is a text as words: names that differ only in punctuation, or in how they write "and", are equal.
 * @param {Word[][]} all
 */
const inOneDress = (all) => all.map((c) => initials(c) ? joined(c) : phrase(c)).join(" ");

/**
 * number returns the digits of what can be the beginning of a tax number, "HU" left out; else "". Two digits begin too
 * many to be looked for.
 * @param {string} s
 */
function number(s) {
  const rest = s.startsWith(countryCode) ? s.slice(countryCode.length) : s;
  return rest.length > 2 && digits.test(rest) ? rest : "";
}

/**
 * lines are a field as lines of an index entry: its words in order, then what else they can be written as.
 * @param {string} s
 */
export function lines(s) {
  const plain = decomposed(s);
  if (simple.test(plain)) {
    let ands = "";
    const line = plain.replace(/ (es|and|und)(?= )/g, (_, w) => { ands += `\n ${w} `; return " &"; });
    return `\n ${line.replace(/\.$/, "")} ${ands}`;
  }
  const all = compounds(split(s));
  if (all.length === 0) return "";
  const list = [inOneDress(all)];
  for (const c of all) {
    if (c.length > 1) list.push(initials(c) ? phrase(c) : joined(c));
    for (const w of c) if (w.and && w.text) list.push(w.text);
  }
  return list.map((line) => `\n ${line} `).join("");
}

/**
 * keyOf makes the index entry of a client.
 * @param {string} text the lines of its name, then of other fields
 * @param {string} taxNumber
 * @returns {SearchKey}
 */
export function keyOf(text, taxNumber) {
  const tax = plainTax.test(taxNumber) ? taxNumber : joined(split(taxNumber));
  return { text: number(tax.replaceAll("-", "")) ? text : text + lines(taxNumber), tax: tax.replace(/[^0-9]/g, "") };
}

/**
 * begins returns a test of whether a client's name begins as a query does.
 * @param {string} query
 * @returns {Test}
 */
export function begins(query) {
  const beginning = "\n " + inOneDress(compounds(split(query)));
  return (key) => beginning.length > 2 && key.text.startsWith(beginning);
}

/**
 * numbered says whether a client's tax number begins with these digits, or is the core of this whole one.
 * @param {SearchKey} key
 * @param {string} tax
 */
const numbered = (key, tax) => tax !== "" && key.tax !== "" && (key.tax.startsWith(tax) ||
  tax.length === taxDigits && key.tax.length === taxCoreDigits && tax.startsWith(key.tax));

/**
 * testOf returns the test for one term of a query.
 * @param {Word[]} c
 * @returns {Test}
 */
function testOf(c) {
  const [first] = c;
  const whole = joined(c);
  if (c.length === 1) {
    if (!first.text) return ({ text }) => text.includes(" & ");
    const tax = number(whole);
    const and = connectives.has(whole); // the word, or how "Andrea" begins
    return (key) => key.text.includes(whole) || and && key.text.includes(" & ") || numbered(key, tax);
  }
  if (initials(c)) {
    const end = c[c.length - 1].point ? " " : ""; // who types "e.v." does not look for Eve
    const [one, several] = [` ${whole}${end}`, ` ${phrase(c)}${end}`];
    return ({ text }) => text.includes(one) || text.includes(several);
  }
  const [inOrder, tax] = [" " + phrase(c), number(whole)];
  const words = c.map((w) => ({ text: canonical(w), tax: number(w.text) }));
  const together = c.some((w) => /^\p{L}$/u.test(w.text)); // an a here and a b there are no "a-b"
  return (key) => key.text.includes(whole) || key.text.includes(inOrder) || numbered(key, tax) ||
    !together && words.every((w) => key.text.includes(w.text) || numbered(key, w.tax));
}

/**
 * parse returns the test of whether a client has every term of a query somewhere. An empty query finds all.
 * @param {string} query
 * @returns {Test}
 */
export function parse(query) {
  const tests = compounds(split(query)).map(testOf);
  return (key) => tests.every((test) => test(key));
}
