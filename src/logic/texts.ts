// Whether a text can begin, end, contain and equal as is asked of it.
import type { Scalar } from '../model/definitions.gen.ts';
import type { Budget } from './budget.ts';
import { ignoringCase, type Theory } from './constraint.ts';
import { type Asked, someFulfils, those } from './trial.ts';

/** A character (of the private use area) that no constant holds: what is joined by it does not overlap. */
const FILLER = '\ue000';
/** Longer constants are not reasoned about. */
const LONGEST = 1000;

/**
 * Exact for texts of which equality, beginnings, ends and parts are asked. Let one such text be given. It has a longest
 * beginning that is asked for, a longest end, and the parts. Joined by a character that occurs nowhere else they make
 * another such text: what is not to occur in it occurs in none of its pieces. So each piece can be looked for by itself.
 */
export function isTextPossible(asked: readonly Asked[], budget: Budget): boolean {
  const comparable = alike(asked);
  if (!comparable.every(({ constraint }) => constraint.values.every(isPlain))) return true;
  const wanted = those(comparable, true);
  const unwanted = those(comparable, false);
  const equal = wanted.find(({ constraint }) => constraint.theory === 'equality');
  // Letters' case does not count in anything that is asked, so one spelling stands for all.
  if (equal) return someFulfils(equal.constraint.values, comparable, budget);
  const of = (theory: Theory) => wanted.filter(({ constraint }) => constraint.theory === theory);
  const isPossible = (texts: readonly string[], pieces: readonly Asked[]) =>
    someFulfils(texts, [...pieces, ...unwanted], budget);
  const [beginnings, ends] = [of('prefix'), of('suffix')];
  return (
    isPossible(
      orEmpty(beginnings.flatMap(textsOf)).map((text) => text + FILLER),
      beginnings,
    ) &&
    isPossible(
      orEmpty(ends.flatMap(textsOf)).map((text) => FILLER + text),
      ends,
    ) &&
    of('part').every((part) =>
      isPossible(
        textsOf(part).map((text) => FILLER + text + FILLER),
        [],
      ),
    )
  );
}

/**
 * The same, or less, asked so that letters' case counts everywhere or nowhere, or only in what is wanted. To be equal
 * is to be equal but for case, so less is asked.
 */
function alike(asked: readonly Asked[]): readonly Asked[] {
  if (!asked.some(({ constraint, wanted }) => wanted && constraint.ignoresCase)) return asked;
  return asked.flatMap(({ constraint, wanted }) =>
    wanted || constraint.ignoresCase ? [{ constraint: ignoringCase(constraint), wanted }] : [],
  );
}

function isPlain(value: Scalar): boolean {
  return typeof value !== 'string' || (value.length <= LONGEST && !value.includes(FILLER));
}

function textsOf({ constraint }: Asked): string[] {
  return constraint.values.filter((value) => typeof value === 'string');
}

function orEmpty(texts: string[]): string[] {
  return texts.length === 0 ? [''] : texts;
}
