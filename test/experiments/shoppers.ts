// Seeded shoppers with events before and after their first exposure, for tests that compute the same numbers in another way.
import type { MetricDefinition } from '../../src/model/definitions.gen.ts';
import { START_MS, type Tracked, type Unit } from './world.ts';

const HOUR_MS = 3_600_000;

export const SHOP_METRICS: MetricDefinition[] = [
  { metric: 'purchase', type: 'binary', direction: 'increase', event: 'purchase', window: '7d' },
  {
    ...{ metric: 'order-value', type: 'mean', direction: 'increase', event: 'purchase', value: 'amount' },
    ...{ window: '7d', cap: 0.95 },
  },
  { metric: 'revenue', type: 'count', direction: 'increase', event: 'purchase', value: 'amount', cap: 0.9 },
  { metric: 'sessions', type: 'count', direction: 'increase', event: 'session', window: '3d' },
  { metric: 'seconds', type: 'count', direction: 'decrease', event: 'session', value: 'value', window: '7d' },
  {
    ...{ metric: 'errors', type: 'ratio', direction: 'decrease', window: '7d', margin: 0.2 },
    ...{ numerator: 'checkout-error', denominator: 'session' },
  },
];

/** Numbers in [0, 1) that a seed fixes (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Some of each arm cross over; some events come before the exposure, some after the window, some carry no number. */
export function shoppers(count: number, seed: number): { units: Unit[]; events: Tracked[] } {
  const random = randomOf(seed);
  const units: Unit[] = [];
  const events: Tracked[] = [];
  for (let at = 0; at < count; at++) {
    const arm = random() < 0.5 ? 'off' : 'on';
    const atMs = START_MS + Math.floor(random() * 5 * 24) * HOUR_MS + at;
    const keenness = 0.5 + random() + (arm === 'on' ? 0.15 : 0);
    const unit: Unit = { unit: `shopper-${at}`, arm, atMs };
    if (random() < 0.03) unit.crossedOverMs = atMs + HOUR_MS;
    units.push(unit);
    const sessions = Math.floor(keenness * 8 * random());
    for (let n = 0; n < sessions; n++) {
      const when = atMs + Math.round((random() * 22 - 12) * 24) * HOUR_MS;
      const own = { unit: unit.unit, atMs: when };
      events.push({ ...own, event: 'session', value: Math.round(random() * 6_000) / 10 });
      if (random() < 0.3 * keenness) {
        const amount = random() < 0.05 ? 'free' : Math.round(10 + 90 * random() ** 3 * keenness * 100) / 100;
        events.push({ ...own, event: 'purchase', properties: { amount, country: 'DE' } });
      }
      if (random() < 0.12) events.push({ ...own, event: 'checkout-error' });
    }
  }
  return { units, events };
}
