// Who stands for an experiment's units before it has any: whoever was active lately, and what they did.
import type { Lender, Queryable } from '../db/pool.ts';
import { adjust } from '../stats/cuped.ts';
import { adjustable, armCovariates, type Measured } from './compare.ts';
import { readKept } from './kept.ts';
import { ACTIVE } from './metric-statement.ts';
import { type MetricMoments, readMoments } from './moments.ts';
import { FEWEST_UNITS, type Plan, valueOfArm, varianceOfArm } from './plan.ts';
import type { PowerOptions } from './power-options.ts';
import { readTogether } from './readers.ts';
import { DAY_MS, scopeOf, windowMs } from './scope.ts';
import { readSetup, type Setup } from './setup.ts';
import { readTraffic, type Traffic } from './traffic.ts';

export interface Active {
  setup: Setup;
  atMs: number;
  traffic: Traffic;
  measured: Measured;
  /** Everyone's window was over. */
  isMature: boolean;
  /** The one that it runs on already. */
  plan: Plan | undefined;
}

export async function readActive(pool: Lender, options: PowerOptions): Promise<Active> {
  let known: Omit<Active, 'measured'> | undefined;
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
    const { plan } = await readKept(connection, scope);
    known = { setup, atMs, traffic, isMature, plan };
    const activeSinceMs = atMs - options.days * DAY_MS;
    const question = {
      ...{ metric: primary, arms: [{ arm: ACTIVE, units }], activeSinceMs, sinceMs: activeSinceMs },
      ...{ covariateDays: primary.type === 'ratio' ? 0 : (cupedDays ?? 0) },
      ...(isMature && { exposedByMs: matureMs }),
    };
    return [(reader: Queryable) => readMoments(reader, scope, question)];
  });
  const found = known as Omit<Active, 'measured'>;
  const { primary, cupedDays } = found.setup.design;
  const measured = { metric: primary, moments: moments as MetricMoments, units: [units], open: 0, cupedDays };
  return { ...found, measured };
}

export interface Baseline {
  value: number | null;
  /** Of a unit; null where it is unknown or 0. */
  variance: number | null;
  isMeasured: boolean;
}

/** As given, else as measured of at least 100 units. */
export function baselineOf({ measured }: Active, { baseline, sd }: PowerOptions): Baseline {
  if (baseline !== undefined) {
    const variance = measured.metric.type === 'binary' ? baseline * (1 - baseline) : (sd ?? 0) ** 2;
    return { value: baseline, variance: variance > 0 ? variance : null, isMeasured: false };
  }
  const [arm] = measured.moments.arms;
  if (!arm || arm.n < FEWEST_UNITS) return { value: null, variance: null, isMeasured: true };
  return {
    value: valueOfArm(measured, arm),
    variance: varianceOfArm(measured, arm) || null,
    isMeasured: true,
  };
}

/** Of the metric with itself before; null where it was not measured or tells nothing. */
export function correlationOf(measured: Measured, { isMeasured }: Baseline): number | null {
  return isMeasured && adjustable(measured) ? adjust(armCovariates(measured.moments)).correlation : null;
}
