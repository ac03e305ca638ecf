// The table of problem codes, and the order of problems.
import { expect, test } from 'vitest';
import { compareProblems, type Problem, problemCodes } from '../../src/model/problem.ts';

test('codes are kebab-case, and each has a sentence', () => {
  for (const [code, { summary }] of Object.entries(problemCodes)) {
    expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
    expect(summary).toMatch(/^[A-Z].*\.$/);
  }
});

test('problems are ordered by file, line and column, then by code', () => {
  const at = (file: string, line: number, column: number, code: Problem['code']): Problem => ({
    file,
    line,
    column,
    code,
    severity: 'error',
    message: '',
    hint: '',
  });
  const sorted = [
    at('B.yaml', 9, 9, 'unknown-key'),
    at('a.yaml', 2, 10, 'unknown-key'),
    at('a.yaml', 10, 1, 'missing-key'),
    at('a.yaml', 10, 1, 'unknown-key'),
  ];
  expect(sorted.toReversed().sort(compareProblems)).toEqual(sorted);
});
