// Every example of a problem: its files provoke that problem alone, and the mended files none.
import { describe, expect, test } from 'vitest';
import { overdue } from '../../src/definitions/expiry.ts';
import { loadDefinitions } from '../../src/definitions/load.ts';
import { loadTests } from '../../src/flag-tests/load.ts';
import { type ProblemCode, problemCodes } from '../../src/model/problem.ts';
import { exampleFiles, type Side } from '../../src/model/problem-examples/example.ts';
import { problemExamples } from '../../src/model/problem-examples.ts';
import { nothingApplied } from '../../src/sync/applied.ts';
import { judgeCommit } from '../../src/sync/judge.ts';
import { someCommit } from '../support/many-flags.ts';

const SOURCE = { repository: '/srv/shop', path: '.', branch: 'main' };

/** What `check` says on a day of 2026, what `sync` says where acme/shop is applied, and what `test` says. */
function problemsOf(code: ProblemCode, side: Side): ProblemCode[] {
  const files = exampleFiles(problemExamples[code], side);
  const overrides = new Map([['flag\tranking\tprod', { serve: 'classic', until: '2026-11-20T04:00:00Z' }]]);
  const applied = { ...nothingApplied('acme/shop', SOURCE), overrides, project: 'acme/shop' };
  const judgement = judgeCommit(someCommit, files, applied, undefined);
  const refused = judgement.type === 'rejected' ? judgement.problems : [];
  const loaded = loadDefinitions(files);
  const checked = [...loaded.problems, ...overdue(loaded, '2026-11-20')];
  const tests =
    loaded.definitions && problemCodes[code].group === 'test' && loadTests(files, loaded.definitions);
  return [
    ...new Set([...checked, ...refused, ...(tests ? tests.problems : [])].map((problem) => problem.code)),
  ];
}

/** What only a commit's signature and approvals can show is provoked where the policy is tested. */
const codes = Object.keys(problemCodes) as ProblemCode[];

describe.each(codes.filter((code) => problemCodes[code].group !== 'access'))('the example of %s', (code) => {
  // One that stands for the rest of a long list cannot be alone.
  const alone = code === 'too-many-problems' ? [code, 'unknown-variation'] : [code];

  test('has this problem and no other', () => {
    expect(problemsOf(code, 'broken').sort()).toEqual(alone);
  });

  test('has none when it is mended', () => {
    expect(problemsOf(code, 'mended')).toEqual([]);
  });
});

test.each(codes)('the example of %s says what to do in whole sentences', (code) => {
  const example = problemExamples[code];
  expect(example.mend).toMatch(/^[A-Z].*[.]$/);
  if ('words' in example) expect(example.words).toMatch(/^[A-Z`].*[.]$/);
});

test('there is no example of a code that there is not', () => {
  expect(Object.keys(problemExamples).sort()).toEqual(Object.keys(problemCodes).sort());
});
