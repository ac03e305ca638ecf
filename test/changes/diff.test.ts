// The difference of rows, the audit's form of it, and its words.
import { describe, expect, test } from 'vitest';
import { describeChanges, diffRows } from '../../src/changes/diff.ts';
import { type Row, rowId, type WantedRow } from '../../src/changes/row.ts';
import { personalAttributes } from '../../src/changes/value-text.ts';
import { changesInWords } from '../../src/changes/words.ts';
import type { Change } from '../../src/model/change.ts';
import { bodyDigest } from '../../src/model/snapshot.ts';

function row(
  kind: string,
  key: string,
  environment: string | undefined,
  body: object,
  path = `${key}.yaml`,
): WantedRow {
  const place = environment === undefined ? { path } : { environment };
  return { kind, key, ...place, digest: bodyDigest(body), body, text: JSON.stringify(body) };
}

function changes(before: readonly WantedRow[], after: readonly WantedRow[]): Change[] {
  const rows = new Map(before.map((each) => [rowId(each), each as Row]));
  const bodyOf = (wanted: Row) => JSON.stringify(before.find((each) => rowId(each) === rowId(wanted))?.body);
  return describeChanges(diffRows(rows, after), bodyOf, personalAttributes());
}

test('changes are sorted by kind, key and environment, whatever the order of the rows', () => {
  const before = [
    row('flag', 'b', 'prod', { enabled: true }),
    row('flag', 'a', undefined, {}),
    row('segment', 's', 'dev', {}),
  ];
  const after = [
    row('flag', 'b', 'prod', { enabled: false }),
    row('flag', 'c', 'dev', {}),
    row('flag', 'a', undefined, { x: 1 }),
    row('flag', 'a', 'dev', {}),
  ];
  const found = changes(before, after).map(
    ({ action, kind, key, environment }) => `${action} ${kind} ${key} ${environment}`,
  );
  expect(found).toEqual([
    'updated flag a undefined',
    'created flag a dev',
    'updated flag b prod',
    'created flag c dev',
    'deleted segment s dev',
  ]);
  expect(changes(before.toReversed(), after.toReversed())).toEqual(changes(before, after));
});

test('a change has the digest before, the digest after, or both', () => {
  const one = row('flag', 'a', undefined, { x: 1 });
  const two = row('flag', 'a', undefined, { x: 2 });
  expect(changes([], [one])).toEqual([
    { kind: 'flag', key: 'a', action: 'created', after: one.digest, patch: [] },
  ]);
  expect(changes([one], [])).toEqual([
    { kind: 'flag', key: 'a', action: 'deleted', before: one.digest, patch: [] },
  ]);
  expect(changes([one], [two])).toMatchObject([{ action: 'updated', before: one.digest, after: two.digest }]);
  expect(changes([one], [one])).toEqual([]);
});

test('a moved file is a change of its path alone', () => {
  const body = { x: 1 };
  const moved = changes(
    [row('flag', 'a', undefined, body, 'a.yaml')],
    [row('flag', 'a', undefined, body, 'b/a.yaml')],
  );
  expect(moved).toMatchObject([
    { action: 'updated', patch: [{ at: '', field: 'path', before: 'a.yaml', after: 'b/a.yaml' }] },
  ]);
});

describe('in words', () => {
  const ramp = (percent: number) => ({ rules: [{ name: 'US ramp', then: { serve: 'on', percent } }] });
  const written = (percent: number, description = 'A') => ({
    flag: 'one-page-checkout',
    description,
    environments: { prod: ramp(percent) },
  });

  test('a change in an environment is said once, with its environment', () => {
    const before = [
      row('flag', 'one-page-checkout', undefined, written(10)),
      row('flag', 'one-page-checkout', 'prod', ramp(10)),
    ];
    const after = [
      row('flag', 'one-page-checkout', undefined, written(25)),
      row('flag', 'one-page-checkout', 'prod', ramp(25)),
    ];
    expect(changesInWords(changes(before, after))).toEqual([
      'one-page-checkout  prod  rule "US ramp"  percent 10 → 25',
    ]);
  });

  test('a step of a ramp is named by its instant', () => {
    const body = (percent: number) => {
      const then = { serve: 'on', ramp: [{ at: '2026-12-01T09:00:00Z', percent }] };
      return { rules: [{ name: 'US ramp', then }] };
    };
    const lines = changesInWords(
      changes([row('flag', 'checkout', 'prod', body(5))], [row('flag', 'checkout', 'prod', body(10))]),
    );
    expect(lines).toEqual(['checkout  prod  rule "US ramp"  ramp 2026-12-01T09:00:00Z percent 5 → 10']);
  });

  test('a change in all environments is said once, without an environment', () => {
    const rows = (description: string) => [
      row('flag', 'one-page-checkout', undefined, written(10, description)),
      row('flag', 'one-page-checkout', 'dev', { description }),
      row('flag', 'one-page-checkout', 'prod', { description }),
    ];
    expect(changesInWords(changes(rows('A'), rows('B')))).toEqual(['one-page-checkout  description A → B']);
  });

  test('what is new or gone is one line, and other kinds are named', () => {
    const flag = [row('flag', 'a', undefined, {}), row('flag', 'a', 'dev', {}), row('flag', 'a', 'prod', {})];
    const segment = [row('segment', 's', undefined, { segment: 's' }), row('segment', 's', 'prod', {})];
    expect(changesInWords(changes([], [...flag, ...segment]))).toEqual(['a  created', 'segment s  created']);
    expect(changesInWords(changes(flag, []))).toEqual(['a  deleted']);
    expect(changesInWords(changes(segment.slice(0, 1), segment))).toEqual(['segment s  prod  created']);
  });

  test('a change of the access policy is told person by person and rule by rule', () => {
    const policy = (approvals: number, roles: string[]) => [
      row('access', 'access', undefined, {
        access: 1,
        people: { bob: { roles } },
        rules: [{ role: 'developer', may: ['change'], approvals }],
      }),
    ];
    expect(changesInWords(changes(policy(1, ['viewer']), policy(0, ['developer'])))).toEqual([
      'access policy  person bob  roles [viewer] → [developer]',
      'access policy  rule 1  approvals 1 → 0',
    ]);
    expect(changesInWords(changes(policy(1, []), []))).toEqual(['access policy  deleted']);
  });

  test('what a row repeats of its definition, in its normal form, is said once', () => {
    const rows = (value: string) => [
      row('segment', 's', undefined, { segment: 's', if: { attribute: 'plan', operator: 'eq', value } }),
      row('segment', 's', 'prod', { if: { and: [{ attribute: 'plan', operator: 'in', value: [value] }] } }),
    ];
    expect(changesInWords(changes(rows('pro'), rows('free')))).toEqual([
      'segment s  if plan eq pro → plan eq free',
    ]);
    const project = (salt: string) => [
      row('project', 'a/b', undefined, { project: 'a/b', environments: { prod: { salt } } }),
      row('project', 'a/b', 'prod', { salt }),
    ];
    expect(changesInWords(changes(project('x1'), project('x2')))).toEqual([
      'project a/b  environment prod  salt x1 → x2',
    ]);
  });

  test('two long values are cut so that their difference is in sight', () => {
    const rows = (text: string) => [
      row('flag', 'a', undefined, { description: `${'so '.repeat(50)}${text}` }),
    ];
    expect(changesInWords(changes(rows('small'), rows('big')))).toEqual([
      'a  description …o so so so so so so small" → …o so so so so so so big"',
    ]);
    const [line = ''] = changesInWords(changes(rows('x'.repeat(100)), rows('y'.repeat(100))));
    expect(line).toMatch(/ x+… → …o .* y+…$/);
  });

  test('what differs in a hidden value alone is said to have changed', () => {
    const rows = (value: string) => [
      row('segment', 's', undefined, { if: { attribute: 'targetingKey', operator: 'eq', value } }),
    ];
    expect(changesInWords(changes(rows('alice'), rows('bob')))).toEqual([
      'segment s  if changed: targetingKey eq <personal>',
    ]);
  });

  test('hidden values, added and removed fields have words of their own', () => {
    const before = [row('segment', 's', 'prod', { include: ['alice'], unit: 'account' })];
    const after = [row('segment', 's', 'prod', { include: ['bob'], exclude: ['eve'] })];
    expect(changesInWords(changes(before, after))).toEqual([
      'segment s  prod  exclude added: <personal>',
      'segment s  prod  include changed',
      'segment s  prod  unit removed: account',
    ]);
  });

  test('nothing in them moves a terminal’s cursor', () => {
    const before = [row('flag', 'a', undefined, { description: 'x' })];
    const after = [row('flag', 'a', undefined, { description: 'y\u001b[2J\u202e' })];
    const words = changesInWords(changes(before, after)).join();
    for (const mover of ['\u001b', '\u202e']) expect(words).not.toContain(mover);
  });
});
