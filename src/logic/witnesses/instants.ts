// Instants that stand for all: each constant, one between any two, and one before and after all of them.
import { compareInstants, type Instant, parseInstant } from '../../engine/operands/instant.ts';
import type { Scalar } from '../../model/definitions.gen.ts';

interface Point {
  value: Scalar;
  at: Instant;
}

/**
 * Of any instant, however it is written, one of these compares alike with every constant. Undefined where two constants
 * are so near each other that nothing was found between them, which does not mean that nothing is.
 */
export function instantsAround(constants: readonly Scalar[]): Scalar[] | undefined {
  const points = constants.flatMap((constant) => pointOf(constant));
  points.sort((a, b) => compareInstants(a.at, b.at));
  const outer = [...pointOf(-Number.MAX_VALUE), ...points, ...pointOf(Number.MAX_VALUE)];
  const witnesses = points.map(({ value }) => value);
  for (const [i, { at: later }] of outer.entries()) {
    const earlier = outer[i - 1]?.at;
    if (!earlier || compareInstants(earlier, later) === 0) continue;
    const between = attempts(earlier, later).find(
      ({ at }) => compareInstants(earlier, at) < 0 && compareInstants(at, later) < 0,
    );
    if (!between) return undefined;
    witnesses.push(between.value);
  }
  return witnesses;
}

function attempts(earlier: Instant, later: Instant): Point[] {
  const isOneSecond = earlier.seconds === later.seconds;
  const middle = (earlier.fraction + (isOneSecond ? later.fraction : 1)) / 2;
  return [
    (earlier.seconds + 1) * 1000,
    later.seconds * 1000,
    milliseconds(earlier) / 2 + milliseconds(later) / 2,
    text(earlier.seconds, middle),
    text(later.seconds, later.fraction / 2),
  ].flatMap(pointOf);
}

function milliseconds({ seconds, fraction }: Instant): number {
  return (seconds + fraction) * 1000;
}

/** With 40 digits of the fraction, which tell any two doubles apart that are not tiny. Empty beyond the calendar. */
function text(seconds: number, fraction: number): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return '';
  return `${date.toISOString().slice(0, 19)}${fraction.toFixed(40).slice(1)}Z`;
}

function pointOf(value: Scalar): Point[] {
  const at = parseInstant(value);
  return at ? [{ value, at }] : [];
}
