// What definitions refer to: flags require flags, rules name segments and experiments, segments name segments.
import type { Outcome } from '../model/definitions.gen.ts';
import type { EnvironmentDefinition, FlagBody, SegmentBody } from '../model/snapshot.ts';
import { segmentsNamedBy } from './condition.ts';

/** `flag new-checkout`: how a row is named among rows of all kinds. */
export function nameOf({ kind, key }: { kind: string; key: string }): string {
  return `${kind} ${key}`;
}

const NONE: readonly string[] = [];

/** The keys of the segments that a segment names, repeats included. */
export function segmentsOfSegment(body: SegmentBody): readonly string[] {
  return body.if ? segmentsNamedBy(body.if) : NONE;
}

/** The keys of the flags that a flag requires. */
export function flagsOfFlag({ requires }: FlagBody): readonly string[] {
  return requires ? requires.map(({ flag }) => flag) : NONE;
}

/** The keys of the segments that a flag's rules name, repeats included. */
export function segmentsOfFlag({ rules }: FlagBody): readonly string[] {
  if (!rules?.some(({ if: condition }) => condition !== undefined && !('attribute' in condition)))
    return NONE;
  return rules.flatMap((rule) => (rule.if ? segmentsNamedBy(rule.if) : []));
}

/** The names of all rows that a row refers to, each once. */
export function referencesOf(row: EnvironmentDefinition): readonly string[] {
  if (row.kind === 'segment') return named('segment', segmentsOfSegment(row.body));
  if (row.kind !== 'flag') return NONE;
  const references = [
    ...named('flag', flagsOfFlag(row.body)),
    ...named('segment', segmentsOfFlag(row.body)),
    ...named('experiment', experimentsOf(row.body)),
  ];
  return references.length === 0 ? NONE : references;
}

function experimentsOf({ rules, fallthrough }: FlagBody): readonly string[] {
  const keys: string[] = [];
  for (const rule of rules ?? NO_RULES) addExperiment(rule.then, keys);
  if (fallthrough) addExperiment(fallthrough, keys);
  return keys;
}

const NO_RULES: NonNullable<FlagBody['rules']> = [];

function addExperiment(outcome: Outcome, keys: string[]): void {
  if ('experiment' in outcome) keys.push(outcome.experiment);
}

function named(kind: string, keys: readonly string[]): readonly string[] {
  return keys.length === 0 ? NONE : [...new Set(keys)].map((key) => nameOf({ kind, key }));
}
