// A ruleset takes segments over from the one before, and lets go of that one all the same.
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { compile, type Ruleset } from '../../src/engine/compile.ts';
import { evaluateAll } from '../../src/engine/evaluate.ts';
import { type Bodies, snapshotOfBodies } from '../support/snapshot.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const SWAPS = 20;

/** Two segments that name a third; they change by turns, so that each is always taken over once. */
const bodiesAt = (swap: number): Bodies => ({
  flags: Object.fromEntries(
    ['even', 'odd'].map((segment) => [
      segment,
      { rules: [{ if: { segment }, then: { serve: 'on' } }], fallthrough: { experiment: 'running' } },
    ]),
  ),
  segments: {
    base: { include: ['alice'] },
    even: { if: { or: [{ segment: 'base' }, { not: { segment: 'base' } }] }, include: [`${swap >> 1}`] },
    odd: { if: { and: [{ segment: 'base' }] }, include: [`${(swap + 1) >> 1}`] },
  },
  experiments: { running: { flag: 'even' } },
});

test('over a long series of snapshots only the newest ruleset is kept', async () => {
  const gone: WeakRef<object>[] = [];
  let served: Ruleset | undefined;
  for (let swap = 0; swap < SWAPS; swap++) {
    if (served) gone.push(...[served, served.flags, served.segments, served.changes].map(weakly));
    served = compile(snapshotOfBodies(bodiesAt(swap)), { proven: served ?? 'nothing' });
    evaluateAll(served, { targetingKey: 'alice' }, 0);
  }
  // A WeakRef holds until its turn of the event loop ends.
  await turn();
  collect();
  expect(gone).toHaveLength(4 * (SWAPS - 1));
  // What was there a moment ago may still be on the stack.
  expect(gone.slice(0, -4).filter((each) => each.deref() !== undefined)).toEqual([]);
  expect(served?.flags.size).toBe(2);
});

function weakly(object: object): WeakRef<object> {
  return new WeakRef(object);
}
