// Synthetic shoppers of the sample project: who they are, what they did before, and what the single page does to them.
import { createHash } from 'node:crypto';

/** What is true of them all, so that what an analysis says can be held against it. Lifts are relative: 0.15 is +15 %. */
export const TRUTH = {
  purchase: { baseline: 0.2, lift: 0.15 },
  'order-value': { baseline: 60, lift: 0 },
  'checkout-error': { baseline: 0.15, lift: -0.3 },
} as const;

/** Two kinds, so that what somebody did before says something about what they do next. Rates are of the baseline. */
const KINDS = [
  { share: 0.2, starts: 0.9, buys: 0.7 },
  { share: 0.8, starts: 0.3, buys: 0.075 },
] as const;

const DAY_MS = 86_400_000;
/** History reaches so far back: within what the sample's `cuped` covers. */
const HISTORY_DAYS = 13;
const SPREAD = 0.3;

/** What an app tells the relay, as `POST /v1/track` takes it. */
export interface Tracked {
  id: string;
  event: string;
  context: { targetingKey: string };
  properties?: { amount: number };
  at?: string;
}

export interface Shopper {
  /** What evaluate calls are asked with: a customer, so that the experiment's rule holds. */
  context: { targetingKey: string; plan: string; country: string };
  /** What they did in the two weeks before `nowMs`. */
  before(nowMs: number): Tracked[];
  /** What they do once they have seen the checkout: on a single page, or in three steps. */
  after(onSinglePage: boolean): Tracked[];
}

/** The same shopper for the same seed and number, whatever the order in which they are asked for. */
export function shopper(seed: number, number: number): Shopper {
  const name = `shopper-${seed}-${number}`;
  const random = randomFrom(name);
  const [regular, casual] = KINDS;
  const kind = random() < regular.share ? regular : casual;
  const country = ['US', 'CA', 'DE', 'FR'][Math.floor(random() * 4)] as string;
  // The mean of a lognormal is exp(mu + sigma²/2); amounts spread by person and by order.
  const usualAmount = (TRUTH['order-value'].baseline * normalFactor(random)) / Math.exp(SPREAD ** 2);
  const visit = (when: string, page: Page, at?: string): Tracked[] => {
    const chance = randomFrom(`${name} ${when}`);
    // All are drawn, so that one that happens or not shifts no other.
    const [starts, buys, fails, factor] = [chance(), chance(), chance(), normalFactor(chance)];
    // Before, everyone started once: so whoever counts events finds them all, with the rates that they have.
    const startsAtAll = at === undefined ? kind.starts : 1;
    if (starts >= startsAtAll) return [];
    const event = (what: string, properties?: Tracked['properties']): Tracked => ({
      id: `${name}-${when}-${what}`,
      event: what,
      context: { targetingKey: name },
      ...(properties && { properties }),
      ...(at !== undefined && { at }),
    });
    const amount = Math.round(usualAmount * factor * 100) / 100;
    return [
      event('checkout-started'),
      ...(fails < page.errors ? [event('checkout-error')] : []),
      ...(buys < (kind.buys / startsAtAll) * page.purchases ? [event('purchase', { amount })] : []),
    ];
  };
  return {
    context: { targetingKey: name, plan: 'pro', country },
    before: (nowMs) => {
      const daysAgo = 0.1 + randomFrom(`${name} day`)() * HISTORY_DAYS;
      return visit('before', THREE_STEPS, new Date(nowMs - daysAgo * DAY_MS).toISOString());
    },
    after: (onSinglePage) => visit('after', onSinglePage ? SINGLE_PAGE : THREE_STEPS),
  };
}

interface Page {
  /** A factor on the chance that somebody who starts buys. */
  purchases: number;
  /** The chance that a checkout that was started has an error. */
  errors: number;
}

const THREE_STEPS: Page = { purchases: 1, errors: TRUTH['checkout-error'].baseline };
const SINGLE_PAGE: Page = {
  purchases: 1 + TRUTH.purchase.lift,
  errors: TRUTH['checkout-error'].baseline * (1 + TRUTH['checkout-error'].lift),
};

/** Numbers in [0, 1): mulberry32, begun with the first 32 bits of the text's SHA-256. */
function randomFrom(text: string): () => number {
  let state = createHash('sha256').update(text).digest().readUInt32BE();
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Lognormal with the median 1 (Box–Muller). */
function normalFactor(random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.exp(SPREAD * normal);
}
