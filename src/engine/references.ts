// What definitions refer to: flags require flags, rules name segments and experiments, segments name segments.
import type { EnvironmentDefinition, FlagBody, SegmentBody } from '../model/snapshot.ts';
import { segmentsNamedBy } from './condition.ts';

/** `flag new-checkout`: how a row is named among rows of all kinds. */
export function nameOf({ kind, key }: { kind: string; key: string }): string {
  return `${kind} ${key}`;
}

const NONE: readonly string[] = [];

/** The keys of the segments that a segment names, repeats included. */
export function segmentsOfSegment(body: SegmentBody): readonly string[] {
  return foundBy(() => (body.if ? segmentsNamedBy(body.if) : NONE));
}

/** The keys of the flags that a flag requires. */
export function flagsOfFlag(body: FlagBody): readonly string[] {
  return foundBy(() => body.requires?.map(({ flag }) => flag) ?? NONE);
}

/** The keys of the segments that a flag's rules name, repeats included. */
export function segmentsOfFlag(body: FlagBody): readonly string[] {
  return foundBy(() => {
    const { rules } = body;
    if (!rules?.some(({ if: condition }) => condition !== undefined && !('attribute' in condition)))
      return NONE;
    return rules.flatMap((rule) => (rule.if ? segmentsNamedBy(rule.if) : []));
  });
}

/** The names of all rows that a row refers to, each once. */
export function referencesOf(row: EnvironmentDefinition): readonly string[] {
  if (row.kind === 'segment') return named('segment', segmentsOfSegment(row.body));
  if (row.kind !== 'flag') return NONE;
  const flags = flagsOfFlag(row.body);
  const segments = segmentsOfFlag(row.body);
  const experiments = experimentsOfFlag(row.body);
  // Most flags refer to nothing, and all are asked when a relay sees its first change.
  if (flags.length + segments.length + experiments.length === 0) return NONE;
  return [...named('flag', flags), ...named('segment', segments), ...named('experiment', experiments)];
}

/** The keys of the experiments that a flag may give arms of, repeats included. */
export function experimentsOfFlag(body: FlagBody): readonly string[] {
  return foundBy(() => {
    const { rules, fallthrough } = body;
    const ofRules = rules?.some(({ then }) => 'experiment' in then)
      ? rules.flatMap(({ then }) => ('experiment' in then ? then.experiment : []))
      : NONE;
    return fallthrough && 'experiment' in fallthrough ? [...ofRules, fallthrough.experiment] : ofRules;
  });
}

/** What has not the shape of its kind refers to nothing: why it does not compile is said where that is tried. */
function foundBy(look: () => readonly string[]): readonly string[] {
  try {
    return look();
  } catch {
    return NONE;
  }
}

function named(kind: string, keys: readonly string[]): readonly string[] {
  return keys.length === 0 ? NONE : [...new Set(keys)].map((key) => nameOf({ kind, key }));
}
