// fold makes texts comparable: without accents, case and surplus spaces, as lang.Fold does.
export function fold(s) {
  return s.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase().trim().replace(/\s+/g, " ");
}
