// What one arm changed of a metric, as it can be said: the lift where there is one, else the difference, else why not.
import type { Interval } from '../../stats/computed.ts';
import type { ComparisonResult, MetricResult } from '../analysis.ts';
import { amount, decimalsFor, finite, intervalText, PERCENT, PLAIN, POINTS, type Unit } from './numbers.ts';
import type { Sentence } from './sentence.ts';

export interface Change {
  /** Relative to the baseline, or absolute: in the metric's own unit, or in percentage points. */
  kind: 'lift' | 'difference';
  estimate: number;
  interval: Interval | null;
  unit: Unit;
  decimals: number;
}

/** Undefined where neither can be said. */
export function changeOf(
  { lift, liftInterval, difference, interval }: ComparisonResult,
  type: MetricResult['type'],
): Change | undefined {
  const [relative, absolute] = [finite(lift), finite(difference)];
  const isBounded = liftInterval !== null && hasEnd(liftInterval);
  const hasBetter = absolute !== null && interval !== null && hasEnd(interval);
  if (relative !== null && (isBounded || !hasBetter)) return change('lift', relative, liftInterval, PERCENT);
  if (absolute === null) return undefined;
  return change('difference', absolute, interval, type === 'binary' ? POINTS : PLAIN);
}

function change(kind: Change['kind'], estimate: number, interval: Interval | null, unit: Unit): Change {
  // What has no interval yet is said less exactly.
  const digitsLess = interval === null ? 1 : 0;
  return { kind, estimate, interval, unit, decimals: decimalsFor(interval, estimate, unit) - digitsLess };
}

function hasEnd({ lower, upper }: Interval): boolean {
  return finite(lower) !== null || finite(upper) !== null;
}

/** `+4.1 %`. */
export function changeText({ estimate, decimals, unit }: Change): string {
  return amount(estimate, decimals, unit, true);
}

/** `1.2 to 7.0`, in the change's unit; empty where there is no interval. */
export function changeInterval({ interval, decimals, unit }: Change): string {
  return interval === null ? '' : intervalText(interval, decimals, unit);
}

/** `4.1 % (1.2 to 7.0)` of what rises, and the same of what falls: how far, without a sign. */
export function sizeText({ estimate, interval, decimals, unit }: Change): string {
  const isFall = estimate < 0;
  const size = amount(Math.abs(estimate), decimals, unit);
  if (interval === null) return size;
  const ends = isFall ? { lower: negated(interval.upper), upper: negated(interval.lower) } : interval;
  return `${size} (${intervalText(ends, decimals, unit)})`;
}

function negated(value: number | null): number | null {
  return value === null ? null : -value;
}

/** What the units of changes mean, as far as there are any. */
export function unitsOf(results: readonly MetricResult[]): Sentence[] {
  const changes = results.flatMap(({ arms, type }) => arms.map((arm) => changeOf(arm, type)));
  const isIn = (unit: Unit) => changes.some((change) => change?.unit === unit);
  return [
    ...(isIn(PERCENT) ? [['Changes in % are relative to the value of the baseline.']] : []),
    ...(isIn(POINTS) ? [['Changes in pp are differences in percentage points.']] : []),
  ];
}

/** Which way is good: of a change that is none of both, undefined. */
export function judged(change: number, direction: MetricResult['direction']): 'better' | 'worse' | undefined {
  if (change === 0) return undefined;
  return change > 0 === (direction === 'increase') ? 'better' : 'worse';
}
