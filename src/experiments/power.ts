// Before an experiment starts: how many units it needs, how long that takes, and what it could find in one, two and four weeks.
import type { Lender, Queryable } from '../db/pool.ts';
import { adjust } from '../stats/cuped.ts';
import { minimumEffectOfMeans } from '../stats/power/means.ts';
import { minimumEffectOfProportions } from '../stats/power/proportions.ts';
import { adjustable, armCovariates, type Measured } from './compare.ts';
import { ACTIVE } from './metric-statement.ts';
import { type MetricMoments, readMoments } from './moments.ts';
import {
  cupedFactorOf,
  FEWEST_UNITS,
  looksFactor,
  plannedTotal,
  plannedUnits,
  valueOfArm,
  varianceOfArm,
} from './plan.ts';
import { readTogether } from './readers.ts';
import { DAY_MS, scopeOf, windowMs } from './scope.ts';
import { type Named, readSetup, type Setup } from './setup.ts';
import { readTraffic, shareOf, type Traffic, unitsIn } from './traffic.ts';
import { telling } from './usage.ts';

export interface PowerOptions extends Named {
  /** Instead of what is applied. */
  setup?: Setup;
  /** Now, by the database's clock, if left out. */
  atMs?: number | undefined;
  /** How many of the last days the baseline is measured in. */
  days: number;
  /** Instead of measured ones: the rate, mean or ratio, and a unit's standard deviation (not for a rate). */
  baseline?: number | undefined;
  sd?: number | undefined;
  /** Units a day that take part, instead of measured ones. */
  unitsPerDay?: number | undefined;
  /** Relative to the baseline, instead of the definition's. */
  minimumEffect?: number | undefined;
}

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
  traffic: { unitsPerDay: number | null; share: number };
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
  const { setup, traffic } = found;
  const design = { ...setup.design, minimumEffect: options.minimumEffect ?? setup.design.minimumEffect };
  const baseline = baselineOf(found, options);
  const looks = looksFactor(design);
  const cuped = baseline.isMeasured ? cupedFactorOf(found.measured) : 1;
  const share = shareOf(setup.definition);
  const perDay = (days: number) =>
    options.unitsPerDay ?? (traffic.days === 0 ? null : (unitsIn(traffic, days) * share) / days);
  const factor = cuped * looks;
  const { value, variance } = baseline;
  const unitsPerArm =
    value === null || variance === null || value === 0 || design.minimumEffect === null
      ? null
      : plannedUnits(design, design.primary, { value, variance, effect: design.minimumEffect }, factor);
  const units = unitsPerArm === null ? null : Math.ceil(plannedTotal(design, unitsPerArm));
  return {
    project: setup.project,
    environment: setup.environment,
    experiment: setup.experiment,
    at: new Date(found.atMs).toISOString(),
    metric: design.primary.metric,
    type: design.primary.type,
    ...{ alpha: design.alpha, power: design.power, minimumEffect: design.minimumEffect },
    ...{ arms: design.arms, sequential: design.sequential, cupedDays: design.cupedDays },
    baseline: {
      value,
      sd: variance === null ? null : Math.sqrt(variance),
      units: baseline.isMeasured ? (found.measured.moments.arms[0]?.n ?? 0) : null,
      days: baseline.isMeasured ? options.days : null,
    },
    factors: { cuped, correlation: correlationOf(found.measured, baseline.isMeasured), looks },
    traffic: { unitsPerDay: perDay(14), share },
    size:
      unitsPerArm === null || units === null ? null : { unitsPerArm, units, days: daysFor(units, perDay) },
    effects: WEEKS.map((weeks) => effectIn(weeks, Math.floor((perDay(weeks * 7) ?? 0) * weeks * 7))),
    notes: notesOf(found, options, baseline.isMeasured, design.minimumEffect),
  };

  function effectIn(weeks: number, total: number): PowerReport['effects'][number] {
    const smallest = Math.floor(total / plannedTotal(design, 1));
    const none = { weeks, units: total, unitsPerArm: smallest, relative: null, absolute: null };
    if (value === null || variance === null || smallest < 2) return none;
    const { alpha, power, arms } = design;
    const comparisons = Math.max(1, arms.filter(({ weight }) => weight > 0).length - 1);
    const level = { alpha: alpha / comparisons, power };
    // As if there were so many more units, or fewer.
    const n = Math.floor(smallest / factor);
    const { up, down } =
      design.primary.type === 'binary'
        ? minimumEffectOfProportions({ control: value, nControl: n, nTreatment: n, ...level })
        : minimumEffectOfMeans({
            ...{ varianceControl: variance, varianceTreatment: variance, meanControl: value },
            ...{ nControl: n, nTreatment: n, ...level },
          });
    const absolute = design.primary.direction === 'increase' ? (up ?? down) : (down ?? up);
    return {
      ...none,
      absolute,
      relative: absolute === null || value === 0 ? null : absolute / Math.abs(value),
    };
  }
}

interface Found {
  setup: Setup;
  atMs: number;
  traffic: Traffic;
  measured: Measured;
  /** Everyone's window was over. */
  isMature: boolean;
}

async function readActive(pool: Lender, options: PowerOptions): Promise<Found> {
  let known: Omit<Found, 'measured'> | undefined;
  let units = 0;
  const [moments] = await readTogether(pool, async (connection) => {
    const { rows } = await connection.query<{ now: Date }>('select clock_timestamp() as now');
    const atMs = options.atMs ?? (rows[0] as { now: Date }).now.getTime();
    const setup = options.setup ?? (await readSetup(connection, options));
    const { primary, cupedDays } = setup.design;
    const scope = scopeOf(setup, setup.design, atMs);
    const matureMs = atMs - (windowMs(primary) ?? 0);
    const traffic = await readTraffic(connection, scope, options.days, matureMs);
    const isMature = traffic.mature >= FEWEST_UNITS;
    units = isMature ? traffic.mature : traffic.active;
    known = { setup, atMs, traffic, isMature };
    const activeSinceMs = atMs - options.days * DAY_MS;
    const question = {
      ...{ metric: primary, arms: [{ arm: ACTIVE, units }], activeSinceMs, sinceMs: activeSinceMs },
      ...{ covariateDays: primary.type === 'ratio' ? 0 : (cupedDays ?? 0) },
      ...(isMature && { exposedByMs: matureMs }),
    };
    return [(reader: Queryable) => readMoments(reader, scope, question)];
  });
  const found = known as Omit<Found, 'measured'>;
  const { primary, cupedDays } = found.setup.design;
  const measured = { metric: primary, moments: moments as MetricMoments, units: [units], open: 0, cupedDays };
  return { ...found, measured };
}

interface Baseline {
  value: number | null;
  variance: number | null;
  isMeasured: boolean;
}

function baselineOf({ measured }: Found, { baseline, sd }: PowerOptions): Baseline {
  const [arm] = measured.moments.arms;
  const isBinary = measured.metric.type === 'binary';
  if (baseline !== undefined) {
    const variance = isBinary ? baseline * (1 - baseline) : (sd ?? 0) ** 2;
    return { value: baseline, variance: variance > 0 ? variance : null, isMeasured: false };
  }
  if (!arm || arm.n < FEWEST_UNITS) return { value: null, variance: null, isMeasured: true };
  const variance = varianceOfArm(measured, arm);
  return { value: valueOfArm(measured, arm), variance: variance === 0 ? null : variance, isMeasured: true };
}

function correlationOf(measured: Measured, isMeasured: boolean): number | null {
  return isMeasured && adjustable(measured) ? adjust(armCovariates(measured.moments)).correlation : null;
}

/** Whole days until so many units came, at the traffic of four weeks where it takes as long. */
function daysFor(units: number, perDay: (days: number) => number | null): number | null {
  for (const days of [7, 14, 28]) {
    const rate = perDay(days) ?? 0;
    if (rate > 0 && (units / rate <= days || days === 28)) return Math.ceil(units / rate);
  }
  return null;
}

function notesOf(
  { traffic, isMature, setup }: Found,
  { days, baseline, unitsPerDay }: PowerOptions,
  isMeasured: boolean,
  minimumEffect: number | null,
): string[] {
  const { window } = setup.design.primary;
  const notes = [
    isMeasured && traffic.active < FEWEST_UNITS
      ? `Only ${traffic.active} units had an event in the last ${days} days, and a baseline needs ${FEWEST_UNITS}: give --baseline.`
      : isMeasured && !isMature && window !== undefined
        ? `Hardly anyone's window of ${window} is over within the last ${days} days, so the baseline is too low rather than too high: give more --days.`
        : undefined,
    minimumEffect === null
      ? 'There is no `analysis.minimumEffect`, so no size follows: give one in the file, or --minimum-effect.'
      : undefined,
    baseline !== undefined && setup.design.cupedDays !== null
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
