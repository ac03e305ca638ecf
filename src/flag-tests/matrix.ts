// The matrix of a case: every combination of its values, and the texts in which they take the place of `${name}`.
import type { Finding, Path } from '../definitions/finding.ts';
import { hintFor } from '../definitions/suggest.ts';
import { canonical, type JsonValue } from '../lib/json.ts';
import { ticked } from '../lib/printable.ts';
import type { TestCase } from '../model/definitions.gen.ts';

/** The values of one combination, by name. */
export type Combination = ReadonlyMap<string, JsonValue>;

/** `$${` stands for a plain `${`. */
const PLACEHOLDER = /\$\$\{|\$\{([^}]*)\}/g;

const PLAIN = 'Add `matrix:` with its values, or write `$${` for a plain `${`.';

/** The parts of a case in which placeholders are replaced. */
export const TEMPLATES = ['context', 'at', 'experiments', 'buckets', 'expect'] as const;

export type Template = { readonly [Part in (typeof TEMPLATES)[number]]?: JsonValue };

/** A case as the JSON that it came from. */
export function templateOf(body: TestCase): Template {
  return body as unknown as Template;
}

type Matrix = { readonly [name: string]: readonly JsonValue[] };

export function matrixOf({ matrix }: TestCase): Matrix {
  return (matrix ?? {}) as Matrix;
}

/** How many combinations there are; may be more than can be counted exactly, but then it is far beyond every limit. */
export function combinationCount(matrix: Matrix): number {
  return Object.values(matrix).reduce((count, { length }) => count * length, 1);
}

/** Every combination; the last name varies fastest. */
export function* combinations(matrix: Matrix): Generator<Combination> {
  const names = Object.keys(matrix);
  const count = combinationCount(matrix);
  for (let number = 0; number < count; number++) {
    const values = new Map<string, JsonValue>();
    let rest = number;
    for (const name of names.toReversed()) {
      const list = matrix[name] ?? [];
      values.set(name, list[rest % list.length] ?? null);
      rest = Math.floor(rest / list.length);
    }
    yield new Map(names.map((name) => [name, values.get(name) ?? null]));
  }
}

/** The value with every placeholder replaced: one that is a whole text becomes the value itself. */
export function substitute(template: JsonValue, combination: Combination): JsonValue {
  if (typeof template === 'string') return substituteText(template, combination);
  if (typeof template !== 'object' || template === null) return template;
  if (Array.isArray(template)) return template.map((item) => substitute(item, combination));
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) => [key, substitute(value, combination)]),
  );
}

function substituteText(text: string, combination: Combination): JsonValue {
  if (!text.includes('${')) return text;
  const whole = wholeName(text);
  if (whole !== undefined) return combination.get(whole) ?? null;
  const [closed, open] = halvesOf(text);
  const filled = closed.replace(PLACEHOLDER, (_, name?: string) =>
    name === undefined ? '${' : String(combination.get(name)),
  );
  return filled + open.replaceAll('$${', '${');
}

/** Behind the last brace no placeholder ends. To look for its end there again and again would take quadratic time. */
function halvesOf(text: string): [closed: string, open: string] {
  const end = text.lastIndexOf('}') + 1;
  return [text.slice(0, end), text.slice(end)];
}

/** The name of a placeholder that is the whole text. */
function wholeName(text: string): string | undefined {
  return /^\$\{([^}]*)\}$/.exec(text)?.[1];
}

/** The names of a text's placeholders, each as often as it stands there. */
export function namesIn(text: string): string[] {
  const [closed] = halvesOf(text);
  return Array.from(closed.matchAll(PLACEHOLDER), ([, name]) => name).filter((name) => name !== undefined);
}

/** Where a placeholder stands. */
export interface Placeholder {
  name: string;
  path: Path;
  isWhole: boolean;
}

export function placeholdersIn(template: JsonValue | undefined, path: Path): Placeholder[] {
  if (typeof template === 'string') {
    const isWhole = wholeName(template) !== undefined;
    return namesIn(template).map((name) => ({ name, path, isWhole }));
  }
  if (typeof template !== 'object' || template === null) return [];
  return Object.entries(template).flatMap(([key, value]) => placeholdersIn(value, [...path, key]));
}

/** Placeholders of names that the matrix does not have, or of what cannot be a part of a text; names without placeholder. */
export function matrixFindings(body: TestCase, path: Path, placeholders: readonly Placeholder[]): Finding[] {
  const matrix = matrixOf(body);
  const names = Object.keys(matrix);
  const findings = placeholders.flatMap(({ name, path: at, isWhole }): Finding[] => {
    if (!Object.hasOwn(matrix, name)) {
      const hint = hintFor(name, names, PLAIN);
      const message = `The matrix of the case has no ${ticked(name)}.`;
      return [{ code: 'unknown-matrix-variable', path: at, message, hint }];
    }
    if (isWhole || matrix[name]?.every(isPart)) return [];
    const message = `${ticked(name)} is a part of a text here, but not all of its values are texts, numbers or booleans.`;
    return [
      {
        code: 'wrong-type',
        path: at,
        message,
        hint: 'Let the placeholder be the whole text, or correct them.',
      },
    ];
  });
  return [...findings, ...unusedFindings(names, path, placeholders), ...repeatedFindings(matrix, path)];
}

function unusedFindings(
  names: readonly string[],
  path: Path,
  placeholders: readonly Placeholder[],
): Finding[] {
  const used = new Set(placeholders.map(({ name }) => name));
  return names
    .filter((name) => !used.has(name))
    .map(
      (name): Finding => ({
        code: 'matrix-variable-not-used',
        path: [...path, 'matrix', name],
        on: 'key',
        message: `Nothing in the case says \`\${${name}}\`, so it runs again and again for the same.`,
        hint: 'Use it, or remove it.',
      }),
    );
}

/** The schema's `uniqueItems` would throw at mappings with a key `toString`. */
function repeatedFindings(matrix: Matrix, path: Path): Finding[] {
  return Object.entries(matrix).flatMap(([name, values]) => {
    const seen = new Set<string>();
    return values.flatMap((value, index): Finding[] => {
      const text = canonical(value);
      const isNew = !seen.has(text);
      seen.add(text);
      if (isNew) return [];
      const message = `${ticked(name)} lists the same value twice.`;
      const at = [...path, 'matrix', name, index];
      return [{ code: 'wrong-value', path: at, message, hint: 'Keep one of the two.' }];
    });
  });
}

function isPart(value: JsonValue): boolean {
  return typeof value !== 'object';
}
