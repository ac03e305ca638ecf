// A small project whose flag is tested: what the tests of tests share.
import { type LoadedTests, loadTests } from '../../src/flag-tests/load.ts';
import { type CaseResult, runCases } from '../../src/flag-tests/run.ts';
import type { Definitions } from '../../src/model/definition.ts';
import { load, sourceFiles, type Texts } from '../definitions/support/project.ts';

export const FLAG = `flag: checkout
description: A test.
owner: tests
permanent: true
type: boolean
environments:
  dev: { serve: on }
  prod:
    targets: { on: [alice] }
    rules:
      - name: pro
        if: { attribute: plan, operator: eq, value: pro }
        then: { serve: on }
      - name: ramp
        if: { attribute: country, operator: eq, value: US }
        then: { serve: on, percent: 10 }
      - if: { attribute: beta, operator: eq, value: true }
        then: { experiment: layout }
    serve: off
`;

export const EXPERIMENT = `experiment: layout
flag: checkout
status: running
environments: [prod]
traffic: 50
arms:
  - { variation: off, weight: 50 }
  - { variation: on, weight: 50 }
`;

export const TEXTS = { 'checkout.yaml': FLAG, 'layout.yaml': EXPERIMENT };

/** The text of a test of `checkout` in prod, of which the cases are given. */
export function testOf(cases: string, head = 'test: checkout\nenvironment: prod'): string {
  const indented = cases.trim().replace(/\n(?=.)/g, '\n  ');
  return `${head}\ncases:\n  ${indented}\n`;
}

export interface LoadedBoth extends LoadedTests {
  definitions: Definitions;
}

/** Loads the texts beside a small project, which must have no errors. */
export function loadBoth(texts: Texts): LoadedBoth {
  const loaded = load(texts);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems, null, 2));
  return { definitions: loaded.definitions, ...loadTests(sourceFiles(texts), loaded.definitions) };
}

/** Runs all cases of the texts, which must have no problems. */
export function run(texts: Texts): CaseResult[] {
  const { cases, definitions, problems } = loadBoth(texts);
  if (problems.length > 0) throw new Error(JSON.stringify(problems, null, 2));
  return [...runCases(cases, definitions, { clock: () => 0 })];
}

/** `name: failure` of each case that fails. */
export function failuresOf(results: readonly CaseResult[]): string[] {
  return results.flatMap(({ case: { name }, failures }) =>
    failures.map(({ field, anyOf, actual, buckets }) => {
      const range = buckets ? ` for ${buckets.from}-${buckets.to}` : '';
      return `${name}: ${field} ${JSON.stringify(anyOf)} is ${JSON.stringify(actual)}${range}`;
    }),
  );
}

/** What fails of the cases of one test, beside the texts. */
export function failures(cases: string, texts: Texts = TEXTS, head?: string): string[] {
  return failuresOf(run({ ...texts, 'c.test.yaml': testOf(cases, head) }));
}
