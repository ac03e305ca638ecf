// What each environment is served: one row per definition that it needs, and the snapshot made of them.
import { UsageError } from '../lib/errors.ts';
import { canonical, sha256Hex } from '../lib/json.ts';
import type { Definition, Definitions } from '../model/definition.ts';
import {
  type BodyByKind,
  type EnvironmentDefinition,
  type Snapshot,
  snapshotDigest,
} from '../model/snapshot.ts';
import { conditionsIn } from './checks/walk.ts';
import { experimentBody, flagBody, projectBody, segmentBody } from './normal-form.ts';

/** One row without its revision. `text` is the canonical body that `digest` is of. */
export type EnvironmentBody = {
  [Kind in keyof BodyByKind]: {
    kind: Kind;
    key: string;
    body: BodyByKind[Kind];
    digest: string;
    text: string;
  };
}[keyof BodyByKind];

/**
 * Rows by environment, in the order of promotion; within one, sorted by kind and key. Flags have a row everywhere
 * (disabled where they do not name the environment), experiments where they run, segments where something refers to them.
 * With `only`, just the rows of these definitions.
 */
export function environmentDefinitions(
  definitions: Definitions,
  only?: ReadonlySet<Definition>,
): Map<string, EnvironmentBody[]> {
  const environments = Object.keys(definitions.project.environments);
  return new Map(environments.map((environment) => [environment, rowsOf(definitions, environment, only)]));
}

/** The snapshot of one environment for a source that has no database. Throws UsageError for an unknown environment. */
export function snapshotOf(
  definitions: Definitions,
  environment: string,
  revision: number,
  commit?: string,
): Snapshot {
  const { project, environments } = definitions.project;
  if (!Object.hasOwn(environments, environment)) {
    const known = Object.keys(environments).join(', ');
    throw new UsageError(`the project ${project} has no environment "${environment}"; it has: ${known}`);
  }
  const rows = rowsOf(definitions, environment);
  return {
    project,
    environment,
    revision,
    ...(commit !== undefined && { commit }),
    digest: snapshotDigest(rows),
    definitions: rows.map(({ text: _, ...row }): EnvironmentDefinition => ({ ...row, revision })),
  };
}

function rowsOf(
  definitions: Definitions,
  environment: string,
  only?: ReadonlySet<Definition>,
): EnvironmentBody[] {
  let used: ReadonlySet<string> | undefined;
  return definitions.all.flatMap((definition) => {
    if (only && !only.has(definition)) return [];
    if (definition.kind === 'segment') used ??= usedSegments(definitions, environment);
    const isServed =
      definition.kind === 'flag' ||
      definition.kind === 'project' ||
      (definition.kind === 'segment' && used?.has(definition.key)) ||
      (definition.kind === 'experiment' && definition.body.environments.includes(environment));
    return isServed ? [rowOf(definition, environment)] : [];
  });
}

/** Rows by the body that an author wrote and the environment: an unchanged file's rows are made once. */
const memo = new WeakMap<object, Map<string, EnvironmentBody>>();

function rowOf(definition: Definition, environment: string): EnvironmentBody {
  let rows = memo.get(definition.body);
  if (!rows) {
    rows = new Map();
    memo.set(definition.body, rows);
  }
  let row = rows.get(environment);
  if (!row) {
    const body = bodyOf(definition, environment);
    const text = canonical(body);
    const key = definition.key;
    row = { kind: definition.kind, key, body, digest: sha256Hex(text), text } as EnvironmentBody;
    rows.set(environment, row);
  }
  return row;
}

function bodyOf(definition: Definition, environment: string): EnvironmentBody['body'] {
  switch (definition.kind) {
    case 'flag':
      return flagBody(definition.body, environment);
    case 'segment':
      return segmentBody(definition.body);
    case 'experiment':
      return experimentBody(definition.body);
    case 'project':
      return projectBody(definition.body, definition.body.environments[environment]?.salt ?? '');
    case 'access':
    case 'metric':
      throw new Error(`${definition.kind} is not served`);
  }
}

/** Keys of the segments that the environment's flags refer to, by way of other segments too. */
function usedSegments({ all }: Definitions, environment: string): ReadonlySet<string> {
  const inner = new Map<string, string[]>();
  const queue: string[] = [];
  for (const definition of all) {
    if (definition.kind === 'segment') inner.set(definition.key, segmentsIn(definition.body.if));
    if (definition.kind !== 'flag' || !Object.hasOwn(definition.body.environments, environment)) continue;
    const rules = definition.body.environments[environment]?.rules ?? [];
    for (const { if: condition } of rules) queue.push(...segmentsIn(condition));
  }
  const used = new Set<string>();
  for (const key of queue) {
    if (used.has(key)) continue;
    used.add(key);
    queue.push(...(inner.get(key) ?? []));
  }
  return used;
}

function segmentsIn(condition: Parameters<typeof conditionsIn>[0]): string[] {
  return conditionsIn(condition, []).flatMap(({ condition: part }) =>
    'segment' in part ? [part.segment] : [],
  );
}
