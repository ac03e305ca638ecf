// Ramps and windows of rules: exact to the millisecond and the bucket, whatever the spans, and known in advance.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile, type Ruleset } from '../../src/engine/compile.ts';
import { evaluate, evaluateAll } from '../../src/engine/evaluate.ts';
import { explain } from '../../src/engine/explain.ts';
import { instantsOf, nextChangeMs, nextInstantMs } from '../../src/engine/next-change.ts';
import { epochMs } from '../../src/engine/operands/instant.ts';
import { CompiledRamp } from '../../src/engine/ramp.ts';
import type { Context } from '../../src/model/context.ts';
import type { RampStep, ServeOutcome } from '../../src/model/definitions.gen.ts';
import type { FlagBody } from '../../src/model/snapshot.ts';
import { type Bodies, snapshotOfBodies } from '../support/snapshot.ts';
import vectors from '../vectors/schedules.json' with { type: 'json' };

const instant = (ms: number) => new Date(ms).toISOString();

describe.each(
  vectors.ramps as { title: string; ramp: RampStep[]; linear?: true; shares: [string, number][] }[],
)('$title', ({ shares, ...outcome }) => {
  test.each(shares)('at %s the share is %i', (at, share) => {
    expect(new CompiledRamp(outcome).shareAt(epochMs(at))).toBe(share);
  });
});

const { salt, flags } = vectors;
const ruleset = compile(snapshotOfBodies({ salt, flags: flags as unknown as NonNullable<Bodies['flags']> }));

test.each(vectors.cases)('$title', ({ flag, context, now, decision, why }) => {
  const metadata = { environment: 'prod', revision: 7, commit: 'c0ffee', ...why };
  const expected = { flag, ...decision, metadata };
  const nowMs = Date.parse(now);
  expect(evaluate(ruleset, flag, context as Context, nowMs)).toStrictEqual(expected);
  expect(evaluateAll(ruleset, context as Context, nowMs, [flag, flag])).toStrictEqual([expected, expected]);
  expect(explain(ruleset, flag, context as Context, nowMs).decision).toStrictEqual(expected);
});

/** Steps at distinct instants of any year that RFC 3339 can write, close together or millennia apart. */
const anyMs = fc.integer({ min: epochMs('0001-01-01T00:00:00Z'), max: epochMs('9999-12-31T23:59:59.999Z') });
const times = fc.oneof(
  fc.uniqueArray(anyMs, { minLength: 2, maxLength: 5 }),
  fc.uniqueArray(fc.integer({ min: 0, max: 20_000 }), { minLength: 2, maxLength: 5 }),
);
const shares = fc.array(fc.nat(10_000), { minLength: 5, maxLength: 5 });
/** Where to look: within the span of the steps, a little around it too. */
const places = fc.array(fc.double({ min: -0.1, max: 1.1, noNaN: true }), { minLength: 1, maxLength: 20 });

function steps(atMs: readonly number[], values: readonly number[]) {
  return [...atMs].sort((a, b) => a - b).map((ms, i) => ({ ms, share: values[i] ?? 0 }));
}

function ramp(each: readonly { ms: number; share: number }[], linear: boolean): ServeOutcome {
  return {
    serve: 'on',
    ramp: each.map(({ ms, share }) => ({ at: instant(ms), percent: share / 100 })),
    ...(linear && { linear }),
  };
}

function placesIn(each: readonly { ms: number }[], at: readonly number[]): number[] {
  const [first, last] = [each[0]?.ms ?? 0, each.at(-1)?.ms ?? 0];
  const around = each.flatMap(({ ms }) => [ms - 1, ms, ms + 1]);
  return [...around, ...at.map((part) => Math.round(first + part * (last - first)))].sort((a, b) => a - b);
}

/** The definition, word for word, in whole numbers of any size. */
function shareByDefinition(each: readonly { ms: number; share: number }[], nowMs: number): number {
  const index = each.findLastIndex(({ ms }) => ms <= nowMs);
  const [step, next] = [each[index], each[index + 1]];
  if (!step) return 0;
  if (!next) return step.share;
  const [rise, span] = [BigInt(next.share - step.share), BigInt(next.ms - step.ms)];
  let share = BigInt(step.share) + (rise * BigInt(nowMs - step.ms)) / span;
  // Division of bigints goes towards zero.
  if ((share - BigInt(step.share)) * span > rise * BigInt(nowMs - step.ms)) share--;
  return Number(share);
}

test('a linear ramp is exact at every millisecond, however far its steps are apart', () => {
  fc.assert(
    fc.property(times, shares, places, (atMs, values, at) => {
      const each = steps(atMs, values);
      const compiled = new CompiledRamp(ramp(each, true));
      for (const nowMs of placesIn(each, at)) {
        expect(compiled.shareAt(nowMs)).toBe(shareByDefinition(each, nowMs));
        expect(compiled.shareAt(nowMs + 0.75)).toBe(shareByDefinition(each, nowMs));
      }
    }),
    { numRuns: 1000, seed: 5 },
  );
});

test('a ramp that only rises never moves a unit out as time goes', () => {
  fc.assert(
    fc.property(times, shares, places, fc.boolean(), (atMs, values, at, linear) => {
      const rising = values.toSorted((a, b) => a - b);
      const each = steps(atMs, rising);
      const compiled = new CompiledRamp(ramp(each, linear));
      const seen = placesIn(each, at).map((nowMs) => compiled.shareAt(nowMs));
      expect(seen).toEqual(seen.toSorted((a, b) => a - b));
      expect(seen.every((share) => Number.isInteger(share) && share >= 0 && share <= 10_000)).toBe(true);
    }),
    { numRuns: 1000, seed: 5 },
  );
});

test('the next change of a ramp is the first millisecond at which its share is another', () => {
  fc.assert(
    fc.property(times, shares, places, fc.boolean(), (atMs, values, at, linear) => {
      const each = steps(atMs, values);
      const compiled = new CompiledRamp(ramp(each, linear));
      for (const nowMs of placesIn(each, at)) {
        const next = compiled.nextChangeMs(nowMs);
        const share = compiled.shareAt(nowMs);
        if (next === undefined) {
          const later = each.filter(({ ms }) => ms > nowMs);
          expect(later.every(({ ms }) => compiled.shareAt(ms) === share)).toBe(true);
          continue;
        }
        expect(next).toBeGreaterThan(nowMs);
        expect(compiled.shareAt(next)).not.toBe(share);
        expect(compiled.shareAt(next - 1)).toBe(share);
      }
    }),
    { numRuns: 1000, seed: 5 },
  );
});

test('of steps within one millisecond the last one counts, and the next change is behind them', () => {
  const at = (fraction: string, percent: number) => ({ at: `2026-12-01T09:00:00.${fraction}Z`, percent });
  const compiled = new CompiledRamp({
    ramp: [at('000', 5), at('0101', 50), at('0102', 70), at('0103', 5), at('020', 6)],
    linear: true,
  });
  const start = epochMs('2026-12-01T09:00:00Z');
  expect([10, 11, 12].map((ms) => compiled.shareAt(start + ms))).toEqual([4590, 500, 511]);
  expect(compiled.nextChangeMs(start + 11)).toBe(start + 12);
  const flat = new CompiledRamp({
    ramp: [at('000', 5), at('0101', 5), at('0102', 50), at('0103', 5), at('020', 6)],
    linear: true,
  });
  expect(flat.nextChangeMs(start)).toBe(start + 12);
});

test('following the next changes passes every share of a linear ramp', () => {
  const compiled = new CompiledRamp({
    ramp: [
      { at: instant(1000), percent: 0.02 },
      { at: instant(1010), percent: 0.05 },
      { at: instant(1011), percent: 0.05 },
      { at: instant(1021), percent: 0.03 },
    ],
    linear: true,
  });
  const seen: [number, number][] = [];
  for (let ms = compiled.nextChangeMs(0); ms !== undefined; ms = compiled.nextChangeMs(ms))
    seen.push([ms, compiled.shareAt(ms)]);
  expect(seen).toEqual([
    [1000, 2],
    [1004, 3],
    [1007, 4],
    [1010, 5],
    [1012, 4],
    [1017, 3],
  ]);
});

describe('a ruleset', () => {
  const t = (text: string) => `2026-12-${text}Z`;
  const ms = (text: string) => epochMs(t(text));
  const of = (bodies: { [key: string]: Partial<FlagBody> }): Ruleset =>
    compile(snapshotOfBodies({ flags: bodies }));
  const step = { serve: 'on', ramp: [{ at: t('05T00:00:00'), percent: 5 }] };
  const rules = [{ from: t('03T00:00:00'), until: t('07T00:00:00'), then: step }];

  test('tells the next instant at which any answer may change, until there is none', () => {
    const changing = of({
      plain: {},
      windowed: { rules },
      everyone: {
        fallthrough: {
          serve: 'on',
          ramp: [
            { at: t('04T00:00:00'), percent: 0 },
            { at: t('06T00:00:00'), percent: 1 },
          ],
        },
      },
      overridden: {
        rules: [{ from: t('02T00:00:00'), then: step }],
        override: { serve: 'on', until: t('08T00:00:00') },
      },
    });
    const seen: string[] = [];
    for (let next = nextChangeMs(changing, 0); next !== undefined; next = nextChangeMs(changing, next))
      seen.push(instant(next));
    const days = ['03', '05', '06', '07', '08'];
    expect(seen).toEqual(days.map((day) => `2026-12-${day}T00:00:00.000Z`));
    expect(nextChangeMs(changing, ms('08T00:00:00'))).toBeUndefined();
  });

  test('names the instants that authors wrote in the order of time, each once, also on the way of a linear ramp', () => {
    const ramp = [
      { at: t('02T00:00:00'), percent: 9 },
      { at: t('06T00:00:00'), percent: 0 },
    ];
    const windows = [
      { from: t('07T00:00:00'), then: step },
      { from: t('03T00:00:00'), until: t('06T00:00:00'), then: { serve: 'on' } },
    ];
    const flags = {
      a: { rules: windows, fallthrough: { serve: 'on', ramp, linear: true as const } },
      b: { override: { serve: 'on', until: t('04T00:00:00') } },
    };
    const changing = of(flags);
    const days = (all: readonly number[]) => all.map((each) => instant(each).slice(8, 10));
    const [a, b] = changing.scheduled.map((flag) => days(instantsOf(flag)));
    expect([a, b]).toEqual([['02', '03', '05', '06', '07'], ['04']]);
    const seen: number[] = [];
    for (let next = nextInstantMs(changing, 0); next !== undefined; next = nextInstantMs(changing, next))
      seen.push(next);
    expect(days(seen)).toEqual(['02', '03', '04', '05', '06', '07']);
  });

  test('expects no change from a flag that is disabled, or that has no schedule', () => {
    expect(nextChangeMs(of({ plain: {}, disabled: { rules, enabled: false } }), 0)).toBeUndefined();
  });
});

test.each([
  [
    'a step of no instant',
    { fallthrough: { serve: 'on', ramp: [{ at: '2026-12-01', percent: 5 }] } },
    '2026-12-01',
  ],
  ['a `from` of no instant', { rules: [{ from: 'soon', then: { serve: 'on' } }] }, 'soon'],
  [
    'steps that go back',
    {
      fallthrough: {
        serve: 'on',
        ramp: [
          { at: instant(2), percent: 5 },
          { at: instant(1), percent: 6 },
        ],
      },
    },
    instant(1),
  ],
])('a snapshot with %s is refused', (_, flag, reason) => {
  expect(() => compile(snapshotOfBodies({ flags: { flag } }))).toThrow(reason);
});

test('an explanation says where a ramp is, what comes next, and whether a rule’s window is open', () => {
  const at = (now: string, flag = 'ramp') =>
    explain(ruleset, flag, { targetingKey: 'grace', country: 'US' }, Date.parse(now)).steps;
  expect(at('2026-12-01T09:00:00Z')[1]).toMatchObject({
    step: 'rule',
    rule: 'US ramp',
    holds: true,
    outcome: {
      kind: 'ramp',
      percent: 10,
      linear: false,
      step: { at: '2026-12-01T09:00:00Z', percent: 10 },
      next: { at: '2026-12-08T09:00:00Z', percent: 40 },
      bucket: 1204,
      ranges: [{ from: 0, to: 1000, variation: 'on' }],
    },
  });
  const last = at('2026-12-08T09:00:00Z').at(-1);
  expect(last).toMatchObject({ outcome: { percent: 40, gives: 'on' } });
  expect(last).not.toHaveProperty('outcome.next');
  expect(at('2026-01-01T00:00:00Z')[1]).not.toHaveProperty('outcome.step');
  expect(at('2026-12-24T00:00:00Z', 'windows').slice(1)).toMatchObject([
    { rule: 'early', holds: false, window: { until: '2026-12-24T00:00:00Z', open: false } },
    { rule: 'holidays', holds: true, window: { from: '2026-12-24T00:00:00Z', open: true } },
  ]);
});
