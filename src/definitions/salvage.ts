// What is left of a definition when the parts that are refused are taken out, so that all of its problems are told at once.
import type { JsonValue } from '../lib/json.ts';
import type { DefinitionKind } from '../model/definition.ts';
import type { Finding, Path } from './finding.ts';
import { validate } from './validate.ts';

export interface Rest {
  /** Has the shape of its kind. */
  value: Mapping;
  /** Where a place of the rest stands in the whole: the items of lists may have moved up. */
  pathInWhole(path: Path): Path;
}

type Mapping = { [key: string]: JsonValue };

/** Parts are taken out until the rest has the shape; what needs more rounds than this is broken enough. */
const MOST_ROUNDS = 4;

/** Keys that other parts lean on: without them, what is left would be judged wrongly. */
const ESSENTIAL: Readonly<Record<DefinitionKind, readonly string[] | 'all'>> = {
  project: 'all',
  access: 'all',
  flag: ['flag', 'type', 'variations', 'environments'],
  segment: ['segment'],
  experiment: ['experiment', 'flag', 'status', 'environments', 'arms'],
  metric: 'all',
};

/** Undefined where too much is broken to judge the rest. */
export function salvage(kind: DefinitionKind, whole: Mapping): Rest | undefined {
  // A flag without a date of expiry is refused for that alone.
  const needsDate = kind === 'flag' && !('expires' in whole || 'permanent' in whole);
  let value: Mapping = needsDate ? { ...whole, permanent: true } : whole;
  const indexes = new WeakMap<object, number[]>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const findings = validate(kind, value);
    if (findings.length === 0) return { value, pathInWhole: (path) => translated(value, path, indexes) };
    const parts = new Set<string>();
    for (const finding of findings) {
      const part = partOf(kind, finding, value);
      if (!part) return undefined;
      parts.add(part.join('\n'));
    }
    value = copyWithout(parts, value, [], indexes) as Mapping;
  }
  return undefined;
}

/**
 * The part that is taken out for a finding: an unknown key alone, else the rule, the environment's key or the key at the
 * top. A condition is taken out whole, since what is unknown in it may be its `value`, misspelt.
 */
function partOf(kind: DefinitionKind, { code, path }: Finding, value: Mapping): Path | undefined {
  const [top, , within] = path;
  if (code === 'unknown-key' && !path.slice(0, -1).includes('if'))
    return kind === 'flag' && path.length === 1 && mayBeVariations(value, String(top)) ? undefined : path;
  if (kind === 'flag' && top === 'environments' && path.length > 1)
    return path.slice(0, within === 'rules' ? 4 : 3);
  const essential = ESSENTIAL[kind];
  if (top === undefined || essential === 'all' || essential.includes(String(top))) return undefined;
  return kind === 'flag' && top === 'requires' ? path.slice(0, 2) : [top];
}

/** A mapping of another name, where a flag has no variations: it may be theirs, misspelt. */
function mayBeVariations(flag: Mapping, key: string): boolean {
  const found = flag[key];
  return (
    flag.variations === undefined && typeof found === 'object' && found !== null && !Array.isArray(found)
  );
}

/** Lists of the copy remember at which indexes their items stood in the whole. */
function copyWithout(
  parts: ReadonlySet<string>,
  value: JsonValue,
  path: Path,
  indexes: WeakMap<object, number[]>,
): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !parts.has([...path, key].join('\n')));
  const kept = entries.map(
    ([key, child]) => [key, copyWithout(parts, child, [...path, key], indexes)] as const,
  );
  if (!Array.isArray(value)) return Object.fromEntries(kept);
  const before = indexes.get(value);
  const copy = kept.map(([, child]) => child);
  indexes.set(
    copy,
    kept.map(([key]) => before?.[Number(key)] ?? Number(key)),
  );
  return copy;
}

function translated(root: JsonValue, path: Path, indexes: WeakMap<object, number[]>): Path {
  let node: JsonValue | undefined = root;
  return path.map((step) => {
    const holder = node;
    if (typeof holder !== 'object' || holder === null) return step;
    node = (holder as Mapping)[step];
    return indexes.get(holder)?.[Number(step)] ?? step;
  });
}
