// Foreign text made fit for a sentence: no control characters that move a terminal's cursor, and not too long.

/** Controls, line separators, and the marks that reorder text (a file that reads otherwise than it looks). */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** The text with unsafe characters written as `\u{…}`, cut to at most `maxLength` UTF-16 units. */
export function printable(text: string, maxLength = 60): string {
  const short = text.length <= maxLength ? text : `${text.slice(0, maxLength - 1).toWellFormed()}…`;
  return short.replace(UNSAFE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** The text as a sentence names it, in backticks. */
export function ticked(text: string): string {
  return `\`${printable(text)}\``;
}
