// Percentages, weights and slots. They are compared as integers of hundredths of a percent, never as fractions.
import type { ExperimentDefinition, FlagDefinition } from '../../model/definitions.gen.ts';
import type { Finding, Path } from '../finding.ts';
import { outcomesOf } from './walk.ts';

/** A percentage as an integer of hundredths: 1.1 * 100 is not 110 in floating point. */
export function hundredths(percent: number): number {
  return Math.round(percent * 100);
}

export function flagShareFindings(flag: FlagDefinition): Finding[] {
  return outcomesOf(flag).flatMap(({ outcome, path }) => {
    if ('serve' in outcome) {
      const steps = (outcome.ramp ?? []).flatMap(({ percent }, i) =>
        decimalFindings(percent, [...path, 'ramp', i, 'percent']),
      );
      return [...decimalFindings(outcome.percent, [...path, 'percent']), ...steps];
    }
    if (!('rollout' in outcome)) return [];
    const at = [...path, 'rollout', 'variations'];
    return weightFindings(
      outcome.rollout.variations.map(({ weight }) => weight),
      at,
    );
  });
}

export function experimentShareFindings({ traffic, slot, arms }: ExperimentDefinition): Finding[] {
  const findings = [
    ...decimalFindings(traffic, ['traffic']),
    ...decimalFindings(slot?.from, ['slot', 'from']),
    ...decimalFindings(slot?.to, ['slot', 'to']),
    ...weightFindings(
      arms.map(({ weight }) => weight),
      ['arms'],
    ),
  ];
  if (slot && slot.to < slot.from) {
    const message = `The slot ends (${slot.to}) before it starts (${slot.from}).`;
    findings.push({ code: 'slot-backwards', path: ['slot'], message, hint: 'Swap `from` and `to`.' });
  }
  return findings;
}

function weightFindings(weights: readonly number[], path: Path): Finding[] {
  const decimals = weights.flatMap((weight, i) => decimalFindings(weight, [...path, i, 'weight']));
  const sum = weights.reduce((total, weight) => total + hundredths(weight), 0);
  if (sum === 10_000 || decimals.length > 0) return decimals;
  const message = `The weights sum to ${sum / 100}: expected exactly 100.`;
  const differing = Math.abs(10_000 - sum) / 100;
  const hint = sum < 10_000 ? `Add ${differing} to one of them.` : `Take ${differing} away from one of them.`;
  return [{ code: 'weights-not-100', path, message, hint }];
}

function decimalFindings(percent: number | undefined, path: Path): Finding[] {
  // The nearest double of a number with two decimals is what dividing its hundredths gives, too.
  if (percent === undefined || hundredths(percent) / 100 === percent) return [];
  const message = `${percent} has more than two decimals: a share is at least 0.01 percent.`;
  return [{ code: 'too-many-decimals', path, message, hint: 'Round it to two decimals.' }];
}
