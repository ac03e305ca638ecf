// Tests of flags that nobody would write: they come to cases or to problems, and never to an exception.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are placeholders of matrices
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadTests } from '../../src/flag-tests/load.ts';
import { runCases } from '../../src/flag-tests/run.ts';
import { load, sourceFiles } from '../definitions/support/project.ts';
import { TEXTS, testOf } from './support.ts';

describe('a test that someone changed anyhow', () => {
  const { definitions } = load(TEXTS);
  const whole = testOf(`- name: a
  matrix: { plan: [free, pro] }
  context: { targetingKey: u1, plan: "\${plan}" }
  at: 2026-12-24T00:00:00Z
  experiments: { layout: on }
  buckets: { 0-999: on, 1000-9999: [on, off] }
  expect: { value: [true, false], reason: [SPLIT, DEFAULT], rule: null }`);
  const lines = whole.split('\n');
  const junk = fc.constantFrom(
    'null',
    '[]',
    '{}',
    '7',
    '- x',
    '"${plan}"',
    'at: {}',
    'cases: 7',
    'matrix: [1]',
    '0-5: {}',
  );

  test('comes to cases or to problems, and never to an exception', () => {
    if (!definitions) throw new Error('the project has problems');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(lines.length - 1), fc.nat(40), junk), { maxLength: 3 }),
        (changes) => {
          const changed = [...lines];
          for (const [line, column, text] of changes)
            changed[line] = `${changed[line]?.slice(0, column)}${text}`;
          const loaded = loadTests(sourceFiles({ 'c.test.yaml': changed.join('\n') }), definitions);
          const hasErrors = loaded.problems.some(({ severity }) => severity === 'error');
          expect(loaded.cases.length > 0).toBe(!hasErrors);
        },
      ),
      { numRuns: 500, seed: 7 },
    );
  });
});

test('a hundred thousand placeholders that do not end are text, and take no time', () => {
  const { definitions } = load(TEXTS);
  if (!definitions) throw new Error('the project has problems');
  const openings = '${'.repeat(100_000);
  const text = testOf(
    `- { name: a, matrix: { x: [US] }, context: { country: "\${x}$\${${openings}$\${" }, expect: { value: false } }`,
  );
  const { cases } = loadTests(sourceFiles({ 'c.test.yaml': text }), definitions);
  expect(cases[0]?.context.country === `US\${${openings}\${`).toBe(true);
});

test('any value of a matrix may stand in any part of a case: it comes to cases or to problems', () => {
  const { definitions } = load(TEXTS);
  if (!definitions) throw new Error('the project has problems');
  const key = fc.constantFrom('toString', 'valueOf', 'toJSON', 'then', 'length', 'a');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, -0, 1e21, '', 'on', '${x}', 'SPLIT', 'none', '2026-12-24T00:00:00Z'),
      fc.array(tie('value'), { maxLength: 2 }),
      fc.dictionary(key, tie('value'), { maxKeys: 2 }),
    ),
  }));
  const x = '"${x}"';
  const parts = [
    `context: { plan: ${x}, country: { a: [${x}] } }, expect: { value: ${x} }`,
    `at: ${x}, expect: { variation: [${x}] }`,
    `experiments: { layout: ${x} }, expect: { arm: ${x}, experiment: ${x}, requires: ${x} }`,
    `buckets: { 0-999: ${x}, 1000-9999: [on, ${x}] }, expect: { rule: ${x}, reason: ${x}, errorCode: ${x} }`,
  ];
  fc.assert(
    fc.property(value, fc.constantFrom(...parts), (each, part) => {
      const text = testOf(`- { name: a, matrix: { x: [${JSON.stringify(each)}] }, ${part} }`);
      const { cases, problems } = loadTests(sourceFiles({ 'c.test.yaml': text }), definitions);
      expect(cases.length > 0).toBe(problems.every(({ severity }) => severity !== 'error'));
      expect([...runCases(cases, definitions, { clock: () => 0 })]).toHaveLength(cases.length);
    }),
    { numRuns: 500, seed: 3 },
  );
});
