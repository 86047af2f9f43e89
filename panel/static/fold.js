// @ts-check
/**
 * fold makes texts comparable (case folding): without accents, case and surplus spaces, as lang.Fold does.
 * @param {string} s
 */
export function fold(s) {
  return s.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase().trim().replace(/\s+/g, " ");
}
