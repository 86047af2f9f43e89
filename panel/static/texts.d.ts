// What the server makes of the language's texts (panel/look.go).
declare const texts: Record<string, string>;
export default texts;

/** How many days before its last day something is said to run out soon. */
export const soon: number;

/** The time zone of the office's calendar. */
export const zone: string;
