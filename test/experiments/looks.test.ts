// When a look is due, what it is held against, and what stands: decided without a database.
import { describe, expect, test } from 'vitest';
import type { LookTaken } from '../../src/experiments/analysis.ts';
import {
  type DueLook,
  dueLook,
  isDecided,
  isStanding,
  levelOf,
  takeLook,
} from '../../src/experiments/looks.ts';
import type { Design } from '../../src/experiments/setup.ts';
import { plannedBounds } from '../../src/stats/sequential/plan.ts';
import { advance, crossing, type Inside } from '../../src/stats/sequential/random-walk.ts';
import { spendingBounds } from '../../src/stats/sequential/spending.ts';
import { PURCHASE } from './world.ts';

function designOf(looks: number | null, boundary: 'pocock' | 'obrien-fleming' = 'pocock'): Design {
  return {
    arms: [
      { arm: 'off', weight: 50 },
      { arm: 'on', weight: 50 },
    ],
    unit: 'targetingKey',
    primary: PURCHASE,
    ...{ alpha: 0.05, power: 0.8, minimumEffect: 0.1, end: null, cupedDays: null },
    sequential: looks === null ? null : { looks, boundary },
  };
}

const PLANNED_UNITS = 10_000;

function lookOf(look: number, fraction: number, p = 0.5, isCrossed = false, isFinal = false): LookTaken {
  const arm = { arm: 'on', p, z: 0.67, bound: 2, adjustedP: 0.6, isCrossed };
  const units = fraction * PLANNED_UNITS;
  return {
    ...{ look, at: '2026-03-02T00:00:00.000Z', fraction, units, information: fraction, isFinal },
    arms: [arm],
  };
}

function progressAt(fraction: number, isOver = false) {
  return { fraction, units: fraction * PLANNED_UNITS, isOver };
}

describe('a look is due', () => {
  test.each<[string, number | null, number, boolean, LookTaken[], [number, boolean] | undefined]>([
    ['not before its step', 5, 0.19, false, [], undefined],
    ['half a percent early', 5, 0.1951, false, [], [1, false]],
    ['at its step', 5, 0.2, false, [], [1, false]],
    ['not twice', 5, 0.35, false, [lookOf(1, 0.2)], undefined],
    ['as the one that is reached, where others were missed', 5, 0.65, false, [lookOf(1, 0.2)], [3, false]],
    ['as the last one, however far beyond', 5, 3.4, false, [lookOf(1, 0.2)], [5, true]],
    ['as the last one when the end has passed', 5, 0.3, true, [lookOf(1, 0.2)], [5, true]],
    ['not after the last', 5, 2, true, [lookOf(5, 1, 0.5, false, true)], undefined],
    ['not once the boundary was crossed', 5, 0.6, false, [lookOf(2, 0.4, 1e-6, true)], undefined],
    ['not before anything is there', 5, 0, true, [], undefined],
    ['once, without a sequential plan, and not early', null, 0.9, false, [], undefined],
    ['once, without a sequential plan, at the end', null, 1, false, [], [1, true]],
  ])('%s', (_name, looks, fraction, isOver, taken, expected) => {
    const due = dueLook(designOf(looks), progressAt(fraction, isOver), taken, null);
    expect(due && [due.look, due.isFinal]).toEqual(expected);
  });

  test.each([false, true])('not before anybody is measured, with the end passed: %s', (isOver) => {
    expect(dueLook(designOf(5), { fraction: 1, units: 0, isOver }, [], null)).toBeUndefined();
  });

  test('at no smaller share than the one before', () => {
    const due = dueLook(designOf(5), progressAt(0.55, true), [lookOf(3, 0.6)], null);
    expect(due).toMatchObject({ fraction: 0.6, units: 5500, information: 0.6 });
  });

  test.each([
    ['as many times as much as was measured', 2.5, 0.5],
    ['by its share, where nothing could be measured', null, 0.4],
  ])('knowing %s', (_name, growth, information) => {
    const due = dueLook(designOf(5), progressAt(0.4), [lookOf(1, 0.2)], growth);
    expect(due?.information).toBeCloseTo(information, 12);
  });
});

describe('a look is held against', () => {
  const planned = designOf(5);
  const first = [lookOf(1, 0.2)];
  const late = spendingBounds([0.2, 0.5], 0.05, 'pocock', { opening: { looks: 5, onTime: 1 } });
  const hundredth = spendingBounds([0.2, 0.411], 0.05, 'pocock', { opening: { looks: 5, onTime: 1 } });
  const missed = spendingBounds([0.4], 0.05, 'pocock');
  const [pocock] = plannedBounds(5, 0.05, 'pocock');
  const [, obrienFleming] = plannedBounds(5, 0.05, 'obrien-fleming');
  test.each<[string, Design, LookTaken[], number, number, number | null | undefined]>([
    ['Pocock’s bound, on time', planned, first, 2, 0.405, pocock],
    ['O’Brien and Fleming’s, on time', designOf(5, 'obrien-fleming'), first, 2, 0.4, obrienFleming],
    ['one look’s, without a plan', designOf(null), [], 1, 1, 1.959963984540054],
    ['what is left to spend, where it comes late', planned, first, 2, 0.5, late[1]?.bound],
    ['what is left to spend, where it comes a hundredth late', planned, first, 2, 0.411, hundredth[1]?.bound],
    ['what is left to spend, where the first was missed', planned, [], 2, 0.4, missed[0]?.bound],
  ])('%s', (_name, design, taken, look, fraction, bound) => {
    const due = { look, ...progressAt(fraction), information: fraction, isFinal: false };
    const level = levelOf(due, [...taken], design, 0.05);
    expect(level.bound).toBeCloseTo(bound ?? Number.NaN, 9);
  });
});

describe('a plan whose looks are on time', () => {
  test.each<[number, 'pocock' | 'obrien-fleming', number]>([
    [5, 'pocock', 1.01],
    [5, 'obrien-fleming', 1.01],
    [20, 'pocock', 1.02],
    [20, 'obrien-fleming', 1.02],
  ])('of %d by %s spends little more than alpha at the worst of such times', (looks, boundary, most) => {
    const design = designOf(looks, boundary);
    const taken: LookTaken[] = [];
    let walk: Inside | null = null;
    let spent = 0;
    for (let look = 1; look <= looks; look++) {
      const fraction = look / looks + (look > looks * 0.9 ? 0.0099 : -0.0049);
      const due = dueLook(design, progressAt(fraction), taken, null);
      const { bound } = levelOf(due as DueLook, taken, design, 0.05);
      spent += crossing(walk, fraction, bound as number);
      walk = advance(walk, fraction, bound as number, 0.2);
      taken.push(lookOf(look, fraction));
    }
    expect(spent / 0.05).toBeGreaterThan(1.005);
    expect(spent / 0.05).toBeLessThan(most);
  });
});

describe('looks whose information does not come in equal steps', () => {
  const boundaries = ['pocock', 'obrien-fleming'] as const;
  type At = (share: number) => number;
  const knowing: [name: string, knownAt: At][] = [
    ['traffic grows', (share) => share ** 3],
    ['traffic doubles after the second look', (share) => (share <= 0.4 ? share : 2 * share - 0.4)],
    ['steady traffic goes on to tell, without a window', (share) => share ** 2],
    ['next to all is told at the end', (share) => share ** 6],
    ['a rush is there at the start', Math.sqrt],
  ];

  test.each(boundaries.flatMap((boundary) => knowing.map((each) => [boundary, ...each] as const)))(
    'by %s spend alpha, and no more, where %s',
    (boundary, _name, knownAt) => {
      const design = designOf(5, boundary);
      const taken: LookTaken[] = [];
      const spent = spentBy(knownAt, (look) => {
        const growth = taken.length === 0 ? null : knownAt(look / 5) / knownAt((look - 1) / 5);
        const due = dueLook(design, progressAt(look / 5), taken, growth) as DueLook;
        const { bound } = levelOf({ ...due, isFinal: look === 5 }, taken, design, 0.05);
        taken.push({ ...lookOf(look, due.fraction), ...due });
        return bound as number;
      });
      expect(spent).toBeCloseTo(0.05, 6);
    },
  );

  test.each(boundaries)('would spend more by %s at equal steps', (boundary) => {
    const bounds = plannedBounds(5, 0.05, boundary);
    const spent = spentBy(
      (share) => share ** 2,
      (look) => bounds[look - 1] as number,
    );
    expect(spent).toBeGreaterThan(0.055);
  });

  /** What five looks cross without an effect. */
  function spentBy(knownAt: At, boundOf: (look: number) => number): number {
    let walk: Inside | null = null;
    let spent = 0;
    for (let look = 1; look <= 5; look++) {
      const known = 10_000 * knownAt(look / 5);
      const bound = boundOf(look);
      spent += crossing(walk, known, bound);
      walk = advance(walk, known, bound, Math.sqrt(10_000 * knownAt(0.2)));
    }
    return spent;
  }
});

describe('a look that is taken', () => {
  const due = { look: 2, fraction: 0.4, units: 4000, information: 0.4, isFinal: false };
  const at = '2026-03-03T00:00:00.000Z';

  test('crosses exactly where |z| reaches the bound', () => {
    const { bound } = levelOf(due, [lookOf(1, 0.2)], designOf(5), 0.05);
    for (const [p, isCrossed] of [
      [0.0157, true],
      [0.0159, false],
    ] as const) {
      const [arm] = takeLook(due, [lookOf(1, 0.2)], designOf(5), at, [
        { arm: 'on', p, difference: -0.1 },
      ]).arms;
      expect(arm).toMatchObject({ isCrossed });
      expect((arm?.z ?? 0) <= -(bound ?? 0)).toBe(isCrossed);
      expect((arm?.adjustedP ?? 1) <= 0.05).toBe(isCrossed);
    }
  });

  test.each([0.9, null])(
    'keeps crossed what crossed before, and stands until the next one, with p = %s now',
    (p) => {
      const look = takeLook(due, [lookOf(1, 0.2, 1e-4, true)], designOf(5), at, [
        { arm: 'on', p, difference: 0 },
      ]);
      expect(look.arms[0]).toMatchObject({ isCrossed: true });
      expect(isDecided(look)).toBe(true);
    },
  );

  test('of several arms goes on for those that are open, and holds for all of them together', () => {
    const arms = [
      { arm: 'on', p: 1e-6, difference: 1 },
      { arm: 'new', p: 0.2, difference: 1 },
    ];
    const look = takeLook(due, [], designOf(5), at, arms);
    expect(look.arms.map(({ isCrossed }) => isCrossed)).toEqual([true, false]);
    expect([isStanding(look), isDecided(look)]).toEqual([true, false]);
    const alone = takeLook(due, [], designOf(5), at, arms.slice(0, 1));
    expect(look.arms[0]?.adjustedP).toBeCloseTo(2 * (alone.arms[0]?.adjustedP ?? 0), 9);
  });

  test.each([
    ['above', 1.001, false],
    ['below', 0.999, true],
  ])(
    'of several arms calls one crossed whose p is %s the level of its interval as the interval has it',
    (_name, times, isCrossed) => {
      const { alpha } = levelOf(due, [], designOf(5), 0.05 / 2);
      const arms = [1e-6, alpha * times].map((p, index) => ({ arm: `arm-${index}`, p, difference: 1 }));
      expect(takeLook(due, [], designOf(5), at, arms).arms[1]?.isCrossed).toBe(isCrossed);
    },
  );

  test('of what cannot be computed says nothing', () => {
    const look = takeLook(due, [], designOf(5), at, [{ arm: 'on', p: null, difference: null }]);
    expect(look.arms[0]).toMatchObject({ p: null, z: null, adjustedP: null, isCrossed: false });
  });
});
