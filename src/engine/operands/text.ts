// Texts: folding case for `ignore_case`, and counting characters.

/**
 * Folds case code point by code point (Unicode simple lower case; U+0130 becomes `i`). `toLowerCase` alone looks at
 * neighbours in one case, the final sigma, and gives two code points in one case, U+0130; both are put right first.
 */
export function fold(text: string): string {
  return text.replaceAll('\u0130', 'i').replaceAll('\u03a3', '\u03c3').toLowerCase();
}

/** The number of code points, counted no further than `enough`. */
export function characters(text: string, enough: number): number {
  let count = 0;
  for (let i = 0; i < text.length && count < enough; count++)
    i += (text.codePointAt(i) ?? 0) > 0xffff ? 2 : 1;
  return count;
}
