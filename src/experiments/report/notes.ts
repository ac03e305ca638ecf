// Reasons and cautions in words: each is said once, with all metrics and arms that it is about.
import type { Caution, Reason } from '../../stats/computed.ts';
import type { MetricResult } from '../analysis.ts';
import { listed, name, type Sentence, say } from './sentence.ts';

/** Why there is no number, behind `not computable: …`. */
export const REASONS: { readonly [Each in Reason]: string } = {
  'no data': 'an arm has no data',
  'n=1': 'an arm has a single unit, from which no spread can be told',
  'zero variance': 'all units of an arm have the same value, from which no uncertainty can be told',
  'zero baseline': 'the baseline is zero, and nothing can be told relative to it',
  'zero denominator': 'the denominator is zero',
  'fewer than two arms': 'there are not two arms with units to compare',
  'no conversions': 'no unit converted',
  'all converted': 'every unit converted',
  'zero adjusted variance': 'the covariate explains the metric wholly, and no uncertainty is left to be told',
  'out of range': 'the numbers are too large to be computed with',
  'not attainable': 'no sample size attains what was asked for',
};

/** What a reader must know beside the numbers. */
export const CAUTIONS: { readonly [Each in Caution]: string } = {
  'low counts': 'few conversions, so p-value and interval are approximate',
  'no conversions': 'an arm has no conversions at all',
  'all converted': 'every unit of an arm converted',
  'zero baseline': 'the baseline is zero: there is no lift, and the absolute difference stands',
  'negative baseline': 'the baseline is negative: the lift is relative to its absolute value',
  'unbounded lift': 'the baseline is too close to zero for its noise: the lift has no bound',
  'variance clamped to zero': 'rounding gave a variance below zero, which counts as zero',
  'covariate missing': 'what an arm did before the experiment is not known, so CUPED adjusted nothing',
  'constant covariate': 'all units did the same before the experiment, so CUPED adjusted nothing',
  'traffic in an arm of weight 0': 'an arm of weight 0 has units',
  'no new information': 'nothing was added since the look before',
  overrun: 'there are more units than were planned',
  'unstable denominator': 'the denominator is close to zero for its noise: the ratio is unstable',
};

/** `not computable: n=1`. Also of a reason that this version does not know. */
export function notComputable(reason: Reason | undefined): string {
  return reason === undefined ? 'not computable' : `not computable: ${reason}`;
}

interface Place {
  metric: string;
  arm: string;
}

/** Reasons first, both in the order of their tables. */
export function notesOf(results: readonly MetricResult[]): Sentence[] {
  const reasons = new Map<Reason, Place[]>();
  const cautions = new Map<Caution, Place[]>();
  for (const { metric, arms } of results) {
    for (const { arm, reason, cautions: own } of arms) {
      if (reason !== undefined) push(reasons, reason, { metric, arm });
      for (const caution of new Set(own)) push(cautions, caution, { metric, arm });
    }
  }
  return [
    ...sentences(reasons, REASONS, (reason) => `not computable (${reason})`),
    ...sentences(cautions, CAUTIONS, (caution) => caution),
  ];
}

function push<Kind>(places: Map<Kind, Place[]>, kind: Kind, place: Place): void {
  const known = places.get(kind);
  if (known) known.push(place);
  else places.set(kind, [place]);
}

/** Kinds that a newer version has kept come last, by their own word. */
function sentences<Kind extends string>(
  places: ReadonlyMap<Kind, readonly Place[]>,
  words: Readonly<Record<Kind, string>>,
  title: (kind: Kind) => string,
): Sentence[] {
  const order = [...new Set([...(Object.keys(words) as Kind[]), ...places.keys()])];
  return order.flatMap((kind) => {
    const where = places.get(kind);
    if (!where) return [];
    const explained = words[kind] === undefined ? title(kind) : `${title(kind)}: ${words[kind]}`;
    return [say`${placesText(where)}: ${explained}`];
  });
}

/** `purchase (on, blue) and order-value (on)`. */
function placesText(places: readonly Place[]): Sentence {
  const metrics = Map.groupBy(places, ({ metric }) => metric);
  return listed(
    Array.from(metrics, ([metric, own]) => say`${name(metric)} (${listed(own.map(({ arm }) => name(arm)))})`),
  );
}
