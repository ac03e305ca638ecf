// Analyses to be reported: every kind of verdict, reason and caution, with as many arms and metrics as are wanted.
import type {
  Analysis,
  ComparisonResult,
  CoursePoint,
  GuardrailResult,
  MetricResult,
  Verdict,
} from '../../../src/experiments/analysis.ts';
import type { Interval } from '../../../src/stats/computed.ts';
import { adjustedP, plannedBounds, zOf } from '../../../src/stats/sequential/plan.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const START_MS = Date.parse('2026-11-09T09:00:00Z');

export function between(lower: number | null, upper: number | null): Interval {
  return { lower, upper };
}

export function comparison(arm: string, parts: Partial<ComparisonResult> = {}): ComparisonResult {
  return {
    arm,
    units: 84_300,
    value: 0.106251,
    difference: 0.004147,
    interval: between(0.001229, 0.007066),
    lift: 0.040619,
    liftInterval: between(0.011871, 0.070185),
    p: 0.005341,
    adjustedP: 0.005341,
    isSignificant: true,
    cautions: [],
    ...parts,
  };
}

/** Nothing that could be computed, for a reason. */
export function without(arm: string, parts: Partial<ComparisonResult> = {}): ComparisonResult {
  const none = { difference: null, interval: null, lift: null, liftInterval: null, p: null, adjustedP: null };
  return comparison(arm, { value: null, ...none, isSignificant: false, ...parts });
}

export function metric(key: string, parts: Partial<MetricResult> = {}): MetricResult {
  return {
    metric: key,
    type: 'binary',
    direction: 'increase',
    baseline: { arm: 'off', units: 84_120, value: 0.102104 },
    arms: [comparison('on')],
    method: [
      `the share of units with at least one \`${key}\``,
      'events in the 7d after the first exposure count',
      'Pearson’s chi-square, score intervals (Mee, Koopman)',
    ],
    confidence: 0.95,
    ...parts,
  };
}

export function guardrail(
  key: string,
  verdict: 'harm' | 'safe' | 'inconclusive',
  parts: Partial<GuardrailResult> = {},
): GuardrailResult {
  const lift = { harm: 0.083, safe: -0.004, inconclusive: 0.006 }[verdict];
  const half = verdict === 'safe' ? 0.009 : 0.031;
  const p = { harm: [0.00002, 0.97], safe: [0.77, 0.0053], inconclusive: [0.38, 0.42] }[verdict];
  const [pDeterioration = null, pNonInferiority = null] = p;
  const arm = comparison('on', {
    value: 0.021 * (1 + lift),
    difference: 0.021 * lift,
    interval: between(0.021 * (lift - half), 0.021 * (lift + half)),
    lift,
    liftInterval: between(lift - half, lift + half),
    p: { harm: 0.00004, safe: 0.46, inconclusive: 0.75 }[verdict],
    adjustedP: null,
    isSignificant: false,
  });
  return {
    ...metric(key, {
      type: 'ratio',
      direction: 'decrease',
      baseline: { arm: 'off', units: 84_120, value: 0.021 },
      arms: [arm],
      method: [
        '`error` per `session`',
        'events in the 7d after the first exposure count',
        'ratio of sums per unit: delta method, Welch’s t, Fieller’s interval of the lift',
      ],
      confidence: 0.9,
    }),
    margin: 0.01,
    verdicts: [{ arm: 'on', verdict, pDeterioration, pNonInferiority }],
    ...parts,
  };
}

/** One point a day, the interval narrower from day to day around a lift that settles. */
export function course(days: number, lift = 0.041): CoursePoint[] {
  return Array.from({ length: days }, (_, index) => {
    const half = 0.109 / Math.sqrt(index + 1);
    const here = lift + 0.03 * Math.cos(index * 1.7) * (1 / (index + 1));
    return {
      at: new Date(START_MS + (index + 1) * DAY_MS).toISOString(),
      units: 12_030 * (index + 1),
      lift: here,
      liftInterval: between(here - half, here + half),
      difference: here * 0.1021,
      interval: between((here - half) * 0.1021, (here + half) * 0.1021),
    };
  });
}

/** A finished experiment whose treatment is better, with a secondary metric and a guardrail that is safe. */
export function analysis(parts: Partial<Analysis> = {}): Analysis {
  return {
    project: 'acme/shop',
    environment: 'prod',
    experiment: 'page-layout',
    at: '2026-11-23T09:00:00.000Z',
    revision: 41,
    status: 'running',
    hypothesis: 'A single page raises completed purchases.',
    owner: 'growth',
    plan: {
      alpha: 0.05,
      power: 0.8,
      minimumEffect: 0.04,
      unitsPerArm: 84_000,
      end: null,
      sequential: null,
      cupedDays: null,
      recordedAt: '2026-11-09T09:00:00.000Z',
      baseline: 0.10623,
      scale: 'units',
    },
    progress: {
      firstExposure: '2026-11-09T09:00:00.000Z',
      days: 14,
      units: 168_420,
      unitsPerArm: 84_120,
      look: 1,
      isFinal: true,
      fraction: 1,
      daysLeft: 0,
    },
    split: {
      arms: [
        { arm: 'off', weight: 50, units: 84_120, expected: 84_210, crossedOver: 7 },
        { arm: 'on', weight: 50, units: 84_300, expected: 84_210, crossedOver: 5 },
      ],
      p: 0.66,
      alwaysValidP: 1,
      isBroken: false,
    },
    verdict: { kind: 'better', arm: 'on' },
    primary: metric('purchase'),
    secondary: [orderValue()],
    guardrails: [guardrail('checkout-error', 'safe')],
    course: course(14),
    looks: [],
    decidedAt: null,
    notes: [
      '12 units saw more than one arm: left out of every metric, and counted for the split in the arm that came first.',
    ],
    ...parts,
  };
}

function orderValue(): MetricResult {
  return metric('order-value', {
    type: 'mean',
    baseline: { arm: 'off', units: 8_589, value: 40.21 },
    arms: [
      comparison('on', {
        units: 8_957,
        value: 41.02,
        difference: 0.81,
        interval: between(-0.38, 2),
        lift: 0.0201,
        liftInterval: between(-0.0094, 0.0502),
        p: 0.181,
        adjustedP: 0.181,
        isSignificant: false,
        falseDiscoveryP: 0.181,
      }),
    ],
    method: [
      'the average `amount` of each unit’s `purchase`; units without one are left out',
      'events in the 7d after the first exposure count',
      'values above the 0.999 quantile of all arms, 612, count as that: 18 units',
      'Welch’s t, Fieller’s interval of the lift',
    ],
  });
}

/** Before its time an arm has numbers, but nothing that could be taken for a result. */
const HIDDEN = { interval: null, liftInterval: null, p: null, adjustedP: null, isSignificant: false };

const UNTOLD = { arm: 'on', verdict: 'inconclusive', pDeterioration: null, pNonInferiority: null } as const;

export function tooEarly(): Analysis {
  const base = analysis();
  const inconclusive = guardrail('checkout-error', 'inconclusive');
  const hidden = (result: MetricResult): MetricResult => ({
    ...result,
    arms: result.arms.map((arm) => ({ ...arm, ...HIDDEN })),
  });
  return analysis({
    verdict: { kind: 'too-early', unitsPerArm: 31_200, plannedPerArm: 84_000 },
    progress: {
      ...base.progress,
      units: 62_510,
      unitsPerArm: 31_200,
      days: 5,
      look: null,
      isFinal: false,
      fraction: 0.371,
      daysLeft: 8.4,
    },
    primary: hidden(base.primary),
    secondary: base.secondary.map(hidden),
    guardrails: [{ ...inconclusive, ...hidden(inconclusive), verdicts: [UNTOLD] }],
    course: course(5).map((point) => ({ ...point, interval: null, liftInterval: null })),
  });
}

export function brokenSplit(): Analysis {
  return analysis({
    verdict: { kind: 'broken-split' },
    split: {
      arms: [
        { arm: 'off', weight: 50, units: 84_120, expected: 82_210, crossedOver: 0 },
        { arm: 'on', weight: 50, units: 80_300, expected: 82_210, crossedOver: 0 },
      ],
      p: 4.5e-21,
      alwaysValidP: 2.8e-18,
      isBroken: true,
    },
  });
}

/** Look 3 of 5, at which the boundary was crossed. */
export function sequential(): Analysis {
  const base = analysis();
  const [bound = null] = plannedBounds(5, 0.05, 'pocock');
  const look = (number: number, p: number) => {
    const z = zOf(p);
    return {
      look: number,
      at: `2026-11-${String(11 + number * 4)}T09:00:00.000Z`,
      fraction: number / 5 + 0.0015,
      units: number * 56_140,
      information: number / 5 + 0.0015,
      isFinal: false,
      arms: [{ arm: 'on', p, z, bound, adjustedP: adjustedP(5, z, 'pocock'), isCrossed: z >= (bound ?? 0) }],
    };
  };
  const looks = [look(1, 0.418), look(2, 0.0524), look(3, base.primary.arms[0]?.p ?? 1)];
  const ofPlan = (metric: MetricResult): MetricResult => ({
    ...metric,
    arms: metric.arms.map((arm) => {
      const own = adjustedP(5, zOf(arm.p ?? 1), 'pocock');
      return { ...arm, adjustedP: own, ...('falseDiscoveryP' in arm && { falseDiscoveryP: own }) };
    }),
  });
  return analysis({
    plan: { ...base.plan, unitsPerArm: 140_000, sequential: { looks: 5, boundary: 'pocock' } },
    progress: { ...base.progress, look: 3, isFinal: true, fraction: 0.6015 },
    primary: ofPlan(base.primary),
    secondary: base.secondary.map(ofPlan),
    looks,
    decidedAt: '2026-11-23T09:00:00.000Z',
  });
}

/** `count` treatment arms and `metrics` secondary metrics. */
export function large(count: number, metrics: number): Analysis {
  const names = Array.from({ length: count }, (_, index) => `layout-${index + 1}`);
  const arms = (seed: number) =>
    names.map((arm, index) => {
      const lift = 0.05 * Math.sin(seed * 2.3 + index);
      return comparison(arm, {
        value: 0.102104 * (1 + lift),
        difference: 0.102104 * lift,
        interval: between(0.102104 * (lift - 0.03), 0.102104 * (lift + 0.03)),
        lift,
        liftInterval: between(lift - 0.03, lift + 0.03),
        p: 0.012 * (index + 1),
        adjustedP: Math.min(1, 0.012 * (index + 1) * metrics),
        isSignificant: Math.abs(lift) > 0.03 && index === 0,
      });
    });
  return analysis({
    verdict: { kind: 'no-difference' },
    primary: metric('purchase', { arms: arms(0) }),
    secondary: Array.from({ length: metrics }, (_, index) =>
      metric(`metric-${index + 1}`, { arms: arms(index + 1) }),
    ),
    guardrails: [],
    split: {
      arms: ['off', ...names].map((arm) => ({
        arm,
        weight: 1,
        units: 84_000,
        expected: 84_000,
        crossedOver: 0,
      })),
      p: 0.5,
      alwaysValidP: 1,
      isBroken: false,
    },
  });
}

export function verdict(of: Verdict, parts: Partial<Analysis> = {}): Analysis {
  return analysis({ verdict: of, ...parts });
}
