// Long work in short slices, so that the event loop goes on answering requests in between.
import { setImmediate as turn } from 'node:timers/promises';

/**
 * Runs a generator to its end and returns what it returns. After each slice of about `sliceMs` milliseconds the event
 * loop gets a turn; a generator should therefore yield often.
 */
export async function inSlices<Result>(work: Iterator<void, Result>, sliceMs = 2): Promise<Result> {
  for (;;) {
    const end = performance.now() + sliceMs;
    do {
      const step = work.next();
      if (step.done) return step.value;
    } while (performance.now() < end);
    await turn();
  }
}
