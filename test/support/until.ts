// Waits for a condition, with a deadline.
import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves when the condition holds; throws when it does not within the deadline. */
export async function until(condition: () => boolean | Promise<boolean>, deadlineMs = 20_000): Promise<void> {
  const giveUpAt = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error(`not within ${deadlineMs} ms: ${condition}`);
    await sleep(10);
  }
}
