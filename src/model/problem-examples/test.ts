// Examples of what is wrong with tests of flags.
import type { ProblemExample } from './example.ts';
import { experiment, files, flag, user } from './writers.ts';

const RULE =
  ' rules:\n   - { name: beta, if: { attribute: beta, operator: eq, value: true }, then: { serve: on } }';

/** A test of the flag `checkout`: the lines of its one case are given with their marks. */
function testCase(lines: string, rules = RULE): string {
  return files(flag(rules), testFile(lines));
}

function testFile(lines: string): string {
  const indented = lines.replace(/^\n|\n$/g, '').replace(/^(.)(?=.)/gm, '$1    ');
  return `# checkout.test.yaml
 test: checkout
 environment: prod
 cases:
   - name: some
${indented}`;
}

function experimentCase(lines: string): string {
  return files(user('experiment', 'layout'), experiment('layout', ' traffic: 50'), testFile(lines));
}

export const testExamples = {
  'duplicate-case': {
    mend: 'Give each case a name that says what it shows.',
    diff: files(
      testCase(' context: { beta: true }\n expect: { value: true }'),
      '-  - name: some\n+  - name: others\n     expect: { value: false }',
    ),
  },
  'unknown-rule': {
    mend: 'Name a rule of the flag in that environment, or null where none decides.',
    diff: testCase(' context: { beta: true }\n-expect: { rule: betta }\n+expect: { rule: beta }'),
  },
  'unknown-value': {
    mend: 'Expect the value of one of the variations, or name the variation instead.',
    diff: testCase('-expect: { value: off }\n+expect: { value: false }'),
  },
  'unknown-arm': {
    mend: 'Name an arm of the experiment, or `none`.',
    diff: experimentCase(
      '-experiments: { layout: one-page }\n+experiments: { layout: on }\n expect: { variation: on }',
    ),
  },
  'arm-not-fixable': {
    mend: 'Fix arms that a unit can have: those with a weight, of an experiment with a share, one in each layer.',
    diff: files(
      user('experiment', 'layout'),
      experiment(
        'layout',
        ' traffic: 50\n arms: [{ variation: off, weight: 100 }, { variation: on, weight: 0 }]',
        false,
      ),
      testFile(
        '-experiments: { layout: on }\n+experiments: { layout: off }\n expect: { variation: [on, off] }',
      ),
    ),
  },
  'invalid-bucket-range': {
    mend: 'Write a number from 0 to 9999, or two with a dash between, the smaller one first.',
    diff: testCase('-buckets: { 0-10000: off }\n+buckets: { 0-9999: off }'),
  },
  'bucket-ranges-overlap': {
    mend: 'Begin each range after the end of the one before: both ends belong to a range.',
    diff: testCase(
      '-buckets: { 0-1000: on, 1000-9999: off }\n+buckets: { 0-999: on, 1000-9999: off }',
      ' serve: on\n percent: 10',
    ),
  },
  'unknown-matrix-variable': {
    mend: 'Add the list to the matrix, or use a name that it has.',
    diff: testCase(`
 matrix: { beta: [true, false] }
-context: { beta: "\${beta}", plan: "\${plan}" }
+context: { beta: "\${beta}", plan: pro }
 expect: { variation: [on, off] }`),
  },
  'too-many-cases': {
    mend: 'Try fewer values, or split the file.',
    diff: testCase(`
 matrix:
   age: [${Array.from({ length: 101 }, (_, age) => age).join(', ')}]
-  more: [${Array.from({ length: 100 }, (_, age) => age).join(', ')}]
-context: { age: "\${age}", plan: "\${more}" }
+context: { age: "\${age}" }
 expect: { value: false }`),
  },
  'matrix-variable-not-used': {
    mend: 'Put its placeholder where the values belong, or remove the list.',
    diff: testCase(`
-matrix: { beta: [true, false], plan: [free, pro] }
+matrix: { beta: [true, false] }
 context: { beta: "\${beta}" }
 expect: { variation: [on, off] }`),
  },
  'attribute-not-declared': {
    mend: 'Correct the name, or declare the attribute in project.yaml.',
    diff: testCase('-context: { betta: true }\n+context: { beta: true }\n expect: { variation: [on, off] }'),
  },
  'attribute-not-of-type': {
    mend: 'Write the value as apps send it. Versions and instants are texts, in quotes.',
    diff: testCase(
      '-context: { appVersion: 4.2 }\n+context: { appVersion: "4.2" }\n expect: { value: false }',
    ),
  },
  'test-without-time': {
    mend: 'Add `at:` to the test or to each of its cases.',
    diff: testCase(
      '+at: 2026-12-02T00:00:00Z\n buckets: { 0-9999: [on, off] }',
      ' serve: on\n ramp:\n   - { at: 2026-12-01T09:00:00Z, percent: 5 }',
    ),
  },
} satisfies Record<string, ProblemExample>;
