// What is wrong with a test as a whole: its flag and environments, its cases beside each other, their number and their time.
import type { Finding, Path } from '../definitions/finding.ts';
import { printable, ticked } from '../lib/printable.ts';
import type { FlagTest, TestCase } from '../model/definitions.gen.ts';
import type { Tested } from './check-case.ts';
import { caseLimits } from './limits.ts';
import { combinationCount, matrixOf } from './matrix.ts';
import { dependsOnTime, type TestWorld } from './world.ts';

/** Undefined where there is nothing to run the cases on. */
export function testedBy(test: FlagTest, world: TestWorld, findings: Finding[]): Tested | undefined {
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

export function duplicateFindings(cases: readonly [number, TestCase][]): Finding[] {
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
export function tooManyFinding(
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

/** Without a clock a case runs at a fixed time, which surprises whoever tests a schedule. */
export function clockFindings(test: FlagTest, tested: Tested, world: TestWorld): Finding[] {
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
