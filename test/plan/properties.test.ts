// What holds for every change: cases are those of real subjects, and shares those of all buckets, found by trying them all.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { snapshotOf } from '../../src/definitions/environments.ts';
import { compile, type Ruleset } from '../../src/engine/compile.ts';
import { compileCondition } from '../../src/engine/condition.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import { unitOf } from '../../src/engine/subject.ts';
import type { Context } from '../../src/model/context.ts';
import type { Definitions } from '../../src/model/definition.ts';
import { inFewestWords } from '../../src/plan/case-words.ts';
import { type FoundCase, findCases } from '../../src/plan/cases.ts';
import type { Comparison } from '../../src/plan/comparison.ts';
import type { Formula } from '../../src/plan/formula.ts';
import type { Assumption } from '../../src/plan/possible.ts';
import { targetMoves } from '../../src/plan/targets.ts';
import { arbitraryChange, arbitrarySubject, hundredths, quarters, UNNAMED } from './arbitrary-change.ts';
import { everyChange } from './every-change.ts';
import { compared, definitionsOf, nowMs } from './support.ts';

/** Which of two fixed sides a subject is evaluated on. */
interface RealSide {
  ruleset: Ruleset;
  /** What is chosen instead of hashed, by purpose. */
  fixed: Map<string, number>;
  /** For each purpose the draw that it is: equal ones are the same draw. */
  draws: Map<string, string>;
}

function realSide(definitions: Definitions): RealSide {
  const fixed = new Map<string, number>();
  const snapshot = snapshotOf(definitions, 'prod', 1);
  const draws = new Map<string, string>();
  const salt = definitions.project.environments.prod?.salt ?? '';
  const { definitions: rows } = snapshot;
  const subject = rows.flatMap((row) => (row.kind === 'flag' && row.key === 'f' ? [row.body] : []))[0];
  const isAsked = (flag: string) => flag === 'f' || subject?.requires?.some((each) => each.flag === flag);
  for (const { kind, key, body } of rows) {
    const draw = (purpose: string, name: string, unit: string) =>
      draws.set(purpose, `${salt} ${name} ${unit}`);
    if (kind === 'flag' && isAsked(key)) draw(key, key, body.unit);
    if (kind !== 'experiment' || body.status !== 'running' || !isAsked(body.flag)) continue;
    draw(`${key}:arms`, `${key}:arms`, body.unit);
    draw(`${key}:traffic`, body.layer === undefined ? `${key}:traffic` : `layer:${body.layer}`, body.unit);
  }
  return { ruleset: compile(snapshot, { fixedBuckets: fixed }), fixed, draws };
}

function holds(formula: Formula, context: Context): boolean {
  switch (formula.kind) {
    case 'test':
      return compileCondition(formula.test, new Map()).holds({ context, nowMs, epoch: 1 });
    case 'units':
      return formula.among.includes(unitOf(context[formula.unit]) ?? '');
    case 'segment':
      return holds(formula.inner, context);
    case 'not':
      return !holds(formula.part, context);
    case 'and':
      return formula.parts.every((part) => holds(part, context));
    case 'or':
      return formula.parts.some((part) => holds(part, context));
  }
}

function isOf(assumptions: readonly Assumption[], context: Context): boolean {
  return assumptions.every((each) => holds(each.formula, context) === each.holds);
}

/** The one case that a subject belongs to; undefined where it does not move. */
function caseOf(context: Context, groups: readonly FoundCase[][]): FoundCase | undefined {
  const found = groups.flat().filter(({ assumptions }) => isOf(assumptions, context));
  expect(found.length).toBeLessThan(2);
  return found[0];
}

function answer({ ruleset }: RealSide, context: Context) {
  const { variation, value, errorCode } = evaluate(ruleset, 'f', context, nowMs);
  return { variation, value, errorCode };
}

/** How often each pair of answers occurs over all combinations of the buckets. */
function jointly(
  sides: [RealSide, RealSide],
  buckets: readonly number[],
  context: Context,
): Map<string, number> {
  const draws = [...new Set(sides.flatMap(({ draws }) => [...draws.values()]))];
  const counts = new Map<string, number>();
  const total = buckets.length ** draws.length;
  for (let at = 0; at < total; at++) {
    let rest = at;
    const drawn = new Map(
      draws.map((draw) => {
        const bucket = buckets[rest % buckets.length] as number;
        rest = Math.floor(rest / buckets.length);
        return [draw, bucket];
      }),
    );
    for (const { fixed, draws } of sides)
      for (const [purpose, draw] of draws) fixed.set(purpose, drawn.get(draw) as number);
    const pair = JSON.stringify(sides.map((side) => answer(side, context)));
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  return counts;
}

/** The percentages of moves and of answers before and after, by the names that a plan has for them. */
function brute(counts: ReadonlyMap<string, number>) {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const moves: Record<string, number> = {};
  const before: Record<string, number> = {};
  const after: Record<string, number> = {};
  const add = (sums: Record<string, number>, name: string, count: number) => {
    sums[name] = (sums[name] ?? 0) + (count * 100) / total;
  };
  for (const [pair, count] of counts) {
    const [from, to] = JSON.parse(pair) as { variation: string }[];
    add(before, from?.variation ?? '', count);
    add(after, to?.variation ?? '', count);
    if (JSON.stringify(from) !== JSON.stringify(to)) add(moves, `${from?.variation} ${to?.variation}`, count);
  }
  return { moves, before, after };
}

function told({ moves, before, after }: FoundCase) {
  const sum = (amounts: [string, string][]) => {
    const sums: Record<string, number> = {};
    for (const [name, percent] of amounts) sums[name] = (sums[name] ?? 0) + Number(percent);
    return sums;
  };
  return {
    moves: sum(moves.map(({ from, to, percent }) => [`${from} ${to}`, percent])),
    before: sum(
      before.flatMap(({ answer: name, percent, unchanged }) => (unchanged ? [] : [[name ?? '', percent]])),
    ),
    after: sum(
      after.flatMap(({ answer: name, percent, unchanged }) => (unchanged ? [] : [[name ?? '', percent]])),
    ),
    unchanged: Number(before.find(({ unchanged }) => unchanged)?.percent ?? 0),
  };
}

function comparisonOfF(before: Definitions, after: Definitions): Comparison | undefined {
  return compared(before, after).find(({ comparison }) => comparison.flag === 'f')?.comparison;
}

function expectSame(found: FoundCase | undefined, real: ReturnType<typeof brute>): void {
  if (!found) {
    expect(real.moves).toEqual({});
    return;
  }
  const { moves, unchanged, ...sides } = told(found);
  expect(moves).toEqual(real.moves);
  // What is not told apart is the same on both sides.
  for (const side of ['before', 'after'] as const) {
    const untold = Object.keys({ ...real[side], ...sides[side] }).map(
      (name) => (real[side][name] ?? 0) - (sides[side][name] ?? 0),
    );
    expect(untold.every((each) => each >= 0)).toBe(true);
    expect(untold.reduce((sum, each) => sum + each, 0)).toBe(unchanged);
  }
}

/** Of units that are named the real buckets are counted, not all. */
function isUnnamed({ targetingKey }: Context): boolean {
  return UNNAMED.includes(String(targetingKey));
}

/** Attributes that are not declared, and are lists here, may be taken for single values. */
function takesSingle(comparison: Comparison | undefined): boolean {
  return (comparison?.tools.possible.takenAsSingle.size ?? 0) > 0;
}

/** Beyond this, trying all buckets takes too long. */
const MOST_COMBINATIONS = 5_000;

test('the shares of a case are those of all combinations of buckets, for every subject of it', () => {
  let cases = 0;
  everyChange({ seed: 20261120, runs: 250, subjects: 6, shares: quarters }, (before, after, subjects) => {
    const comparison = comparisonOfF(before, after);
    const { groups, limits } = comparison ? findCases(comparison) : { groups: [], limits: [] };
    if (limits.length > 0 || takesSingle(comparison)) return;
    const sides: [RealSide, RealSide] = [realSide(before), realSide(after)];
    const draws = new Set(sides.flatMap((side) => [...side.draws.values()]));
    if (4 ** draws.size > MOST_COMBINATIONS) return;
    for (const context of subjects.filter(isUnnamed)) {
      const found = caseOf(context, groups);
      expect(found?.units).toBeUndefined();
      if (found) cases++;
      expectSame(found, brute(jointly(sides, [1250, 3750, 6250, 8750], context)));
    }
  });
  expect(cases).toBeGreaterThan(100);
});

test('with one draw the shares are those of all 10,000 buckets', () => {
  const buckets = Array.from({ length: 10_000 }, (_, bucket) => bucket);
  let cases = 0;
  fc.assert(
    fc.property(arbitraryChange(hundredths), arbitrarySubject, ({ before: was, after: is }, context) => {
      const alone = ({ flags: { f } = {}, segments, attributes }: typeof was) => {
        const { requires: _, ...flag } = f ?? {};
        return definitionsOf({
          flags: { f: { ...flag, unit: 'group' } },
          ...(segments && { segments }),
          ...(attributes && { attributes }),
        });
      };
      const [before, after] = [alone(was), alone(is)];
      const comparison = comparisonOfF(before, after);
      const found = comparison && caseOf(context, findCases(comparison).groups);
      if (found) cases++;
      expectSameRounded(found, brute(jointly([realSide(before), realSide(after)], buckets, context)));
    }),
    { seed: 7, numRuns: 60 },
  );
  expect(cases).toBeGreaterThan(15);
});

/** Sums of hundredths in floating point. */
function expectSameRounded(found: FoundCase | undefined, real: ReturnType<typeof brute>): void {
  const rounded = (sums: Record<string, number>) =>
    Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, Math.round(sum * 100) / 100]));
  if (!found) expect(real.moves).toEqual({});
  else expect(rounded(told(found).moves)).toEqual(rounded(real.moves));
}

test('each subject is in one case at most, where its real answers have a share; who is in none does not move', () => {
  everyChange({ seed: 3, runs: 300, subjects: 20 }, (before, after, subjects) => {
    const comparison = comparisonOfF(before, after);
    const found = comparison ? findCases(comparison) : { groups: [], limits: [] };
    const sides = [before, after].map((side) => compile(snapshotOf(side, 'prod', 1)));
    if (found.limits.length > 0 || takesSingle(comparison)) return;
    for (const context of subjects) {
      const [from, to] = sides.map((side) => evaluate(side, 'f', context, nowMs));
      const inCase = caseOf(context, found.groups);
      const isMoved = from?.variation !== to?.variation || from?.value !== to?.value;
      if (!inCase) expect(isMoved).toBe(false);
      else if (isMoved)
        expect(
          inCase.moves.filter((move) => move.from === from?.variation && move.to === to?.variation),
        ).toHaveLength(1);
      else {
        const answers = inCase.before.filter((share) => share.unchanged || share.answer === from?.variation);
        expect(answers.length).toBeGreaterThan(0);
      }
      for (const side of inCase ? [inCase.before, inCase.after] : []) {
        expect(side.every(({ percent }) => Number(percent) > 0)).toBe(true);
        expect(side.reduce((sum, { percent }) => sum + Number(percent), 0)).toBeCloseTo(100, 0);
      }
    }
  });
});

test('the words of a case say the same of every subject as its assumptions', () => {
  everyChange({ seed: 11, runs: 150, subjects: 30 }, (before, after, subjects) => {
    const comparison = comparisonOfF(before, after);
    if (!comparison) return;
    for (const { assumptions } of findCases(comparison).groups.flat()) {
      const fewer = inFewestWords(assumptions, comparison.wording);
      // Undeclared attributes are taken to hold one value.
      if (!comparison.wording.attributes) continue;
      for (const context of subjects) expect(isOf(fewer, context)).toBe(isOf(assumptions, context));
    }
  });
});

test('targets that are told to move do so whatever their attributes are, and no others do', () => {
  let moved = 0;
  everyChange({ seed: 5, runs: 300, subjects: 15 }, (before, after, subjects) => {
    const comparison = comparisonOfF(before, after);
    const [was, is] = [comparison?.before.flag, comparison?.after.flag];
    if (!comparison || !was || !is) return;
    const [from, to] = [before, after].map((side) => compile(snapshotOf(side, 'prod', 1))) as [
      Ruleset,
      Ruleset,
    ];
    const named = [was, is].flatMap(({ body, targets }) =>
      Array.from(targets.keys(), (unit) => JSON.stringify({ [body.unit]: unit })),
    );
    const differing = Array.from(new Set(named), (unit) => {
      const contexts = subjects.map((subject) => ({ ...subject, ...JSON.parse(unit) }));
      return contexts.map((context) => {
        const [a, b] = [from, to].map((side) => evaluate(side, 'f', context, nowMs));
        return a?.variation !== b?.variation || a?.value !== b?.value;
      });
    });
    const told = targetMoves(comparison);
    moved += told.moved;
    expect(told.moved).toBeLessThanOrEqual(differing.filter((each) => each.every(Boolean)).length);
    expect(told.moved + told.depends).toBeGreaterThanOrEqual(
      differing.filter((each) => each.some(Boolean)).length,
    );
  });
  expect(moved).toBeGreaterThan(30);
});
