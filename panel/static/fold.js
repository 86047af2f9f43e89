// @ts-check
/**
 * fold makes texts comparable (case folding): without accents, case, surplus spaces and what nobody sees, as lang.Fold
 * does.
 * @param {string} s
 */
export function fold(s) {
  const unseen = /\uFEFF|(?![\s\x85])[\p{Mn}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
  const seen = s.normalize("NFD").replace(unseen, "").toLowerCase();
  return seen.replace(/[\s\x85]+/g, " ").trim();
}
