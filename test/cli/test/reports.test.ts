// What `halyard test` prints at the edges: odd names, many failures, what is shown first and what is counted.
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { percent } from '../../../src/cli/test/coverage-text.ts';
import { failureLines } from '../../../src/cli/test/failure-text.ts';
import { roundGithub } from '../../../src/cli/test/github.ts';
import { roundJunit } from '../../../src/cli/test/junit.ts';
import type { Round } from '../../../src/cli/test/round.ts';
import { roundText } from '../../../src/cli/test/text.ts';
import { type CaseResult, type Failure, MOST_EXPLAINED } from '../../../src/flag-tests/run.ts';
import type { Problem } from '../../../src/model/problem.ts';

const FAILURE: Failure = { field: 'variation', anyOf: ['on'], actual: 'off' };

function failing(file: string, failures: Failure[] = [FAILURE]): CaseResult {
  const place = { file, line: 4, column: 5, flag: 'f', environment: 'prod', name: 'a case' };
  const asked = { context: {}, nowMs: 0, experiments: [], expected: [], buckets: [] };
  return { case: { ...place, ...asked }, failures, durationMs: 0 };
}

function round(part: Partial<Round>): Round {
  const nothing = { problems: [], results: [], files: 1, durationMs: 1 };
  return { path: 'flags', wanted: [], ok: false, isBroken: false, ...nothing, ...part };
}

test('JUnit XML is well-formed whatever a file is called', () => {
  const xml = roundJunit(round({ results: [failing('a\u0001\u001b\ud800\ufffe<&>"\'.test.yaml')] }));
  expect(XMLValidator.validate(xml)).toBe(true);
  expect(xml.isWellFormed()).toBe(true);
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' });
  expect(parser.parse(xml).testsuites.testsuite.testcase.file).toMatch(/^flags\/a\ufffd+<&>"'\.test\.yaml$/);
});

test('annotations of errors come before those of warnings, since GitHub shows few', () => {
  const warning: Problem = {
    severity: 'warning',
    code: 'attribute-not-declared',
    file: 'a.test.yaml',
    line: 1,
    column: 1,
    message: 'M.',
    hint: 'H.',
  };
  const lines = roundGithub(round({ problems: [warning], results: [failing('b.test.yaml')] }), '').split(
    '\n',
  );
  expect(lines.map((line) => /^::\w+/.exec(line)?.[0])).toEqual([
    '::error',
    '::warning',
    undefined,
    undefined,
  ]);
});

describe('what is too much to read is counted', () => {
  test('failing cases', () => {
    const results = Array.from({ length: MOST_EXPLAINED + 1 }, (_, i) => failing(`${i}.test.yaml`));
    const text = roundText(round({ results }));
    expect(text.match(/ failed {2}f in prod/g)).toHaveLength(MOST_EXPLAINED);
    expect(text).toContain('\n… and 1 more failing case.\n');
    expect(roundText(round({ results: results.slice(1) }))).not.toContain('more failing');
  });

  test('ranges of buckets', () => {
    const failures = Array.from({ length: 21 }, (_, i) => ({
      ...FAILURE,
      buckets: { from: 2 * i, to: 2 * i },
    }));
    const lines = failureLines(failures);
    expect(lines).toHaveLength(21);
    expect(lines[19]).toBe('variation: expected "on", got "off" for the bucket 38');
    expect(lines[20]).toBe('and so on: 1 more range of buckets');
    expect(failureLines(failures.slice(1))).toHaveLength(20);
  });
});

test.each([
  [9_999, 10_000, 99.9],
  [10_000, 10_000, 100],
  [0, 0, 100],
  [1, 3, 33.3],
])('%i of %i ways are a coverage of %d percent: only all of them are 100', (covered, total, expected) => {
  expect(percent({ covered, total, flags: [] })).toBe(expected);
});
