// Answers a reference set: the same inputs through the product's functions, in the set's own words.
import { answerDegenerate, type DegenerateAnswer } from './degenerate.ts';
import { distributionGroups, momentGroups } from './distributions.ts';
import { familyGroups } from './families.ts';
import { meanGroups } from './means.ts';
import { powerGroups } from './power.ts';
import { proportionGroups } from './proportions.ts';
import { sequentialGroups } from './sequential.ts';

export interface GoldenCase {
  id: string;
  input: unknown;
  /** Of the degenerate group: what is asked. */
  fn?: string;
  expected: unknown;
}

export interface GoldenSet {
  groups: { id: string; cases: GoldenCase[] }[];
}

const GROUPS: Record<string, (input: never) => object> = {
  ...distributionGroups,
  ...momentGroups,
  ...proportionGroups,
  ...meanGroups,
  ...powerGroups,
  ...familyGroups,
  ...sequentialGroups,
};

/** By group and case. @throws Error for a group that nothing answers */
export function answer(set: GoldenSet): Record<string, Record<string, object | DegenerateAnswer>> {
  return Object.fromEntries(
    set.groups.map(({ id, cases }) => [
      id,
      Object.fromEntries(cases.map((asked) => [asked.id, answerCase(id, asked)])),
    ]),
  );
}

function answerCase(group: string, { fn, input }: GoldenCase): object {
  const numbers = withNumbers(input);
  if (group === 'degenerate') return answerDegenerate(fn ?? '', numbers);
  const compute = GROUPS[group];
  if (compute === undefined) throw new Error(`the set has the group ${group}, which nothing answers`);
  return compute(numbers as never);
}

/** JSON has no word for them. */
const WRITTEN = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

function withNumbers(value: unknown): unknown {
  if (typeof value === 'string') return WRITTEN.get(value) ?? value;
  if (Array.isArray(value)) return value.map(withNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withNumbers(inner)]));
}

/** JSON, where an infinite number is a word. */
export function written(answers: object): string {
  const words = [...WRITTEN].filter(([, number]) => !Number.isNaN(number));
  return JSON.stringify(answers, (_, value) => words.find(([, number]) => number === value)?.[0] ?? value);
}
