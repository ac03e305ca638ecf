// Waits for a condition or a promise, with a deadline that only what never ends can pass.
import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves when the condition holds; throws when it does not within the deadline. */
export async function until(condition: () => boolean | Promise<boolean>, deadlineMs = 20_000): Promise<void> {
  const giveUpAt = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error(`not within ${deadlineMs} ms: ${condition}`);
    await sleep(10);
  }
}

/** What the promise resolves to; throws when it does not within the deadline. */
export async function within<T>(deadlineMs: number, promise: Promise<T>): Promise<T> {
  const { promise: overdue, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`not within ${deadlineMs} ms`)), deadlineMs);
  return Promise.race([promise, overdue]).finally(() => clearTimeout(timer));
}
