// From a case as it is written to the cases that run: one for each combination of its matrix and each environment.

import { instantFindings } from '../definitions/checks/schedules.ts';
import type { Finding, Path } from '../definitions/finding.ts';
import { epochMs } from '../engine/operands/instant.ts';
import type { JsonValue } from '../lib/json.ts';
import { printable } from '../lib/printable.ts';
import type { TestCase } from '../model/definitions.gen.ts';
import type { FixedArms } from './arms.ts';
import { bucketRanges } from './bucket-ranges.ts';
import { type Expected, type ExpectedBuckets, FIELDS, type Field } from './flag-case.ts';
import { type Combination, substitute, TEMPLATES, type Template, templateOf } from './matrix.ts';

/** The time of a case that says none: always the same, and before any ramp and any rule's window began. */
export const DEFAULT_CLOCK = '2000-01-01T00:00:00Z';

/** One combination of a case, its placeholders replaced. */
export interface ResolvedCase {
  context: { readonly [attribute: string]: JsonValue };
  nowMs: number;
  experiments: FixedArms;
  expected: Expected[];
  /** Whether an expectation is written as a list. */
  isList: (field: Field) => boolean;
  buckets: (ExpectedBuckets & { key: string })[];
  findings: Finding[];
}

/** `clock` is the file's own time. Total: what cannot be resolved is a finding. */
export function resolve(
  body: TestCase,
  path: Path,
  combination: Combination,
  isJson: boolean,
  clock = DEFAULT_CLOCK,
): ResolvedCase {
  const findings: Finding[] = [];
  const template = filledIn(templateOf(body), combination);
  const { context = {}, at = clock, experiments = {}, buckets = {}, expect = {} } = template;
  const isList = (field: Field) => isListOf(field, (expect as Mapping)[field], isJson);
  return {
    context: context as Mapping,
    nowMs: instantMs(at, [...path, 'at'], findings),
    experiments: Object.entries(experiments as Mapping).map(([key, arm]) => [key, textOf(arm)] as const),
    expected: FIELDS.flatMap((field): Expected[] => {
      const value = (expect as Mapping)[field];
      if (value === undefined) return [];
      return [{ field, anyOf: isList(field) ? (value as JsonValue[]) : [value] }];
    }),
    isList,
    buckets: rangesOf(buckets as Mapping, [...path, 'buckets'], findings),
    findings,
  };
}

function filledIn(template: Template, combination: Combination): Template {
  const parts = TEMPLATES.flatMap((part) => {
    const value = template[part];
    return value === undefined ? [] : [[part, substitute(value, combination)] as const];
  });
  return Object.fromEntries(parts);
}

type Mapping = { readonly [key: string]: JsonValue };

/** A list means any of its items, but of a json flag's value, which may be a list itself. */
function isListOf(field: Field, value: JsonValue | undefined, isJson: boolean): boolean {
  return Array.isArray(value) && !(isJson && field === 'value');
}

function rangesOf(buckets: Mapping, path: Path, findings: Finding[]): ResolvedCase['buckets'] {
  const { ranges, findings: found } = bucketRanges(Object.keys(buckets), path);
  findings.push(...found);
  return ranges.map(({ from, to, key }) => ({
    from,
    to,
    key,
    anyOf: [buckets[key] ?? null].flat() as (string | null)[],
  }));
}

function instantMs(at: JsonValue, path: Path, findings: Finding[]): number {
  const found = instantFindings(textOf(at), path);
  findings.push(...found);
  return found.length > 0 ? 0 : epochMs(textOf(at));
}

/** ` (plan: free, country: US)`; what must not be shown is named by its place in its list. */
export function combinationText(
  combination: Combination,
  body: TestCase,
  hidden: ReadonlySet<string>,
): string {
  if (combination.size === 0) return '';
  const parts = Array.from(combination, ([name, value]) => {
    if (!hidden.has(name)) return `${name}: ${printable(shown(value), 40)}`;
    const values = (body.matrix?.[name] ?? []) as JsonValue[];
    return `${name}: #${values.indexOf(value) + 1}`;
  });
  return ` (${parts.join(', ')})`;
}

/** A text as it is, but in quotes where it would look like another value: `"1"` beside `1`. */
function shown(value: JsonValue): string {
  const text = textOf(value);
  const looksOtherwise = /^(?:true|false|null)$/.test(text) || !Number.isNaN(Number(text));
  return looksOtherwise ? JSON.stringify(value) : text;
}

/** `String` would throw at a mapping with a key `toString`. */
function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
