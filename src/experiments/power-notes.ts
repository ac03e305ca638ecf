// What a reader must know of a power calculation, in sentences.
import type { Active, Baseline } from './active.ts';
import { FEWEST_UNITS } from './plan.ts';
import type { PowerOptions } from './power-options.ts';

/** `isSized`: whether a size follows. */
export function powerNotes(
  { traffic, isMature, setup }: Active,
  { days, baseline, unitsPerDay }: PowerOptions,
  { isMeasured, value }: Baseline,
  minimumEffect: number | null,
  isSized: boolean,
): string[] {
  const { primary, cupedDays } = setup.design;
  const notes = [
    isMeasured && traffic.active < FEWEST_UNITS
      ? `${fewUnits(traffic.active)} had an event in the last ${days} days, and a baseline needs ${FEWEST_UNITS}: give --baseline.`
      : isMeasured && !isMature && primary.window !== undefined
        ? `Hardly anyone's window of ${primary.window} is over within the last ${days} days, so the baseline is too low rather than too high: give more --days.`
        : undefined,
    minimumEffect === null
      ? 'There is no `analysis.minimumEffect`, so no size follows: give one in the file, or --minimum-effect.'
      : undefined,
    !isSized && minimumEffect !== null && minimumEffect > 1 && primary.type === 'binary' && value !== null
      ? `A minimum effect of ${minimumEffect} is ${(minimumEffect * 100).toLocaleString('en')} % of the baseline, and no rate is that far away: 0.1 is 10 %.`
      : undefined,
    baseline !== undefined && cupedDays !== null
      ? 'With a given baseline nothing is known of what came before, so CUPED does not count.'
      : undefined,
    unitsPerDay === undefined && traffic.days > 0 && traffic.days < 28
      ? `Events go back ${wholeDays(traffic.days)}; longer times are extrapolated, as if everyone were new.`
      : undefined,
    unitsPerDay === undefined
      ? 'The traffic is that of all units with any event; only those who reach the rule of the experiment will take part.'
      : undefined,
    isMeasured && value !== null && primary.type !== 'mean' && primary.type !== 'ratio'
      ? 'Whoever reaches the rule and never has an event is not seen here: if many do, the true baseline is lower, and more units are needed. Give what you know as --baseline.'
      : undefined,
  ];
  return notes.filter((note) => note !== undefined);
}

function fewUnits(count: number): string {
  if (count === 0) return 'No unit';
  return count === 1 ? 'Only 1 unit' : `Only ${count} units`;
}

function wholeDays(days: number): string {
  const whole = Math.floor(days);
  return whole <= 1 ? 'one day only' : `${whole} days only`;
}
