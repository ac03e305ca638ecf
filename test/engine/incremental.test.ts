// Rulesets that are compiled from the one before, and only as far as they are asked, answer as those that are compiled whole.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile, type Ruleset } from '../../src/engine/compile.ts';
import { CompileError } from '../../src/engine/compile-error.ts';
import { evaluate, evaluateAll } from '../../src/engine/evaluate.ts';
import { explain } from '../../src/engine/explain.ts';
import { nextChangeMs } from '../../src/engine/next-change.ts';
import { type EnvironmentDefinition, type Snapshot, snapshotDigest } from '../../src/model/snapshot.ts';
import { arbitraryContext, arbitrarySnapshot } from '../support/arbitrary-snapshot.ts';
import { flagBody, snapshotOfBodies } from '../support/snapshot.ts';

const TIMES = ['2025-06-01T00:00:00Z', '2026-06-01T00:00:00Z', '2026-12-05T00:00:00Z'].map(Date.parse);
const nameOf = ({ kind, key }: { kind: string; key: string }) => `${kind} ${key}`;

/** Rows that a snapshot may get at any time: some do not compile, or not together with others. */
const troublesome = snapshotOfBodies({
  salt: 'another',
  flags: {
    f0: { requires: [{ flag: 'f5', variation: 'on' }] },
    f1: { fallthrough: { serve: 'no-such' } },
    f2: { variations: { on: true }, off: 'on' },
    extra: { requires: [{ flag: 'f2', variation: 'off' }], fallthrough: { experiment: 'running' } },
  },
  segments: { s0: { if: { segment: 's3' } } },
  experiments: { running: { arms: [{ variation: 'gone', weight: 100 }] }, nowhere: {} },
}).definitions;

/** A choice for each row: of which snapshot it is, or of none. Mostly the row of before stays. */
interface Step {
  rows: number[];
  troubles: number;
  shuffled: boolean;
}
const step: fc.Arbitrary<Step> = fc.record({
  rows: fc.array(fc.constantFrom(9, 9, 9, 9, 9, 9, 9, 9, 0, 1, 2, -1), { minLength: 20, maxLength: 20 }),
  troubles: fc.oneof(fc.constant(0), fc.constant(0), fc.nat(255)),
  shuffled: fc.boolean(),
});

/** The snapshots that come of the steps, each made from the last one that compiled. */
function next(before: Snapshot, pool: readonly Snapshot[], { rows, troubles, shuffled }: Step): Snapshot {
  const byName = new Map(before.definitions.map((row) => [nameOf(row), row]));
  const names = [...new Set(pool.flatMap(({ definitions }) => definitions.map(nameOf)))].sort();
  for (const [at, name] of names.entries()) {
    const choice = rows[at] ?? 9;
    if (choice === 9 || name.startsWith('project')) continue;
    const row = pool[choice % 3]?.definitions.find((each) => nameOf(each) === name);
    if (choice < 0 || !row) byName.delete(name);
    // Another object of the same meaning, as a source that reads everything anew has it.
    else byName.set(name, shuffled ? structuredClone(row) : row);
  }
  for (const [at, row] of troublesome.entries()) if (troubles & (1 << at)) byName.set(nameOf(row), row);
  const definitions = [...byName.values()].sort((a, b) => (nameOf(a) < nameOf(b) === shuffled ? 1 : -1));
  const revision = before.revision + 1;
  return { ...before, revision, digest: snapshotDigest(definitions), definitions };
}

/** What the row refers to, read off its JSON. */
function refersTo({ kind, body }: EnvironmentDefinition, name: string): boolean {
  const text = JSON.stringify(body);
  if (name.startsWith('segment ')) return text.includes(`{"segment":${JSON.stringify(name.slice(8))}}`);
  if (kind !== 'flag') return false;
  if (name.startsWith('experiment '))
    return text.includes(`{"experiment":${JSON.stringify(name.slice(11))}}`);
  return body.requires?.some(({ flag }) => `flag ${flag}` === name) ?? false;
}

function changedByForce(before: Snapshot, after: Snapshot): string[] {
  const digests = (snapshot: Snapshot) =>
    new Map(snapshot.definitions.map((row) => [nameOf(row), row.digest]));
  const [was, is] = [digests(before), digests(after)];
  const names = [...new Set([...was.keys(), ...is.keys()])];
  const changed = new Set(names.filter((name) => was.get(name) !== is.get(name)));
  const isOther = names.some((name) => name.startsWith('project ') && changed.has(name));
  for (let size = -1; size !== changed.size; ) {
    size = changed.size;
    for (const row of after.definitions)
      if ([...changed].some((name) => refersTo(row, name))) changed.add(nameOf(row));
  }
  const flags = names.filter((name) => name.startsWith('flag ') && (isOther || changed.has(name)));
  return flags.map((name) => name.slice(5)).sort();
}

function attempted(make: () => Ruleset): Ruleset | undefined {
  try {
    return make();
  } catch (error) {
    expect(error).toBeInstanceOf(CompileError);
    return undefined;
  }
}

const plain = (decisions: readonly object[]) => JSON.parse(JSON.stringify(decisions)) as object[];
const withoutRevision = (decisions: readonly object[]) =>
  JSON.stringify(decisions).replace(/"revision":\d+/g, '');

test('over any sequence of snapshots the same are refused, the same is answered, and those that changed are named', () => {
  const pool = fc.tuple(arbitrarySnapshot, arbitrarySnapshot, arbitrarySnapshot);
  const contexts = fc.array(arbitraryContext, { minLength: 2, maxLength: 3 });
  let refusals = 0;
  let swaps = 0;
  fc.assert(
    fc.property(
      pool,
      fc.array(step, { minLength: 1, maxLength: 6 }),
      contexts,
      fc.boolean(),
      fc.nat(63),
      (snapshots, steps, asked, isProven, used) => {
        let served = snapshots[0];
        let lazy = compile(served, { proven: isProven ? 'all' : 'nothing' });
        for (const each of steps) {
          for (let at = 0; at < 6; at++) if (used & (1 << at)) evaluate(lazy, `f${at}`, asked[0] ?? {}, 0);
          const snapshot = next(served, snapshots, each);
          const whole = attempted(() => compile(snapshot));
          const following = attempted(() => compile(snapshot, { proven: lazy }));
          expect(following === undefined).toBe(whole === undefined);
          if (!whole || !following) {
            refusals++;
            continue;
          }
          swaps++;
          expect(following.changed).toEqual(changedByForce(served, snapshot));
          const kept = snapshot.definitions.flatMap(({ kind, key }) =>
            kind === 'flag' && !following.changed.includes(key) ? [key] : [],
          );
          for (const [at, nowMs] of TIMES.entries()) {
            const context = asked[at % asked.length] ?? {};
            expect(plain(evaluateAll(following, context, nowMs))).toEqual(
              plain(evaluateAll(whole, context, nowMs)),
            );
            expect(nextChangeMs(following, nowMs)).toBe(nextChangeMs(whole, nowMs));
            const before = evaluateAll(lazy, context, nowMs, kept);
            expect(withoutRevision(evaluateAll(following, context, nowMs, kept))).toBe(
              withoutRevision(before),
            );
            expect(explain(following, 'f3', context, nowMs)).toEqual(explain(whole, 'f3', context, nowMs));
          }
          const scheduled = (ruleset: Ruleset) => ruleset.scheduled.map(({ key }) => key).sort();
          expect(scheduled(following)).toEqual(scheduled(whole));
          [served, lazy] = [snapshot, following];
        }
      },
    ),
    { numRuns: 400, seed: 5 },
  );
  expect(Math.min(refusals, swaps)).toBeGreaterThan(100);
});

const thousand = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`f${at}`, {}]));

test('only those are compiled that were asked for, and after a change these again', () => {
  const first = snapshotOfBodies({ flags: thousand });
  for (const proven of ['all', 'nothing'] as const) {
    const before = compile(first, { proven });
    expect([...before.flags.compiledKeys()]).toEqual([]);
    evaluate(before, 'f7', {}, 0);
    evaluateAll(before, {}, 0, ['f9', 'f8', 'none']);
    const after = compile(snapshotOfBodies({ flags: { ...thousand, f7: { enabled: false } } }), {
      proven: before,
    });
    expect([...after.flags.compiledKeys()]).toEqual(['f7', 'f8', 'f9']);
    expect(after.changed).toEqual(['f7']);
    const gone = compile(snapshotOfBodies({ flags: { f9: {} } }), { proven: after });
    expect([...gone.flags.compiledKeys()]).toEqual(['f9']);
  }
});

test('an unchanged segment is compiled once for all revisions', () => {
  const flags = {
    flag: { rules: [{ if: { segment: 's' }, then: { serve: 'on' } }], fallthrough: { serve: 'off' } },
  };
  const segments = { s: { include: ['alice'] } };
  const first = compile(snapshotOfBodies({ flags, segments }), { proven: 'all' });
  const alice = { targetingKey: 'alice' };
  expect(evaluate(first, 'flag', alice, 0).value).toBe(true);
  const second = compile(snapshotOfBodies({ flags: { ...flags, other: {} }, segments }), { proven: first });
  expect(second.segments.get('s')).toBe(first.segments.get('s'));
  // What one ruleset remembers of an evaluation is nothing to the other.
  for (const [ruleset, value] of [
    [second, false],
    [first, true],
    [second, true],
    [first, false],
  ] as const)
    expect(evaluate(ruleset, 'flag', value ? alice : { targetingKey: 'bob' }, 0).value).toBe(value);
  const third = compile(snapshotOfBodies({ flags, segments: { s: { include: ['bob'] } } }), {
    proven: second,
  });
  expect(evaluate(third, 'flag', alice, 0).value).toBe(false);
});

const LENGTH = 20_000;
const chains = {
  requirements: (first: boolean) =>
    snapshotOfBodies({
      flags: Object.fromEntries(
        Array.from({ length: LENGTH }, (_, at) => [
          `f${at}`,
          at === 0 ? { enabled: first } : { requires: [{ flag: `f${at - 1}`, variation: 'on' }] },
        ]),
      ),
    }),
  segments: (first: boolean) =>
    snapshotOfBodies({
      segments: Object.fromEntries(
        Array.from({ length: LENGTH }, (_, at) => [
          `s${at}`,
          at === 0 ? (first ? { include: ['u'] } : {}) : { if: { segment: `s${at - 1}` } },
        ]),
      ),
      flags: {
        [`f${LENGTH - 1}`]: {
          rules: [{ if: { segment: `s${LENGTH - 1}` }, then: { serve: 'on' } }],
          fallthrough: { serve: 'off' },
        },
      },
    }),
};
test.each(Object.entries(chains))(
  'I3: a chain of 20,000 %s is compiled from its far end on, without overflowing the stack',
  (_, chain) => {
    const valueIn = (ruleset: Ruleset) => evaluate(ruleset, `f${LENGTH - 1}`, { targetingKey: 'u' }, 0).value;
    const before = compile(chain(true), { proven: 'all' });
    expect(valueIn(before)).toBe(true);
    expect(valueIn(compile(chain(true), { proven: 'nothing' }))).toBe(true);
    const after = compile(chain(false), { proven: before });
    expect(after.changed).toContain(`f${LENGTH - 1}`);
    expect(valueIn(after)).toBe(false);
  },
);

test('I3: what does not compile although it was said to is an error for whoever needs it, and for nobody else', () => {
  const bad = { if: { attribute: 'a', operator: 'matches', value: '(' } } as const;
  const snapshot = snapshotOfBodies({
    flags: {
      good: {},
      bad: { rules: [{ ...bad, then: { serve: 'on' } }] },
      named: { rules: [{ if: { segment: 'bad' }, then: { serve: 'on' } }] },
      needy: { requires: [{ flag: 'good', variation: 'on' }] },
    },
    segments: { bad },
  });
  const ruleset = compile(snapshot, { proven: 'all' });
  const broken = { reason: 'ERROR', errorCode: 'GENERAL', metadata: ruleset.where };
  expect(evaluateAll(ruleset, { targetingKey: 'u' }, 0)).toEqual([
    expect.objectContaining({ flag: 'good', value: true }),
    { flag: 'bad', ...broken },
    { flag: 'named', ...broken },
    expect.objectContaining({ flag: 'needy', value: true }),
  ]);
  for (const flag of ['bad', 'named']) {
    expect(explain(ruleset, flag, {}, 0).decision).toBe(evaluate(ruleset, flag, {}, 0));
    expect(evaluate(ruleset, flag, null as never, 0).errorCode).toBe('INVALID_CONTEXT');
  }
});

test('a snapshot that holds a row twice does not compile', () => {
  const snapshot = snapshotOfBodies({ flags: { flag: {}, other: {} } });
  const twin = snapshot.definitions.find(({ key }) => key === 'other') as EnvironmentDefinition;
  const twice = {
    ...snapshot,
    definitions: [...snapshot.definitions, { ...twin, body: flagBody() } as never],
  };
  expect(() => compile(twice)).toThrow('flag `other` does not compile: the snapshot holds it twice');
});
