// Texts: folding case for `ignore_case`, and measuring length.

/**
 * Folds case code point by code point (Unicode simple lower case; U+0130 becomes `i`). `toLowerCase` alone looks at
 * neighbours in one case, the final sigma, and gives two code points in one case, U+0130; both are put right first.
 */
export function fold(text: string): string {
  return text.replaceAll('\u0130', 'i').replaceAll('\u03a3', '\u03c3').toLowerCase();
}

/** Whether a text has more code points than that. Stops counting there. */
export function isLongerThan(text: string, most: number): boolean {
  // A code point is one or two UTF-16 units, so most texts need no counting.
  if (text.length <= most) return false;
  let count = 0;
  for (let i = 0; i < text.length && count <= most; count++) i += (text.codePointAt(i) ?? 0) > 0xffff ? 2 : 1;
  return count > most;
}
