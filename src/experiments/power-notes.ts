// What a reader must know of a power calculation, in sentences.
import type { Active, Baseline } from './active.ts';
import { FEWEST_UNITS } from './plan.ts';
import type { PowerOptions } from './power-options.ts';

/** `isSized`: whether a size follows. `largest`: the largest effect that is said, relative. */
export function powerNotes(
  { traffic, isMature, setup, plan }: Active,
  { days, baseline, unitsPerDay }: PowerOptions,
  { isMeasured, value }: Baseline,
  minimumEffect: number | null,
  { isSized, largest }: { isSized: boolean; largest: number },
): string[] {
  const { primary, cupedDays } = setup.design;
  const notes = [
    plan?.unitsPerArm == null
      ? undefined
      : `It runs on a plan of ${plan.unitsPerArm.toLocaleString('en')} units per arm, made of its own first units, which holds: see \`halyard analyze\`.`,
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
    primary.type === 'binary' && value !== null ? otherWay(value, primary.direction, largest) : undefined,
    baseline !== undefined && cupedDays !== null
      ? 'With a given baseline nothing is known of what came before, so CUPED does not count.'
      : undefined,
    unitsPerDay === undefined && traffic.days > 0 && traffic.days < 28
      ? `Events go back ${wholeDays(traffic.days)}; longer times are extrapolated, as if everyone were new.`
      : undefined,
    isMeasured || unitsPerDay === undefined
      ? 'Measured are all units with any event: whoever never reaches the rule counts, and whoever reaches it and never has an event does not. Where the units of the experiment are others, give what you know: --baseline, --units-per-day.'
      : undefined,
  ];
  return notes.filter((note) => note !== undefined);
}

/** A rate has no room for a larger effect in its good direction, and what is said is of the other one. */
function otherWay(rate: number, direction: 'increase' | 'decrease', largest: number): string | undefined {
  const most = direction === 'increase' ? (1 - rate) / rate : 1;
  if (!(largest > most)) return undefined;
  const [wanted, said] = direction === 'increase' ? ['rises', 'fall'] : ['falls', 'rise'];
  const percent = (share: number) => `${Number((share * 100).toPrecision(3)).toLocaleString('en')} %`;
  return `From ${percent(rate)} no rate ${wanted} by more than ${percent(most)} of it: a larger effect above is that of a ${said}.`;
}

function fewUnits(count: number): string {
  if (count === 0) return 'No unit';
  return count === 1 ? 'Only 1 unit' : `Only ${count} units`;
}

function wholeDays(days: number): string {
  const whole = Math.floor(days);
  return whole <= 1 ? 'one day only' : `${whole} days only`;
}
