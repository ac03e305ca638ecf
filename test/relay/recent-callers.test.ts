// Callers who ask for all flags again are answered from what was decided for them, as long as it holds.
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/engine/compile.ts';
import { evaluateAll } from '../../src/engine/evaluate.ts';
import type { FlagBody } from '../../src/model/snapshot.ts';
import { RecentCallers } from '../../src/relay/recent-callers.ts';
import { flagBody } from '../support/snapshot.ts';
import { snapshotAt } from './support.ts';

const START = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();

const split = flagBody({ fallthrough: { serve: 'on', percent: 50 } });

function rulesetOf(flags: { [key: string]: FlagBody }) {
  return compile(snapshotAt(1, { flags }));
}

function bodyOf(user: string) {
  const context = { targetingKey: user };
  return [JSON.stringify({ context }), context] as const;
}

describe('RecentCallers', () => {
  test('who asks again is given the very list that was decided before', () => {
    const ruleset = rulesetOf({ split });
    const callers = new RecentCallers(ruleset);
    const [alice, bob] = ['alice', 'bob'].map((user) => callers.decideAll(...bodyOf(user), START));
    expect(alice).toEqual(evaluateAll(ruleset, { targetingKey: 'alice' }, START));
    expect(callers.decideAll(...bodyOf('alice'), START + HOUR)).toBe(alice);
    expect(callers.decideAll(...bodyOf('bob'), START + HOUR)).toBe(bob);
    expect(bob).not.toBe(alice);
  });

  test('keeps those who asked last, as many as it may', () => {
    const callers = new RecentCallers(rulesetOf({ split }));
    const ask = (n: number) => callers.decideAll(...bodyOf(`user-${n}`), START);
    const first = Array.from({ length: 1_000 }, (_, n) => ask(n));
    expect(ask(0)).toBe(first[0]);
    ask(1_000);
    expect(ask(0)).toBe(first[0]);
    expect(ask(2)).toBe(first[2]);
    expect(ask(1)).not.toBe(first[1]);
  });

  test('a long body is not kept', () => {
    const callers = new RecentCallers(rulesetOf({ split }));
    const [, context] = bodyOf('alice');
    const body = JSON.stringify({ context, more: 'x'.repeat(5_000) });
    expect(callers.decideAll(body, context, START)).not.toBe(callers.decideAll(body, context, START));
  });

  test('what time changes is decided anew at that very millisecond, whichever way the clock goes', () => {
    const at = START + HOUR;
    const ramp = [{ at: iso(at), percent: 100 }];
    const override = { serve: 'on', until: iso(at + HOUR) };
    const ruleset = rulesetOf({
      split,
      ramped: flagBody({ fallthrough: { serve: 'on', ramp } }),
      overridden: { ...split, override },
    });
    const callers = new RecentCallers(ruleset);
    const [body, context] = bodyOf('alice');
    const instants = [
      START,
      at - 1,
      at,
      at + 1,
      at + 1_500,
      at + HOUR - 1,
      at + HOUR,
      at + 3 * HOUR,
      at - 5,
      START - HOUR,
    ];
    for (const nowMs of instants) {
      for (const _ of [1, 2]) {
        expect(callers.decideAll(body, context, nowMs)).toEqual(evaluateAll(ruleset, context, nowMs));
      }
    }
    const kept = callers.decideAll(body, context, START);
    expect(callers.decideAll(body, context, at - 1)).toBe(kept);
    expect(callers.decideAll(body, context, at)).not.toBe(kept);
  });

  test('a linear ramp is followed through each of its shares', () => {
    const ramp = [
      { at: iso(START), percent: 0 },
      { at: iso(START + 20_000), percent: 100 },
    ];
    const ruleset = rulesetOf({
      ramped: flagBody({ fallthrough: { serve: 'on', ramp, linear: true } }),
    });
    const callers = new RecentCallers(ruleset);
    for (let nowMs = START - 3; nowMs < START + 20_010; nowMs++) {
      const [body, context] = bodyOf(`user-${nowMs % 7}`);
      const [decision] = callers.decideAll(body, context, nowMs);
      expect(decision).toBe(evaluateAll(ruleset, context, nowMs)[0]);
    }
  });

  test('an environment without flags decides nothing', () => {
    const callers = new RecentCallers(rulesetOf({}));
    expect(callers.decideAll(...bodyOf('alice'), START)).toEqual([]);
  });
});
