// What is wrong with a test as a whole: its flag and environments, its cases beside each other, their number and their time.
import type { Finding, Path } from '../definitions/finding.ts';
import { printable, ticked } from '../lib/printable.ts';
import type { FlagTest, TestCase } from '../model/definitions.gen.ts';
import type { Tested } from './check-case.ts';
import { type CaseCount, caseLimits, countOf } from './limits.ts';
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
    first.set(name, before ?? index);
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

/** At the case with which it is too much for the file, or for what `room` the folder has. Nothing is written out yet. */
export function tooManyFinding(
  cases: readonly [number, TestCase][],
  environments: number,
  room: CaseCount,
): { finding?: Finding; count: CaseCount } {
  const count = { cases: 0, values: 0 };
  for (const [index, body] of cases) {
    const one = countOf(body);
    count.cases += one.cases * environments;
    count.values += one.values;
    const [limits, where] = isWithin(count, caseLimits.ofFile)
      ? [caseLimits.ofFolder, 'all files together have']
      : [caseLimits.ofFile, 'the file has'];
    if (limits === caseLimits.ofFolder && isWithin(count, room)) continue;
    const what = `${limits.cases.toLocaleString('en')} cases, or ${limits.values.toLocaleString('en')} values in them`;
    const finding: Finding = {
      code: 'too-many-cases',
      path: ['cases', index, body.matrix ? 'matrix' : 'name'],
      on: 'key',
      message: `With this case, its combinations counted, ${where} more than ${what}.`,
      hint: 'Try fewer or shorter values: a few that differ in what the rules ask for are enough.',
    };
    return { finding, count };
  }
  return { count };
}

function isWithin(count: CaseCount, limits: CaseCount): boolean {
  return count.cases <= limits.cases && count.values <= limits.values;
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
