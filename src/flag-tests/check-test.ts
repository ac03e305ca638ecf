// One test against the definitions: everything that is wrong with it, and the cases that it comes to.
import type { Finding, Path } from '../definitions/finding.ts';
import { printable, ticked } from '../lib/printable.ts';
import type { FlagTest, TestCase } from '../model/definitions.gen.ts';
import { bucketFindings, expectationFindings, experimentFindings, type Tested } from './check-case.ts';
import { contextFindings } from './check-context.ts';
import { combinationText, type ResolvedCase, resolve } from './expand.ts';
import type { FlagCase } from './flag-case.ts';
import { caseLimits } from './limits.ts';
import {
  combinationCount,
  combinations,
  matrixFindings,
  matrixOf,
  type Placeholder,
  placeholdersIn,
  TEMPLATES,
  templateOf,
} from './matrix.ts';
import type { ReadTest } from './read-test.ts';
import { dependsOnTime, type TestWorld } from './world.ts';

/** `index` is that of the case in its file. */
export type CheckedCase = Omit<FlagCase, 'file' | 'line' | 'column'> & { index: number };

export interface CheckedTest {
  cases: CheckedCase[];
  findings: Finding[];
}

/** `room` is how many cases the folder may still have. */
export function checkTest({ test, broken }: ReadTest, world: TestWorld, room: number): CheckedTest {
  const checked: CheckedTest = { cases: [], findings: [] };
  if (!test) return checked;
  const { findings } = checked;
  const tested = testedBy(test, world, findings);
  const sound = [...test.cases.entries()].filter(([index]) => !broken.has(index));
  findings.push(...duplicateFindings(sound));
  const written = sound.map(([index, body]) => writtenCase(index, body, findings));
  const tooMany = tooManyFinding(sound, tested?.environments.length ?? 1, room);
  if (tooMany) return { cases: [], findings: [...findings, tooMany] };
  if (!tested) return checked;
  for (const one of written) if (one.isSound) expandCase(one, test, tested, world, checked);
  findings.push(...clockFindings(test, tested, world));
  return checked;
}

interface WrittenCase {
  index: number;
  body: TestCase;
  placeholders: Placeholder[];
  /** Whether every placeholder can be replaced. */
  isSound: boolean;
}

/** What the case alone can tell. */
function writtenCase(index: number, body: TestCase, findings: Finding[]): WrittenCase {
  const path = ['cases', index];
  const template = templateOf(body);
  const placeholders = TEMPLATES.flatMap((part) => placeholdersIn(template[part], [...path, part]));
  const found = matrixFindings(body, path, placeholders);
  findings.push(...found);
  if (!body.expect && !body.buckets) {
    const message = 'The case expects nothing, so it shows nothing.';
    findings.push({ code: 'missing-key', path, message, hint: 'Add `expect:`, or `buckets:`.' });
  }
  return {
    index,
    body,
    placeholders,
    isSound: found.every(({ code }) => code === 'matrix-variable-not-used'),
  };
}

/** Undefined where there is nothing to run the cases on. */
function testedBy(test: FlagTest, world: TestWorld, findings: Finding[]): Tested | undefined {
  const flag = world.flags.get(test.test);
  if (!flag) {
    const hint = world.suggestions.hintFor(test.test, world.flags, 'Name one that there is.');
    findings.push({
      code: 'unknown-flag',
      path: ['test'],
      message: `There is no flag ${ticked(test.test)}.`,
      hint,
    });
  }
  const named: [string, Path][] =
    test.environment === undefined
      ? (test.environments ?? []).map((name, index) => [name, ['environments', index]])
      : [[test.environment, ['environment']]];
  const environments = named.flatMap(([name, path]) => {
    if (world.environments.includes(name)) return [name];
    const hint = world.suggestions.hintFor(name, new Set(world.environments), 'Add it there.');
    const message = `project.yaml has no environment ${ticked(name)}.`;
    findings.push({ code: 'unknown-environment', path, message, hint });
    return [];
  });
  return flag && environments.length > 0 ? { key: test.test, flag, environments } : undefined;
}

function duplicateFindings(cases: readonly [number, TestCase][]): Finding[] {
  const first = new Map<string, number>();
  return cases.flatMap(([index, { name }]): Finding[] => {
    const before = first.get(name);
    if (before === undefined) first.set(name, index);
    if (before === undefined) return [];
    const message = `The name ${ticked(name)} is that of an earlier case too (the ${ordinal(before + 1)}).`;
    const hint = 'Say what this one shows, so that a failure names one of them.';
    return [{ code: 'duplicate-case', path: ['cases', index, 'name'], message, hint }];
  });
}

function ordinal(number: number): string {
  const suffix = ['th', 'st', 'nd', 'rd'][number % 100 > 10 && number % 100 < 14 ? 0 : number % 10] ?? 'th';
  return `${number}${suffix}`;
}

/** At the case with which it is too much. Counted before anything is written out. */
function tooManyFinding(
  cases: readonly [number, TestCase][],
  environments: number,
  room: number,
): Finding | undefined {
  let count = 0;
  for (const [index, body] of cases) {
    count += combinationCount(matrixOf(body)) * environments;
    if (count <= Math.min(caseLimits.ofFile, room)) continue;
    const [limit, where] =
      count > caseLimits.ofFile
        ? [caseLimits.ofFile, 'the file has']
        : [caseLimits.ofFolder, 'all files together have'];
    const message = `With this case, its combinations counted, ${where} more than ${limit.toLocaleString('en')} cases.`;
    return {
      code: 'too-many-cases',
      path: ['cases', index, ...(body.matrix ? ['matrix'] : ['name'])],
      on: 'key',
      message,
      hint: 'Try fewer values: a few that differ in what the rules ask for are enough.',
    };
  }
  return undefined;
}

function expandCase(
  { index, body, placeholders }: WrittenCase,
  test: FlagTest,
  tested: Tested,
  world: TestWorld,
  { cases, findings }: CheckedTest,
): void {
  const path = ['cases', index];
  const hidden = hiddenNames(placeholders, path.length, world);
  const said = new Set<string>();
  for (const combination of combinations(matrixOf(body))) {
    const resolved = resolve(body, path, combination, tested.flag.type === 'json', test.at);
    for (const finding of caseFindings(resolved, path, tested, world)) {
      // Combinations share most of what is wrong with them.
      const id = JSON.stringify([finding.path, finding.message]);
      if (!said.has(id)) findings.push(finding);
      said.add(id);
    }
    const name = `${body.name}${combinationText(combination, body, hidden)}`;
    const { context, nowMs, experiments, expected, buckets } = resolved;
    const ranges = buckets.map(({ from, to, anyOf }) => ({ from, to, anyOf }));
    for (const environment of tested.environments) {
      const one = { index, flag: tested.key, environment, name, context, nowMs, experiments, expected };
      cases.push({ ...one, buckets: ranges });
    }
  }
}

function caseFindings(resolved: ResolvedCase, path: Path, tested: Tested, world: TestWorld): Finding[] {
  const { context, experiments, expected, isList, buckets, findings } = resolved;
  return [
    ...findings,
    ...contextFindings(context, [...path, 'context'], world),
    ...experimentFindings(experiments, [...path, 'experiments'], world),
    ...buckets.flatMap(({ key, anyOf }) => bucketFindings(anyOf, [...path, 'buckets', key], tested)),
    ...expectationFindings(expected, [...path, 'expect'], isList, tested, world),
  ];
}

/** Names of the matrix that give personal attributes their values. */
function hiddenNames(
  placeholders: readonly Placeholder[],
  depth: number,
  { personal }: TestWorld,
): ReadonlySet<string> {
  const names = placeholders.flatMap(({ name, path }) => {
    const [part, ...attribute] = path.slice(depth);
    if (part !== 'context') return [];
    const isPersonal = attribute.some((_, end) => personal.has(attribute.slice(0, end + 1).join('.')));
    return isPersonal ? [name] : [];
  });
  return new Set(names);
}

/** Without a clock a case runs at a fixed time, which surprises whoever tests a schedule. */
function clockFindings(test: FlagTest, tested: Tested, world: TestWorld): Finding[] {
  const timeless = test.at === undefined ? test.cases.filter(({ at }) => at === undefined).length : 0;
  if (timeless === 0) return [];
  const scheduled = tested.environments.filter((environment) =>
    dependsOnTime(world, tested.key, environment),
  );
  if (scheduled.length === 0) return [];
  const message = `The flag follows a schedule in ${printable(scheduled.join(', '), 200)}, and ${timeless === 1 ? 'a case does' : `${timeless} cases do`} not say at which time.`;
  const hint = 'Add `at:` to the test or to each case: without it the time is 2000-01-01T00:00:00Z.';
  return [{ code: 'test-without-time', path: ['test'], message, hint }];
}
