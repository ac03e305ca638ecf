// What a plan says of units that definitions name: lists of segments, and targets.
import { describe, expect, test } from 'vitest';
import { snapshotOf } from '../../src/definitions/environments.ts';
import { bucketOf } from '../../src/engine/bucket.ts';
import { compile } from '../../src/engine/compile.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import type { FlagEnvironment } from '../../src/model/definitions.gen.ts';
import { definitionsOf, inProd, nowMs, planInProd, type Written } from './support.ts';

const us = { attribute: 'country', operator: 'eq', value: 'US' } as const;

const percent = (share: number): FlagEnvironment => ({ serve: 'on', percent: share });

describe('units that definitions name', () => {
  const staff = (include: string[]): Written => ({
    ...inProd({
      rules: [{ if: { segment: 'staff' }, then: percent(50) as { serve: string } }],
      serve: 'off',
    }),
    segments: { staff: { include, if: us } },
  });

  test('who comes into the list of a segment is counted by the real bucket', () => {
    const added = Array.from({ length: 20 }, (_, n) => `unit-${n}`);
    const [found, ...others] = planInProd(staff(['alice']), staff(['alice', ...added])).cases;
    const on = added.filter((unit) => bucketOf('c07d2e', 'f', unit) < 5000).length;
    expect(found?.units).toBe(20);
    expect(found?.moves).toEqual([{ from: 'off', to: 'on', units: on, percent: String((on * 100) / 20) }]);
    expect(others).toEqual([]);
    expect(JSON.stringify(found)).not.toContain('unit-');
  });

  test('who is in a list and refused by another one is not counted', () => {
    const added = Array.from({ length: 20 }, (_, n) => `unit-${n}`);
    const after = staff(['alice', ...added]);
    const refused = {
      ...after,
      segments: { staff: { ...after.segments?.staff, exclude: added.slice(0, 5) } },
    };
    expect(planInProd(staff(['alice']), refused).cases.map(({ units }) => units)).toContain(15);
  });

  const targeting = (on: (string | number)[], prod: FlagEnvironment = { serve: 'off' }) =>
    inProd({ ...prod, targets: { on } });

  test('targets that are new move, those that stay do not, and numbers are texts', () => {
    const { targets, cases: found } = planInProd(targeting(['alice', 1]), targeting(['alice', '1', 'bob']));
    expect(targets).toEqual({
      added: 1,
      removed: 0,
      retargeted: 0,
      moved: 1,
      depends: 0,
      moves: [{ from: 'off', to: 'on', units: 1 }],
    });
    expect(found).toEqual([]);
  });

  test('targets that are gone get what the rules give their real buckets', () => {
    const units = Array.from({ length: 50 }, (_, n) => `unit-${n}`);
    const [before, after] = [targeting(units, percent(30)), inProd(percent(30))];
    const ruleset = compile(snapshotOf(definitionsOf(after), 'prod', 1));
    const off = units.filter(
      (targetingKey) => evaluate(ruleset, 'f', { targetingKey }, nowMs).variation === 'off',
    ).length;
    expect(planInProd(before, after).targets).toMatchObject({
      removed: 50,
      moved: off,
      depends: 0,
      moves: [{ from: 'on', to: 'off', units: off }],
    });
  });

  test('who is no target any more may move, where the rules ask for attributes', () => {
    const rules = [{ if: us, then: { serve: 'on' } }];
    expect(
      planInProd(targeting(['alice'], { rules, serve: 'off' }), inProd({ rules, serve: 'off' })).targets,
    ).toMatchObject({ removed: 1, moved: 0, depends: 1, moves: [] });
  });

  test('a target whom a segment names gets what that gives for certain', () => {
    const rules = [{ if: { segment: 'staff' }, then: { serve: 'on' } }];
    const segments = { staff: { include: ['alice'], if: us } };
    const found = planInProd(
      { ...targeting(['alice'], { rules, serve: 'off' }), segments },
      { ...inProd({ rules, serve: 'off' }), segments },
    );
    expect(found.targets).toMatchObject({ removed: 1, moved: 0, depends: 0 });
  });

  test('the kill switch moves targets too', () => {
    expect(
      planInProd(targeting(['alice', 'bob']), targeting(['alice', 'bob'], { serve: 'off', enabled: false }))
        .targets,
    ).toMatchObject({ moved: 2, moves: [{ from: 'on', to: 'off', units: 2 }] });
  });
});
