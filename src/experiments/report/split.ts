// The split between arms: who came, who was expected, and whether that can be chance.
import type { SplitResult } from '../analysis.ts';
import { finite, pText, share, whole } from './numbers.ts';
import type { Sentence } from './sentence.ts';

export interface ToldSplit {
  isBroken: boolean;
  arms: { arm: string; weight: string; units: string; expected: string; crossedOver: string }[];
  /** What is said below the table. */
  sentences: Sentence[];
}

/** Below it a split is broken: a false alarm in a thousand experiments. */
const ALARM = 0.001;

export function toldSplit({ arms, p, alwaysValidP, isBroken }: SplitResult): ToldSplit {
  const weights = arms.reduce((sum, { weight }) => sum + weight, 0);
  return {
    isBroken,
    arms: arms.map(({ arm, weight, units, expected, crossedOver }) => ({
      arm,
      weight: share(weights > 0 ? weight / weights : 0),
      units: whole(units),
      expected: whole(expected),
      crossedOver: whole(crossedOver),
    })),
    sentences: [[chanceText(finite(p), finite(alwaysValidP), isBroken)], ...(isBroken ? BROKEN : [])],
  };
}

function chanceText(p: number | null, alwaysValidP: number | null, isBroken: boolean): string {
  const tests = [
    ...(p === null ? [] : [`chi-square p ${pText(p, ALARM)}`]),
    ...(alwaysValidP === null ? [] : [`always-valid p ${pText(alwaysValidP, ALARM)}`]),
  ].join(', ');
  if (isBroken)
    return `units are not spread over the arms as planned (${tests || 'not computable'}), and hardly by chance`;
  return tests === ''
    ? 'whether the split is as planned is not computable yet'
    : `no sign of a split other than planned (${tests})`;
}

const BROKEN: Sentence[] = [
  ['so the arms may hold different kinds of units, and any difference between them may come from that alone'],
  [
    'usual causes: an arm that fails or is slow before its exposure is sent, exposures that are lost or sent twice in one arm, units that change their arm, bots, a change of weights or targeting while it ran',
  ],
  ['find the cause, mend it, and start a new experiment: what was collected cannot be repaired'],
];
