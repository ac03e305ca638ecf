// Compares the conversion rates of two arms.
import { agreeing, type Comparison, finiteOrNull, lackingSide, notComputable, pValue } from './comparison.ts';
import type { Caution, Reason } from './computed.ts';
import { type Count, checkRate, rateDifference } from './count.ts';
import { normalQuantile, normalTail } from './distributions/normal.ts';
import { checkAlpha } from './input.ts';
import { differenceInterval } from './score/difference.ts';
import { ratioInterval } from './score/ratio.ts';

export interface ProportionComparison extends Comparison {
  /** Pearson's statistic, without Yates' correction: the square of `statistic`. */
  chiSquare: number | null;
  /** Of the four cells. Below 5 the comparison has the caution `low counts`. */
  minExpectedCount: number | null;
}

/** Below it the chi-square approximation is doubtful (Cochran 1954). */
const LOWEST_EXPECTED_COUNT = 5;

/**
 * Pearson's chi-square without Yates' correction, as z = d / sqrt(p q (1/nc + 1/nt)) with the pooled rate p; Mee's score interval
 * of the difference, Koopman's of the lift. All three are the same test, so none contradicts another (Pearson 1900; Mee 1984;
 * Koopman 1984). `alpha` is two-sided. `standardError` is the unpooled one, null where it would be 0.
 *
 * Without a p: `no data` (of a side, in `lacking`), `no conversions` and `all converted` (these two with intervals).
 * Cautions: `low counts`, `zero baseline` (no lift; its interval has no upper end).
 * @throws InvalidInputError `alpha-out-of-range`, and as checkRate
 */
export function compareProportions(control: Count, treatment: Count, alpha: number): ProportionComparison {
  checkAlpha(alpha);
  checkRate(control, 'the control');
  checkRate(treatment, 'the treatment');
  const empty = lackingSide(control, treatment, 1);
  const none = { chiSquare: null, minExpectedCount: null };
  if (empty) return { ...notComputable('no data', { lacking: empty }), ...none };
  const [pc, pt] = [control.conversions / control.n, treatment.conversions / treatment.n];
  const difference = rateDifference(control, treatment);
  const statistic = pooledZ(control, treatment);
  const p = statistic === null ? null : pValue(2 * normalTail(Math.abs(statistic)));
  const minExpectedCount = lowestExpectedCount(control, treatment);
  const cautions: Caution[] = [
    ...(pc === 0 ? ['zero baseline' as const] : []),
    ...(minExpectedCount < LOWEST_EXPECTED_COUNT ? ['low counts' as const] : []),
  ];
  return {
    difference,
    standardError: Math.sqrt((pc * (1 - pc)) / control.n + (pt * (1 - pt)) / treatment.n) || null,
    statistic,
    degreesOfFreedom: null,
    p,
    lift: finiteOrNull(difference / pc),
    ...scoreIntervals(control, treatment, alpha, p !== null && p < alpha ? Math.sign(difference) : 0),
    ...(statistic === null ? { reason: sameForAll(control) } : {}),
    cautions,
    chiSquare: statistic === null ? null : statistic ** 2,
    minExpectedCount,
  };
}

/** Pearson's z, positive where the treatment converts more; null where neither converted, or all did. Both n >= 1. */
export function pooledZ(control: Count, treatment: Count): number | null {
  const n = control.n + treatment.n;
  const pooled = (control.conversions + treatment.conversions) / n;
  const others = (control.n - control.conversions + (treatment.n - treatment.conversions)) / n;
  if (pooled === 0 || others === 0) return null;
  return rateDifference(control, treatment) / Math.sqrt(pooled * others * (1 / control.n + 1 / treatment.n));
}

/** Why there is no z. */
export function sameForAll(control: Count): Reason {
  return control.conversions === 0 ? 'no conversions' : 'all converted';
}

function scoreIntervals(
  control: Count,
  treatment: Count,
  alpha: number,
  side: number,
): Pick<Comparison, 'interval' | 'liftInterval' | 'liftRegion'> {
  const z = criticalZ(alpha);
  const pc = control.conversions / control.n;
  const difference = rateDifference(control, treatment);
  const lift = pc === 0 ? Number.POSITIVE_INFINITY : difference / pc;
  const [lower, upper] = differenceInterval(control, treatment, z);
  const [least, most] = ratioInterval(control, treatment, z);
  return {
    interval: agreeing(lower, upper, difference, side),
    liftInterval: agreeing(least - 1, most - 1, lift, side),
    liftRegion: 'interval',
  };
}

/** Of a two-sided alpha, in (0, 1). */
function criticalZ(alpha: number): number {
  return -normalQuantile(Math.max(alpha / 2, Number.MIN_VALUE));
}

function lowestExpectedCount(control: Count, treatment: Count): number {
  const converted = control.conversions + treatment.conversions;
  const others = control.n + treatment.n - converted;
  return (Math.min(control.n, treatment.n) / (control.n + treatment.n)) * Math.min(converted, others);
}
