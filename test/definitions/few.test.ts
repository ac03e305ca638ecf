// How much is kept of a file that has more wrong with it than anybody reads.
import { expect, test } from 'vitest';
import { Few } from '../../src/definitions/few.ts';
import { readFile } from '../../src/definitions/read-file.ts';
import { limits } from '../../src/definitions/source-file.ts';
import { bytes, flag, load } from './support/project.ts';

const many = (count: number, item: string) => Array.from({ length: count }, () => item).join(', ');
const empty = flag('f', `rules: [{ name: r, if: { and: [${many(5_000, '{}')}] }, then: { serve: on } }]`);

test('a hundred faults and a hundred findings are kept of thousands, and all are counted', () => {
  const read = readFile('f.yaml', bytes(empty));
  expect([read.findings.length, read.omitted]).toEqual([
    limits.problemsOfFile,
    5_000 - limits.problemsOfFile,
  ]);
  const anchors = readFile('f.yaml', bytes('&a '.repeat(5_000)));
  expect([anchors.faults.length, anchors.omitted]).toEqual([limits.problemsOfFile, expect.any(Number)]);
  expect(load({ 'f.yaml': empty }).problems.at(-1)?.message).toBe(
    'There are 4,900 more problems, not listed here.',
  );
});

test('what only other files tell is kept as little, and counted', () => {
  const tests = many(1_200, '{ attribute: contry, operator: exists }');
  const { problems } = load({
    'f.yaml': flag('f', `rules: [{ name: r, if: { or: [${tests}] }, then: { serve: on } }]`),
  });
  expect(problems.filter(({ code }) => code === 'unknown-attribute')).toHaveLength(100);
  expect(problems.find(({ code }) => code === 'too-many-problems')?.message).toBe(
    'There are 1,100 more problems, not listed here.',
  );
});

test('errors are kept however many warnings come before them', () => {
  const warnings = Array.from({ length: 300 }, () => ({ code: 'rule-without-name' as const }));
  const { kept, omitted } = new Few([...warnings, { code: 'unknown-flag' as const }]);
  expect([kept.length, omitted, kept.at(-1)?.code]).toEqual([101, 200, 'unknown-flag']);
});
