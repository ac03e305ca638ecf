// Foreign text as the audit keeps it: whole where it is short, so that no commit can fill the chain.

/** Longer texts end with `…`. In UTF-16 units. */
const LONGEST_TEXT = 1_000;

/** The text, cut after 1,000 units; a half of a surrogate pair becomes U+FFFD, since UTF-8 has none. */
export function bounded(text: string): string {
  const short =
    text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT).replace(/[\uD800-\uDBFF]$/, '')}…`;
  return short.toWellFormed();
}
