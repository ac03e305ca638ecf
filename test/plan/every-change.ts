// What holds for every change: random pairs of definitions, each with some subjects, always the same ones.
import fc from 'fast-check';
import type { Context } from '../../src/model/context.ts';
import type { Definitions } from '../../src/model/definition.ts';
import { arbitraryChange, arbitrarySubject, hundredths } from './arbitrary-change.ts';
import { definitionsOf } from './support.ts';

interface Tries {
  seed: number;
  runs: number;
  /** For each change. */
  subjects: number;
  subject?: fc.Arbitrary<Context>;
  shares?: fc.Arbitrary<number>;
}

/** Throws where the check does for any of them. */
export function everyChange(
  { seed, runs, subjects: length, subject = arbitrarySubject, shares = hundredths }: Tries,
  check: (before: Definitions, after: Definitions, subjects: Context[]) => void,
): void {
  const subjects = fc.array(subject, { minLength: length, maxLength: length });
  fc.assert(
    fc.property(arbitraryChange(shares), subjects, (change, given) => {
      check(definitionsOf(change.before), definitionsOf(change.after), given);
    }),
    { seed, numRuns: runs },
  );
}
