// How much more this look knows than the last one, measured on the units that both have.
import type { Queryable } from '../db/pool.ts';
import { residualVariance } from '../stats/covariance.ts';
import { adjust } from '../stats/cuped.ts';
import { type InCommon, informationGrowth } from '../stats/sequential/information.ts';
import { adjustable, armCovariates, type Measured } from './compare.ts';
import { type Earlier, inCommonStatement, type MetricQuestion } from './metric-statement.ts';
import type { ArmMoments } from './moments.ts';
import type { Scope } from './scope.ts';

/**
 * The growth of information since an earlier instant, of values as they are compared: less CUPED's covariate, and of a ratio its linear
 * part. `question` is of the units that were exposed by then, `measured` of all. Null where nothing varies.
 */
export async function readGrowth(
  connection: Queryable,
  scope: Scope,
  question: MetricQuestion & { exposedByMs: number },
  measured: Measured,
): Promise<number | null> {
  const { arms, cap, otherCap } = measured.moments;
  const slope = slopeOf(measured);
  const earlier: Earlier = {
    ...{ atMs: question.exposedByMs, slope, cap, otherCap },
    otherMean: averageOf(arms, ({ other }) => other?.mean),
  };
  const { text, values } = inCommonStatement(scope, question, earlier);
  const { rows } = await connection.query<InCommon>(text, values);
  const squares = arms.map(({ n, measured: { variance }, covariance, other }) =>
    n < 2 ? 0 : (n - 1) * residualVariance(variance ?? 0, covariance ?? 0, other?.variance ?? 0, slope),
  );
  const all = { n: sum(arms.map(({ n }) => n)), now: sum(squares) };
  return rows[0] ? informationGrowth(rows[0], all) : null;
}

/** What a unit's value is less, times its denominator or covariate. */
function slopeOf(measured: Measured): number {
  const { arms } = measured.moments;
  if (measured.metric.type === 'ratio') {
    const below = averageOf(arms, ({ other }) => other?.mean);
    return below === 0 ? 0 : averageOf(arms, (arm) => arm.measured.mean) / below;
  }
  return adjustable(measured) ? adjust(armCovariates(measured.moments)).theta : 0;
}

/** Over all units; 0 where there are none. */
function averageOf(
  arms: readonly ArmMoments[],
  meanOf: (arm: ArmMoments) => number | null | undefined,
): number {
  const units = sum(arms.map(({ n }) => n));
  return units === 0 ? 0 : sum(arms.map((arm) => (arm.n / units) * (meanOf(arm) ?? 0)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
