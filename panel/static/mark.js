// @ts-check
// Authorization as a list shows it: what the office lets a person do with a client. The agent enforces it.
import { t } from "./kapu.js";

/** @import { Right } from "./types.js" */
/** @typedef {{ right?: Right }} Limited */

/** @type {Partial<Record<Right, string>>} */
const marks = { codes: t("page-office-mark-codes"), use: t("page-office-mark-use"), edit: t("page-office-mark-edit") };

/** @type {Partial<Record<Right, string>>} */
const words = { codes: t("page-office-codes"), use: t("page-office-use") };

/**
 * mark says in a sentence what is not everything; "" is everything.
 * @param {Limited} c
 */
export const mark = (c) => marks[c.right ?? ""] ?? "";

/**
 * markWord is it in a word, for who may not even change the client.
 * @param {Limited} c
 */
export const markWord = (c) => words[c.right ?? ""] ?? "";

/**
 * mayEdit says whether a client may be changed. One that is not the office's has no right, and no limits.
 * @param {Limited} c
 */
export const mayEdit = (c) => !markWord(c);

/**
 * mayAll says whether everything may be done with it.
 * @param {Limited} c
 */
export const mayAll = (c) => !mark(c);
