// A context without what no definition reads decides as the whole one does, and is small whatever an app sends.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attributesReadInSteps, namesTree, slimContext } from '../../src/engine/attributes.ts';
import { compile } from '../../src/engine/compile.ts';
import { evaluateAll } from '../../src/engine/evaluate.ts';
import { isContext } from '../../src/engine/subject.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { arbitraryContext, arbitrarySnapshot } from '../support/arbitrary-snapshot.ts';
import { full } from '../support/full-snapshot.ts';
import { snapshotOfCondition } from '../support/snapshot.ts';

/** All at once. */
function attributesRead(snapshot: Snapshot): string[] {
  const steps = attributesReadInSteps(snapshot);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

const nowMs = Date.parse('2026-06-01T00:00:00Z');

test('every flag of every snapshot decides alike for a context and for what is read of it', () => {
  fc.assert(
    fc.property(arbitrarySnapshot, arbitraryContext, (snapshot, context) => {
      fc.pre(isContext(context));
      const ruleset = compile(snapshot);
      const slim = slimContext(context, namesTree(attributesRead(snapshot)));
      expect(evaluateAll(ruleset, slim, nowMs)).toEqual(evaluateAll(ruleset, context, nowMs));
    }),
    { numRuns: 1000, seed: 5 },
  );
});

test('names are those of conditions, however deep, and of units', () => {
  const names = attributesRead(full);
  const named = JSON.stringify(full).matchAll(/"(?:attribute|unit)":"([^"]+)"/g);
  expect(new Set(names)).toEqual(new Set(['targetingKey', ...Array.from(named, ([, name]) => name)]));
});

const inside = { attribute: 'company.plan', operator: 'eq', value: 'pro' } as const;
const absent = { attribute: 'seats', operator: 'exists', value: false } as const;

test.each([
  ['an attribute of that very name, and what dots walk to', { 'company.plan': 1, company: { plan: 'pro' } }],
  ['what dots walk to, without the rest', { company: { plan: 'pro', notes: { more: [1] } }, plan: 'pro' }],
  ['an object where a value is looked for', { company: { plan: { name: 'pro' } } }],
  ['a list where dots walk', { company: [{ plan: 'pro' }] }],
  ['a list of a value and others', { 'company.plan': [null, { a: 1 }, ['pro'], 'pro'] }],
  ['a list that is too long', { 'company.plan': Array.from({ length: 1_001 }, () => 'pro') }],
  ['one that is as long as may be', { 'company.plan': [...Array.from({ length: 999 }, () => 1), 'pro'] }],
  ['null', { seats: null, company: null }],
  ['a list where only presence counts', { seats: Array.from({ length: 5_000 }, () => 0) }],
  ['an object where only presence counts', { seats: { a: 1 } }],
])('decides alike: %s', (_, context) => {
  for (const condition of [inside, { not: inside }, absent, { and: [inside, absent] }]) {
    const snapshot = snapshotOfCondition(condition);
    const [ruleset, names] = [compile(snapshot), namesTree(attributesRead(snapshot))];
    expect(evaluateAll(ruleset, slimContext(context, names), nowMs)).toEqual(
      evaluateAll(ruleset, context, nowMs),
    );
  }
});

test('what is left is bounded by what is read', () => {
  const names = namesTree(['company.plan']);
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`a-${at}`, [{}]]));
  const list = Array.from({ length: 80_000 }, () => ({}));
  expect(slimContext({ ...many, company: { ...many, plan: { ...many } } }, names)).toEqual({
    company: { plan: {} },
  });
  expect(slimContext({ company: { plan: list } }, names).company).toEqual({
    plan: new Array(1_001).fill(null),
  });
});
