// Samples of counts that are kept by a word.
import type { Sample } from './text.ts';

/** One sample a word. `known` words are there from the beginning with 0, so that a first count shows as an increase. */
export function byWord<Word extends string>(
  label: string,
  counts: ReadonlyMap<Word, number>,
  known: readonly Word[] = [],
): Sample[] {
  const words = new Set([...known, ...counts.keys()]);
  return Array.from(words, (word) => [counts.get(word) ?? 0, { [label]: word }]);
}
