// How much is run at most: counted before matrices are written out, never timed.
import type { JsonValue } from '../lib/json.ts';
import type { TestCase } from '../model/definitions.gen.ts';
import { combinationCount, matrixOf, namesIn, TEMPLATES, templateOf } from './matrix.ts';

/** Cases, and the values in all of their parts together. A text is one value more for each 20 characters. */
export interface CaseCount {
  cases: number;
  values: number;
}

export const caseLimits = {
  ofFile: { cases: 10_000, values: 2_000_000 },
  ofFolder: { cases: 100_000, values: 10_000_000 },
} as const satisfies Record<string, CaseCount>;

const CHARACTERS = 20;

/** How many cases a case comes to in one environment, and at most how many values they have. */
export function countOf(body: TestCase): CaseCount {
  const matrix = matrixOf(body);
  const template = templateOf(body);
  const longest = new Map(
    Object.entries(matrix).map(([name, values]) => [name, Math.max(...values.map(lengthOf))]),
  );
  const written = TEMPLATES.reduce((sum, part) => sum + valuesIn(template[part], longest), 1);
  const filledIn = Object.values(matrix).map((values) => Math.max(...values.map((one) => valuesIn(one))));
  const cases = combinationCount(matrix);
  return { cases, values: cases * filledIn.reduce((sum, values) => sum + values, written) };
}

/** As a part of a text, which only a scalar can be. */
function lengthOf(value: JsonValue): number {
  return typeof value === 'object' ? 0 : String(value).length;
}

/** `longest` are the lengths that placeholders come to at most, by name. */
function valuesIn(value: JsonValue | undefined, longest?: ReadonlyMap<string, number>): number {
  if (typeof value === 'string') {
    const names = longest ? namesIn(value) : [];
    const length = names.reduce((sum, name) => sum + (longest?.get(name) ?? 0), value.length);
    return 1 + Math.floor(length / CHARACTERS);
  }
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, child) => sum + valuesIn(child, longest), 1);
}
