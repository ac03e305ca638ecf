// Which flags a ruleset names as changed since the one before.
import { expect, it } from 'vitest';
import { compile } from '../../src/engine/compile.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { type Bodies, snapshotOfBodies } from '../support/snapshot.ts';

function changedFlags(before: Snapshot | undefined, after: Snapshot): readonly string[] {
  const proven = before && compile(before, { proven: 'nothing' });
  return compile(after, { proven: proven ?? 'nothing' }).changed;
}

const ruleOn = (segment: string) => ({
  rules: [{ if: { and: [{ not: { segment } }] }, then: { serve: 'on' } }],
});

const before: Bodies = {
  flags: {
    plain: {},
    'by-staff': ruleOn('staff'),
    'by-inner': ruleOn('inner'),
    needy: { requires: [{ flag: 'plain', variation: 'on' }] },
    'needs-needy': { requires: [{ flag: 'needy', variation: 'on' }] },
    tried: { fallthrough: { experiment: 'layout' } },
  },
  segments: {
    staff: { if: { or: [{ segment: 'inner' }, { attribute: 'a', operator: 'exists' }] } },
    inner: { include: ['alice'] },
  },
  experiments: { layout: { flag: 'tried' } },
};

const cases: [what: string, after: Bodies, flags: string[]][] = [
  ['nothing', before, []],
  ['a new flag', { ...before, flags: { ...before.flags, fresh: {} } }, ['fresh']],
  [
    'a flag, with those that require it',
    { ...before, flags: { ...before.flags, plain: { enabled: false } } },
    ['needs-needy', 'needy', 'plain'],
  ],
  [
    'a segment, with the segments and flags that name it',
    { ...before, segments: { ...before.segments, inner: { include: ['bob'] } } },
    ['by-inner', 'by-staff'],
  ],
  ['a segment that one flag names', { ...before, segments: { ...before.segments, staff: {} } }, ['by-staff']],
  ['an experiment', { ...before, experiments: { layout: { flag: 'tried', status: 'stopped' } } }, ['tried']],
  [
    'the salt',
    { ...before, salt: 'ffffff' },
    ['by-inner', 'by-staff', 'needs-needy', 'needy', 'plain', 'tried'],
  ],
];

it.each(cases)('a change of %s', (_what, after, flags) => {
  expect(changedFlags(snapshotOfBodies(before), snapshotOfBodies(after))).toEqual(flags);
});

it('a flag that is gone', () => {
  expect(
    changedFlags(snapshotOfBodies({ flags: { a: {}, b: {} } }), snapshotOfBodies({ flags: { a: {} } })),
  ).toEqual(['b']);
});

it('every flag of a first snapshot', () => {
  expect(changedFlags(undefined, snapshotOfBodies({ flags: { b: {}, a: {} } }))).toEqual(['a', 'b']);
});
