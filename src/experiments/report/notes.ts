// Reasons and cautions of all metrics and arms, each said once with all that it is about.
import type { Caution, Reason } from '../../stats/computed.ts';
import type { MetricResult } from '../analysis.ts';
import { listed, name, type Sentence, say } from './sentence.ts';
import { CAUTIONS, REASONS } from './words.ts';

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
