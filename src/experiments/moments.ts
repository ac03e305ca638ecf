// A metric's moments per arm, as the database reduced them.
import type { Queryable } from '../db/pool.ts';
import type { CovariateMoments } from '../stats/cuped.ts';
import type { RatioMoments } from '../stats/ratios.ts';
import { type MetricQuestion, metricStatement } from './metric-statement.ts';
import type { Scope } from './scope.ts';

export interface ArmMoments {
  arm: string;
  /** Units that count: all that are measured, and for a mean those with a value. */
  n: number;
  /** Of a binary metric: units with at least one event. */
  positive: number;
  measured: { mean: number | null; variance: number | null };
  /** A ratio's denominator, or the covariate; null where the metric has neither. */
  other: { mean: number | null; variance: number | null } | null;
  covariance: number | null;
  /** Units whose value was above the cap. */
  capped: number;
  /** Units that have a value now, and none from before. */
  withoutCovariate: number;
}

export interface MetricMoments {
  /** In the order asked. */
  arms: ArmMoments[];
  /** The value that winsorising cut at, and that of the denominator or covariate; null where nothing is winsorised. */
  cap: number | null;
  otherCap: number | null;
}

interface Row {
  arm: string;
  n: number;
  positive: number;
  yMean: number;
  yVariance: number | null;
  xMean: number | null;
  xVariance: number | null;
  covariance: number | null;
  cap: number | null;
  otherCap: number | null;
  capped: number;
  lacksX: number;
}

/** Runs the metric's statement. An arm without units has n = 0. */
export async function readMoments(
  connection: Queryable,
  scope: Scope,
  question: MetricQuestion,
): Promise<MetricMoments> {
  const { text, values } = metricStatement(scope, question);
  const { rows } = await connection.query<Row>(text, values);
  const hasOther = question.metric.type === 'ratio' || question.covariateDays > 0;
  return {
    arms: question.arms.map(({ arm }) =>
      armMoments(
        arm,
        rows.find((row) => row.arm === arm),
        hasOther,
      ),
    ),
    cap: rows[0]?.cap ?? null,
    otherCap: rows[0]?.otherCap ?? null,
  };
}

function armMoments(arm: string, row: Row | undefined, hasOther: boolean): ArmMoments {
  const hasX = hasOther && row?.xMean !== null;
  return {
    arm,
    n: row?.n ?? 0,
    positive: row?.positive ?? 0,
    measured: { mean: row?.yMean ?? null, variance: row?.yVariance ?? null },
    other: hasX ? { mean: row?.xMean ?? null, variance: row?.xVariance ?? null } : null,
    covariance: hasX ? (row?.covariance ?? null) : null,
    capped: row?.capped ?? 0,
    withoutCovariate: hasOther ? (row?.lacksX ?? 0) : 0,
  };
}

export function covariateMoments({ n, measured, other, covariance }: ArmMoments): CovariateMoments {
  return { n, ...measured, covariate: other, covariance };
}

export function ratioMoments({ n, measured, other, covariance }: ArmMoments): RatioMoments {
  return { n, numerator: measured, denominator: other ?? { mean: null, variance: null }, covariance };
}
