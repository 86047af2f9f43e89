// What the office lets a person do with a client, and how a list shows it.
import { t } from "./kapu.js";

const marks = { codes: t("page-office-mark-codes"), use: t("page-office-mark-use"), edit: t("page-office-mark-edit") };
const words = { codes: t("page-office-codes"), use: t("page-office-use") };

// mark says in a sentence what is not everything; "" is everything.
export const mark = (c) => marks[c.right] ?? "";

// markWord is it in a word, for who may not even change the client.
export const markWord = (c) => words[c.right] ?? "";

// A client that is not the office's has no right, and no limits.
export const mayEdit = (c) => !words[c.right];
export const mayAll = (c) => !marks[c.right];
