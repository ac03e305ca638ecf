// The traffic itself: many shoppers at once, each asked for and told of as an app does it.
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../../src/lib/errors.ts';
import type { Answer, App } from './app.ts';
import { shopper, type Tracked } from './shoppers.ts';

export const FLAG = 'one-page-checkout';
export const EXPERIMENT = 'page-layout';

export interface TrafficOptions {
  users: number;
  seed: number;
  rate?: number;
}

/** What has been sent so far. */
export interface Sent {
  users: number;
  events: number;
  /** Units of the experiment, by arm. */
  arms: Map<string, number>;
}

/** Users whose events are told in one call. */
const BATCH = 50;
/** Batches under way. */
const AT_ONCE = 4;

/** Resolves when all are sent. Throws UsageError where nobody of the first takes part: another environment is served, say. */
export async function sendTraffic(
  app: App,
  { users, seed, rate }: TrafficOptions,
  onProgress: (sent: Sent) => void,
): Promise<Sent> {
  const sent: Sent = { users: 0, events: 0, arms: new Map() };
  const startedMs = performance.now();
  let next = 0;
  const work = async () => {
    while (next < users) {
      const first = next;
      next = Math.min(users, first + BATCH);
      if (rate !== undefined) await sleep(startedMs + (first / rate) * 1_000 - performance.now());
      const numbers = Array.from({ length: next - first }, (_, i) => first + i);
      await sendBatch(app, seed, numbers, sent);
      onProgress(sent);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return sent;
}

async function sendBatch(app: App, seed: number, numbers: readonly number[], sent: Sent): Promise<void> {
  const nowMs = Date.now();
  const shoppers = numbers.map((number) => shopper(seed, number));
  const answers = await Promise.all(shoppers.map(({ context }) => app.evaluate(FLAG, context)));
  const events = shoppers.flatMap(({ before, after }, i): Tracked[] => [
    ...before(nowMs),
    ...after(answers[i]?.value === true),
  ]);
  await app.track(events);
  sent.users += numbers.length;
  sent.events += events.length;
  for (const { metadata } of answers) {
    if (metadata.experiment !== EXPERIMENT || metadata.arm === undefined) continue;
    sent.arms.set(metadata.arm, (sent.arms.get(metadata.arm) ?? 0) + 1);
  }
  // Half of the customers take part: that nobody of fifty does is no accident.
  if (sent.arms.size === 0 && sent.users >= BATCH) throw nobody(answers[0]);
}

function nobody(answer: Answer | undefined): UsageError {
  const where = answer?.metadata.environment ?? 'this environment';
  return new UsageError(
    `nobody takes part in ${EXPERIMENT} in ${where}: the relay must serve the sample project’s prod, with the ` +
      'experiment running. `npm start` does.',
  );
}
