// Before an experiment starts: how many units it needs, how long that takes, and what it could find in one, two and four weeks.
import type { Lender } from '../db/pool.ts';
import { minimumEffectOfMeans } from '../stats/power/means.ts';
import { minimumEffectOfProportions } from '../stats/power/proportions.ts';
import { baselineOf, correlationOf, readActive } from './active.ts';
import type { Measured } from './compare.ts';
import { cupedFactorOf, looksFactor, type Need, plannedTotal, plannedUnits } from './plan.ts';
import { powerNotes } from './power-notes.ts';
import type { PowerOptions } from './power-options.ts';
import type { Design, Setup } from './setup.ts';
import { shareOf, unitsIn } from './traffic.ts';
import { telling } from './usage.ts';

export interface PowerReport {
  project: string;
  environment: string;
  experiment: string;
  at: string;
  metric: string;
  type: Measured['metric']['type'];
  alpha: number;
  power: number;
  minimumEffect: number | null;
  arms: { arm: string; weight: number }[];
  sequential: Setup['design']['sequential'];
  cupedDays: number | null;
  /** `units` are those that were measured; null where the numbers were given. */
  baseline: { value: number | null; sd: number | null; units: number | null; days: number | null };
  /** What the size is multiplied by. The correlation is the covariate's. */
  factors: { cuped: number; correlation: number | null; looks: number };
  /** `share` is of those who come; given units are those that take part. */
  traffic: { unitsPerDay: number | null; share: number; isMeasured: boolean };
  /** Null where it cannot be said. */
  size: { unitsPerArm: number; units: number; days: number | null } | null;
  /** What could be found at the present traffic: relative, and in the metric's own unit. */
  effects: {
    weeks: number;
    units: number;
    unitsPerArm: number;
    relative: number | null;
    absolute: number | null;
  }[];
  notes: string[];
}

const WEEKS = [1, 2, 4];

/** Computes it from the real events of those who are active, whether the experiment runs or not. Throws UsageError as readSetup. */
export function powerOf(pool: Lender, options: PowerOptions): Promise<PowerReport> {
  return telling(options.experiment, () => computed(pool, options));
}

async function computed(pool: Lender, options: PowerOptions): Promise<PowerReport> {
  const found = await readActive(pool, options);
  const { setup, traffic, measured } = found;
  const design = { ...setup.design, minimumEffect: options.minimumEffect ?? setup.design.minimumEffect };
  const baseline = baselineOf(found, options);
  const factors = {
    cuped: baseline.isMeasured ? cupedFactorOf(measured) : 1,
    correlation: correlationOf(measured, baseline),
    looks: looksFactor(design),
  };
  const factor = factors.cuped * factors.looks;
  const share = shareOf(setup.definition);
  const perDay = (days: number) =>
    options.unitsPerDay ?? (traffic.days === 0 ? null : (unitsIn(traffic, days) * share) / days);
  const { value, variance } = baseline;
  const need = value === null || variance === null || value === 0 ? undefined : { value, variance };
  const size = sizeOf(design, need, factor, perDay);
  const effects = WEEKS.map((weeks) => {
    const units = Math.floor((perDay(weeks * 7) ?? 0) * weeks * 7);
    return { weeks, ...effectOf(design, need, factor, units) };
  });
  const largest = Math.max(
    size ? (design.minimumEffect ?? 0) : 0,
    ...effects.map((each) => each.relative ?? 0),
  );
  return {
    ...{ project: setup.project, environment: setup.environment, experiment: setup.experiment },
    at: new Date(found.atMs).toISOString(),
    ...{ metric: design.primary.metric, type: design.primary.type },
    ...{ alpha: design.alpha, power: design.power, minimumEffect: design.minimumEffect },
    ...{ arms: design.arms, sequential: design.sequential, cupedDays: design.cupedDays },
    baseline: {
      value,
      sd: variance === null ? null : Math.sqrt(variance),
      units: baseline.isMeasured ? (measured.moments.arms[0]?.n ?? 0) : null,
      days: baseline.isMeasured ? options.days : null,
    },
    factors,
    traffic: { unitsPerDay: perDay(14), share, isMeasured: options.unitsPerDay === undefined },
    size,
    effects,
    notes: powerNotes(found, options, baseline, design.minimumEffect, { isSized: size !== null, largest }),
  };
}

type KnownNeed = Omit<Need, 'effect'>;

function sizeOf(
  design: Design,
  need: KnownNeed | undefined,
  factor: number,
  perDay: (days: number) => number | null,
): PowerReport['size'] {
  if (!need || design.minimumEffect === null) return null;
  const unitsPerArm = plannedUnits(design, design.primary, { ...need, effect: design.minimumEffect }, factor);
  if (unitsPerArm === null) return null;
  const units = Math.ceil(plannedTotal(design, unitsPerArm));
  return { unitsPerArm, units, days: daysFor(units, perDay) };
}

/** What so many units could find, as if there were as many more as CUPED saves, and fewer by what looks cost. */
function effectOf(
  design: Design,
  need: KnownNeed | undefined,
  factor: number,
  units: number,
): Omit<PowerReport['effects'][number], 'weeks'> {
  const unitsPerArm = Math.floor(units / plannedTotal(design, 1));
  if (!need || unitsPerArm < 2) return { units, unitsPerArm, relative: null, absolute: null };
  const { value, variance } = need;
  const comparisons = Math.max(1, design.arms.filter(({ weight }) => weight > 0).length - 1);
  const n = Math.floor(unitsPerArm / factor);
  const shared = { alpha: design.alpha / comparisons, power: design.power, nControl: n, nTreatment: n };
  const { up, down } =
    design.primary.type === 'binary'
      ? minimumEffectOfProportions({ control: value, ...shared })
      : minimumEffectOfMeans({
          ...{ varianceControl: variance, varianceTreatment: variance, meanControl: value },
          ...shared,
        });
  const absolute = design.primary.direction === 'increase' ? (up ?? down) : (down ?? up);
  return { units, unitsPerArm, absolute, relative: absolute === null ? null : absolute / Math.abs(value) };
}

/** Whole days until so many units came, at the traffic of four weeks where it takes as long. */
function daysFor(units: number, perDay: (days: number) => number | null): number | null {
  for (const days of [7, 14, 28]) {
    const rate = perDay(days) ?? 0;
    if (rate > 0 && (units / rate <= days || days === 28)) return Math.ceil(units / rate);
  }
  return null;
}
