// The rule by which answers are held to a reference set: `meta.compare` in it says the same in words.
import type { GoldenCase } from './answers.ts';

export interface Tolerance {
  rel?: number;
  abs?: number;
  /** By the last name of a path that is none of an index. */
  fields?: Record<string, { rel?: number; abs?: number }>;
}

/** All that differs by more than the tolerance, in words. */
export function differences(
  expected: unknown,
  got: unknown,
  tolerance: Tolerance,
  path = 'answer',
): string[] {
  if (expected === null)
    return got === null || got === undefined ? [] : [`${path}: ${String(got)} is not null`];
  if (Array.isArray(expected)) {
    if (!Array.isArray(got) || got.length !== expected.length)
      return [`${path}: not ${expected.length} answers`];
    return expected.flatMap((inner, i) => differences(inner, got[i], tolerance, `${path}.${i}`));
  }
  if (typeof expected === 'object') {
    const answers = Object(got) as Record<string, unknown>;
    return Object.entries(expected as object).flatMap(([key, inner]) =>
      differences(inner, answers[key], tolerance, `${path}.${key}`),
    );
  }
  if (
    expected === got ||
    (typeof expected === 'number' && isNear(expected, got, toleranceOf(tolerance, path)))
  ) {
    return [];
  }
  return [`${path}: ${String(got)} is not ${String(expected)}`];
}

/** One line for each case that fails or is missing. */
export function failures(
  set: { groups: { id: string; tolerance: Tolerance; cases: GoldenCase[] }[] },
  answers: Record<string, Record<string, unknown> | undefined>,
): string[] {
  return set.groups.flatMap(({ id, tolerance, cases }) =>
    cases.flatMap((asked) => {
      const wrong = differences(asked.expected, answers[id]?.[asked.id], toleranceOfCase(asked) ?? tolerance);
      return wrong.length === 0 ? [] : [`${id} ${asked.id}: ${wrong.join('; ')}`];
    }),
  );
}

function isNear(
  expected: number,
  got: unknown,
  { rel = 0, abs = 0 }: { rel?: number; abs?: number },
): boolean {
  return typeof got === 'number' && Math.abs(got - expected) <= abs + rel * Math.abs(expected);
}

function toleranceOf(tolerance: Tolerance, path: string): { rel?: number; abs?: number } {
  const name = path.split('.').findLast((part) => !/^\d+$/.test(part));
  return tolerance.fields?.[name ?? ''] ?? tolerance;
}

function toleranceOfCase(asked: object): Tolerance | undefined {
  return 'tolerance' in asked ? (asked.tolerance as Tolerance) : undefined;
}
