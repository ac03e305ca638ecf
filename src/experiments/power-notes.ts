// What a reader must know of a power calculation, in sentences.
import type { Active, Baseline } from './active.ts';
import { FEWEST_UNITS } from './plan.ts';
import type { PowerOptions } from './power-options.ts';

export function powerNotes(
  { traffic, isMature, setup }: Active,
  { days, baseline, unitsPerDay }: PowerOptions,
  { isMeasured }: Baseline,
  minimumEffect: number | null,
): string[] {
  const { primary, cupedDays } = setup.design;
  const notes = [
    isMeasured && traffic.active < FEWEST_UNITS
      ? `Only ${traffic.active} units had an event in the last ${days} days, and a baseline needs ${FEWEST_UNITS}: give --baseline.`
      : isMeasured && !isMature && primary.window !== undefined
        ? `Hardly anyone's window of ${primary.window} is over within the last ${days} days, so the baseline is too low rather than too high: give more --days.`
        : undefined,
    minimumEffect === null
      ? 'There is no `analysis.minimumEffect`, so no size follows: give one in the file, or --minimum-effect.'
      : undefined,
    baseline !== undefined && cupedDays !== null
      ? 'With a given baseline nothing is known of what came before, so CUPED does not count.'
      : undefined,
    unitsPerDay === undefined && traffic.days < 28
      ? `Events go back ${Math.floor(traffic.days)} days alone; longer times are extrapolated, as if everyone were new.`
      : undefined,
    unitsPerDay === undefined
      ? 'Units are those with any event; only those who reach the rule of the experiment will take part.'
      : undefined,
  ];
  return notes.filter((note) => note !== undefined);
}
