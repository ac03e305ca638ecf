// "Did you mean …?": the nearest of the names that exist.
import { distance } from 'fastest-levenshtein';
import { printable, ticked } from '../lib/printable.ts';

/** Longer words are not compared: no name is longer, and the comparison is quadratic in the length. */
const LONGEST = 100;
/** Comparisons that one load makes at most, so that ten thousand unknown names cost no minutes. */
const BUDGET = 2_000_000;

/** The nearest candidate, unless none is near enough to be a slip of the keys. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > LONGEST) return undefined;
  let best: string | undefined;
  let bestDistance = tolerance(word) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const found = candidate.toLowerCase() === word.toLowerCase() ? 0 : distance(word, candidate);
    if (found >= bestDistance) continue;
    best = candidate;
    bestDistance = found;
  }
  return best;
}

/** How many slips are forgiven: swapping two letters counts as two, and a single letter is near to nothing. */
function tolerance({ length }: string): number {
  if (length < 4) return length < 2 ? 0 : 1;
  return Math.max(2, Math.floor(length / 3));
}

/** A hint for an unknown name: the nearest one, else all of them where they are few, else what is said otherwise. */
export function hintFor(
  word: string,
  candidates: readonly string[],
  otherwise: string,
  what = 'Known are',
): string {
  const near = nearest(word, candidates);
  if (near !== undefined) return `Did you mean ${ticked(near)}?`;
  if (candidates.length === 0 || candidates.length > 30) return otherwise;
  return `${what}: ${candidates.map((name) => `\`${printable(name)}\``).join(', ')}.`;
}

/** Hints for one load, as long as its budget of comparisons lasts. It is spent in the order of the files, so loads agree. */
export class Suggestions {
  #left = BUDGET;

  hintFor(
    word: string,
    candidates: ReadonlySet<string> | ReadonlyMap<string, unknown>,
    otherwise: string,
  ): string {
    this.#left -= candidates.size;
    return this.#left < 0 ? otherwise : hintFor(word, [...candidates.keys()], otherwise);
  }
}
