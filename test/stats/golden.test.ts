// Holds the statistics to reference numbers, by the command that also answers other sets of the same form.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { GoldenCase } from './golden/answers.ts';
import { differences, failures, type Tolerance } from './golden/compare.ts';

interface Group {
  id: string;
  tolerance: Tolerance;
  cases: GoldenCase[];
}

const FILE = new URL('golden.json', import.meta.url).pathname;
const set: { groups: Group[] } = JSON.parse(readFileSync(FILE, 'utf8'));
const answers = answersOf(FILE);

describe('npm run golden', () => {
  it('is asked for all groups of references', () => {
    expect(set.groups.map(({ cases }) => cases.length).reduce((a, b) => a + b)).toBe(776);
    expect(Object.keys(answers)).toEqual(set.groups.map(({ id }) => id));
  });

  it.each(set.groups.map(({ id }) => id))('%s is within its tolerance', (id) => {
    const groups = set.groups.filter((group) => group.id === id);
    expect(failures({ groups }, answers)).toEqual([]);
  });

  it('goes by the inputs alone: cases of other names, in another order, have the same answers', () => {
    const renamed = set.groups.map(({ id, cases, ...head }) => ({
      id,
      ...head,
      cases: cases.map((asked, i) => ({ ...asked, id: `case ${i}` })).reverse(),
    }));
    const folder = mkdtempSync(join(tmpdir(), 'halyard-golden-'));
    try {
      const file = join(folder, 'renamed.json');
      writeFileSync(file, JSON.stringify({ groups: renamed }));
      const again = answersOf(file);
      for (const { id, cases } of set.groups) {
        expect(cases.map((_, i) => again[id]?.[`case ${i}`])).toEqual(
          cases.map((asked) => answers[id]?.[asked.id]),
        );
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the comparison', () => {
  it.each([
    [1, 1 + 1e-9, 1],
    [1, null, 1],
    [1, '1', 1],
    [null, 0, 1],
    [{ a: 1, b: 2 }, { a: 1 }, 1],
    [[1, 2], [1], 1],
    ['Infinity', 1e308, 1],
    [1, 1 + 1e-11, 0],
    [{ a: 1 }, { a: 1, b: 2 }, 0],
    [null, undefined, 0],
  ])('of %j with %j sees %i differences', (expected, got, count) => {
    expect(differences(expected, got, { rel: 1e-10 })).toHaveLength(count);
  });

  it('takes the tolerance of a field before that of its group', () => {
    const tolerance = { rel: 1e-12, fields: { p: { rel: 1e-3 } } };
    expect(differences({ arms: [{ p: 1, t: 1 }] }, { arms: [{ p: 1.0001, t: 1.0001 }] }, tolerance)).toEqual([
      'answer.arms.0.t: 1.0001 is not 1',
    ]);
  });
});

function answersOf(file: string): Record<string, Record<string, unknown>> {
  const main = new URL('golden/main.ts', import.meta.url).pathname;
  return JSON.parse(execFileSync(process.execPath, [main, file], { encoding: 'utf8', maxBuffer: 2 ** 26 }));
}
