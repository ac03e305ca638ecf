// Tests within one `and` that no single value of an attribute fulfils together.
import { parseInstant } from '../../engine/operands/instant.ts';
import { operators, valueFaults } from '../../engine/operators.ts';
import type { AttributeCondition, Condition, OperatorName, Scalar } from '../../model/definitions.gen.ts';
import type { Path } from '../finding.ts';
import type { PlacedCondition, PlacedTest } from './walk.ts';

/** Trials of a value against a test; larger conjunctions are not looked at. */
const MOST_TRIALS = 10_000;
const ORDERING: ReadonlySet<OperatorName> = new Set(['gt', 'gte', 'lt', 'lte', 'before', 'after']);

/** For each `and` and attribute the test that leaves no value possible, beside those before it. A list could still fulfil it. */
export function contradictionsIn(
  conditions: readonly PlacedCondition[],
): { attribute: string; path: Path }[] {
  return conditions.flatMap(({ condition, path }) => {
    // What stands in an inner `and` is looked at with the outer one.
    if (!('and' in condition) || path.at(-2) === 'and') return [];
    const byAttribute = Map.groupBy(conjunction(condition, path), ({ test }) => test.attribute);
    return [...byAttribute].flatMap(([attribute, tests]) => {
      const path = contradiction(tests);
      return path ? [{ attribute, path }] : [];
    });
  });
}

/** The tests that must all hold. An expression is too costly to try; a faulty value is a problem of its own. */
function conjunction(condition: Condition, path: Path): PlacedTest[] {
  if ('and' in condition) return condition.and.flatMap((part, i) => conjunction(part, [...path, 'and', i]));
  const isTest = 'attribute' in condition && !/matches$/.test(condition.operator);
  return isTest && valueFaults(condition.operator, condition.value).length === 0
    ? [{ test: condition, path }]
    : [];
}

function contradiction(tests: readonly PlacedTest[]): Path | undefined {
  const { candidates, tried } = trial(tests);
  if (tried.length < 2 || candidates.length * tried.length > MOST_TRIALS) return undefined;
  let possible = candidates;
  for (const [i, { test }] of tried.entries()) {
    possible = possible.filter(holdsFor(test));
    if (possible.length > 0) continue;
    const { test: culprit, path } = tried[Math.max(i, 1)] as PlacedTest;
    return culprit.value === undefined ? path : [...path, 'value'];
  }
  return undefined;
}

/** Values of which one fulfils the tests that are tried, if any value does. Undefined stands for a missing attribute. */
function trial(tests: readonly PlacedTest[]): {
  candidates: readonly (Scalar | undefined)[];
  tried: readonly PlacedTest[];
} {
  const equal = tests.find(({ test }) => /^(eq|in)$/.test(test.operator) && !test.ignore_case);
  if (equal) return { candidates: valuesOf(equal.test), tried: tests };
  if (tests.some(({ test }) => test.value === false && test.operator === 'exists'))
    return { candidates: [undefined], tried: tests };
  const tried = tests.filter(({ test }) => ORDERING.has(test.operator));
  return { candidates: around(tried.flatMap(({ test }) => valuesOf(test).map(positionOf))), tried };
}

/** The numbers themselves, and one between any two and beyond the outermost. */
function around(numbers: number[]): number[] {
  const bounds = [-Number.MAX_VALUE, ...new Set(numbers), Number.MAX_VALUE].sort((a, b) => a - b);
  return bounds.flatMap((bound, i) => [bound, bound / 2 + (bounds[i + 1] ?? bound) / 2]);
}

/** A number as it is, and an instant in epoch milliseconds. */
function positionOf(value: Scalar): number {
  const { seconds, fraction } = parseInstant(value) ?? { seconds: 0, fraction: 0 };
  return typeof value === 'number' ? value : (seconds + fraction) * 1000;
}

function holdsFor(test: AttributeCondition): (found: Scalar | undefined) => boolean {
  const { operator, value, ignore_case = false } = test;
  if (operator === 'exists') return (found) => (found !== undefined) === (value !== false);
  const isNegated = operators[operator].negates !== undefined;
  const fits = operators[operator].compile(valuesOf(test), ignore_case);
  return (found) => found !== undefined && fits(found) !== isNegated;
}

function valuesOf({ value }: AttributeCondition): Scalar[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}
