// Programs are made once each, and without what can never be drawn, so that equal behaviour is the same object.
import { expect, test } from 'vitest';
import { Formulas } from '../../src/plan/formula.ts';
import { dimension, type Part } from '../../src/plan/program.ts';
import { Programs } from '../../src/plan/programs.ts';

const programs = new Programs();
const formulas = new Formulas();
const [a, b, c, none] = ['a', 'b', 'c', 'none'].map((variation) => programs.answer({ variation })) as [
  Part['program'],
  Part['program'],
  Part['program'],
  Part['program'],
];
const flag = dimension('salt', 'flag', 'targetingKey');
const other = dimension('salt', 'other', 'targetingKey');
const split = (...parts: [to: number, program: Part['program']][]) =>
  programs.split(
    flag,
    parts.map(([to, program]) => ({ to, program })),
    none,
  );
const us = formulas.test({ attribute: 'country', operator: 'eq', value: 'US' });

test('a split within a part of the same draw is the parts of both', () => {
  const flat = split([1_000, a], [2_500, b], [10_000, c]);
  expect(split([2_500, split([1_000, a], [10_000, b])], [10_000, c])).toBe(flat);
  expect(split([1_000, a], [10_000, split([500, c], [2_500, b], [10_000, c])])).toBe(flat);
  expect(split([1_000, a], [2_500, split([500, c], [10_000, b])], [10_000, c])).toBe(flat);
});

test('what the same draw leaves impossible below a condition, and below other draws, is gone', () => {
  const inner = programs.if(us, split([1_000, a], [10_000, b]), b);
  expect(split([1_000, a], [10_000, inner])).toBe(split([1_000, a], [10_000, b]));
  const between = programs.split(
    other,
    [
      { to: 5_000, program: inner },
      { to: 10_000, program: c },
    ],
    none,
  );
  const left = programs.split(
    other,
    [
      { to: 5_000, program: b },
      { to: 10_000, program: c },
    ],
    none,
  );
  expect(split([1_000, a], [10_000, between])).toBe(split([1_000, a], [10_000, left]));
});

test('empty parts are left out, equal neighbours are one, and equal branches need no condition', () => {
  expect(split([0, c], [1_000, a], [1_000, c], [2_000, a], [10_000, b])).toBe(split([2_000, a], [10_000, b]));
  expect(programs.if(us, a, a)).toBe(a);
  expect(programs.if(formulas.always, a, b)).toBe(a);
});

test('all units alike are not those without one', () => {
  expect(split([10_000, a])).not.toBe(a);
  expect(split([10_000, none])).toBe(none);
});
