// @ts-check
// The Hungarian definite article of a value: lang/article.go in another language; lang/testdata/article.json holds both
// to the same.
import { fold } from "./fold.js";

const signs = /^[^\p{L}0-9]+/u;
const letters = /^[\p{L}\p{M}]*/u;
const number = /^[0-9]+(?:[ .\u00a0\u2009\u202f]+[0-9]{3}(?![0-9]))*/u;
const vowel = /[aeiou]/;

// Consonants at the beginning of a word that are read as one even in capitals, and abbreviations that are not.
const onsets = new Set(
  ("fj fl fr lj ll ly nj ny rh sc sch schw sk skr sl sm sn sp spr sr st str sv sw " +
    "sz szf szk szl szm szp szt sztr szv").split(" "),
);
const spelt = new Set(["sap", "szte"]);

/**
 * article is "az" of a text that is read with a vowel at its beginning, else "a".
 * @param {string | number} value
 */
export function article(value) {
  const text = String(value).replace(signs, "");
  const word = letters.exec(text)?.[0] ?? "";
  return vowelInNumber(text) || vowelInWord(fold(word), word === word.toUpperCase()) ? "az" : "a";
}

/** @param {string} text */
function vowelInNumber(text) {
  if (!text.startsWith("1")) return text.startsWith("5");
  const digits = number.exec(text)?.[0].replace(/[^0-9]/g, "") ?? "";
  return digits.length % 3 === 1;
}

/**
 * @param {string} word folded
 * @param {boolean} capitals
 */
function vowelInWord(word, capitals) {
  const at = word.search(vowel);
  if (word.startsWith("y")) return at !== 1;
  let byLetters = at < 0 && !word.replace(/[glnt]y/g, "").includes("y");
  if (capitals && at > 1 && !onsets.has(word.slice(0, at))) byLetters = true;
  byLetters ||= capitals && spelt.has(word);
  return at === 0 || (byLetters && /^[flmnrsx]/.test(word));
}
