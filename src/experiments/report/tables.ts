// The tables that are alike in every format: the split between arms, and the planned looks that were taken.
import type { Analysis, LookTaken, SplitResult } from '../analysis.ts';
import { when } from './facts.ts';
import type { Column } from './lines.ts';
import { figure, finite, pText, share, whole } from './numbers.ts';
import { name, type Sentence } from './sentence.ts';

export interface ToldTable {
  columns: readonly Column[];
  rows: readonly (readonly Sentence[])[];
}

const SPLIT: readonly Column[] = [
  { title: 'Arm', leaveOut: 0 },
  { title: 'Planned', isNumber: true, leaveOut: 0 },
  { title: 'Expected', isNumber: true, leaveOut: 1 },
  { title: 'Units', isNumber: true, leaveOut: 0 },
  { title: 'Crossed over', isNumber: true, leaveOut: 2 },
];

/** Who came to each arm, and who was expected. */
export function splitTable({ arms }: SplitResult): ToldTable {
  const weights = arms.reduce((sum, { weight }) => sum + weight, 0);
  const rows = arms.map(({ arm, weight, units, expected, crossedOver }) => [
    name(arm),
    [share(weights > 0 ? weight / weights : 0)],
    ...[expected, units, crossedOver].map((count) => [whole(count)]),
  ]);
  return { columns: SPLIT, rows };
}

/** Below it a split is broken: a false alarm in a thousand experiments. */
const ALARM = 0.001;

/** Whether the split can be chance; of a broken one also what that means, and what to do. */
export function splitSentences({ p, alwaysValidP, isBroken }: SplitResult): Sentence[] {
  return [[chanceText(finite(p), finite(alwaysValidP), isBroken)], ...(isBroken ? BROKEN : [])];
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

const LOOKS: readonly Column[] = [
  { title: 'Look', leaveOut: 0 },
  { title: 'At', leaveOut: 1 },
  { title: 'Of the plan', isNumber: true, leaveOut: 2 },
  { title: 'Arm', leaveOut: 0 },
  { title: 'z', isNumber: true, leaveOut: 0 },
  { title: 'Bound', isNumber: true, leaveOut: 0 },
  { title: 'adjusted p', isNumber: true, leaveOut: 3 },
  { title: '', leaveOut: 0 },
];

/** What each planned look saw, and the boundary that it was held against; without rows where none was taken. */
export function looksTable({ looks, plan }: Analysis): ToldTable {
  const rows = looks.flatMap(({ look, at, fraction, arms }, index) => {
    const wasCrossed = (arm: string) =>
      looks.slice(0, index).some((before) => before.arms.some((each) => each.arm === arm && each.isCrossed));
    const number = plan.sequential ? `${whole(look)} of ${whole(plan.sequential.looks)}` : whole(look);
    const ofPlan = share(Math.round(fraction * 100) / 100);
    return arms.map((arm) => {
      const outcome = arm.isCrossed ? (wasCrossed(arm.arm) ? 'crossed before' : 'crossed') : '';
      return [[number], when(at), [ofPlan], name(arm.arm), ...lookCells(arm, plan.alpha), [outcome]];
    });
  });
  return { columns: LOOKS, rows };
}

function lookCells({ z, bound, adjustedP }: LookTaken['arms'][number], alpha: number): Sentence[] {
  const [score, limit, p] = [finite(z), finite(bound), finite(adjustedP)];
  return [
    [score === null ? 'not computable' : figure(score, 3)],
    [limit === null ? 'none' : figure(limit, 3)],
    [p === null ? '' : pText(p, alpha)],
  ];
}
