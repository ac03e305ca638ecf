// One test against the definitions: everything that is wrong with it, and the cases that it comes to.
import type { Finding, Path } from '../definitions/finding.ts';
import { ticked } from '../lib/printable.ts';
import type { FlagTest, TestCase } from '../model/definitions.gen.ts';
import { bucketFindings, expectationFindings, experimentFindings, type Tested } from './check-case.ts';
import { contextFindings } from './check-context.ts';
import { clockFindings, duplicateFindings, testedBy, tooManyFinding } from './check-whole.ts';
import { combinationText, type ResolvedCase, resolve } from './expand.ts';
import type { FlagCase } from './flag-case.ts';
import type { CaseCount } from './limits.ts';
import {
  combinations,
  matrixFindings,
  matrixOf,
  type Placeholder,
  placeholdersIn,
  TEMPLATES,
  templateOf,
} from './matrix.ts';
import type { ReadTest } from './read-test.ts';
import type { TestWorld } from './world.ts';

/** `index` is that of the case in its file. */
export type CheckedCase = Omit<FlagCase, 'file' | 'line' | 'column'> & { index: number };

export interface CheckedTest {
  cases: CheckedCase[];
  findings: Finding[];
  count: CaseCount;
}

/** `room` is how much the folder may still have. */
export function checkTest({ test, broken }: ReadTest, world: TestWorld, room: CaseCount): CheckedTest {
  const checked: CheckedTest = { cases: [], findings: [], count: { cases: 0, values: 0 } };
  if (!test) return checked;
  const { findings } = checked;
  const tested = testedBy(test, world, findings);
  const sound = [...test.cases.entries()].filter(([index]) => !broken.has(index));
  findings.push(...duplicateFindings(sound));
  const written = sound.map(([index, body]) => writtenCase(index, body, findings));
  const { finding, count } = tooManyFinding(sound, tested?.environments.length ?? 1, room);
  if (finding) findings.push(finding);
  if (!tested || finding) return checked;
  checked.count = count;
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
    for (const told of caseFindings(resolved, path, tested, world)) {
      const finding = withoutPersonal(told, placeholders, hidden);
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

/** A message quotes what was expected, which a placeholder may have made a personal value. */
function withoutPersonal(
  finding: Finding,
  placeholders: readonly Placeholder[],
  hidden: ReadonlySet<string>,
): Finding {
  // Of contexts, nothing is quoted.
  if (finding.path[2] === 'context') return finding;
  const place = `${finding.path.join('\n')}\n`;
  const filled = placeholders.find(({ name, path }) => hidden.has(name) && isPrefix(place, path));
  if (!filled) return finding;
  const message = `A value of ${ticked(filled.name)} does not fit here. It is not shown, since it is that of a personal attribute too.`;
  return { ...finding, message };
}

function isPrefix(place: string, path: Path): boolean {
  const other = `${path.join('\n')}\n`;
  return other.startsWith(place) || place.startsWith(other);
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
    const place = attribute.join('.');
    const isPersonal = [...personal].some(
      (one) => one === place || one.startsWith(`${place}.`) || place.startsWith(`${one}.`),
    );
    return isPersonal ? [name] : [];
  });
  return new Set(names);
}
