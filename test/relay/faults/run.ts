// Makes tests of a group's rows. They run beside each other, since most of their time is waiting.
import { describe, test } from 'vitest';
import type { FaultGroup } from './fault.ts';

export function testGroup({ title, rows }: FaultGroup): void {
  describe.concurrent(title, () => {
    for (const { name, unplayable, play } of rows) {
      const reason = unplayable?.();
      // Skipped tests are counted and named by the runner; the reason stands in the name.
      if (reason) test.skip(`${name} (${reason})`, play);
      else test(`I8: ${name}`, play);
    }
  });
}
