// Which flags the edits touch in an environment, and both sides compiled as far as these flags need it.
import { snapshotOf } from '../definitions/environments.ts';
import type { Definition, Definitions } from '../model/definition.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { decidingEdits, type Edit, type Reference } from './edits.ts';
import { Reach } from './reach.ts';
import { type Side, sideOf } from './side.ts';

export interface Sides {
  readonly before: Definitions | undefined;
  readonly after: Definitions;
  /** By `referenceId`. */
  readonly beforeById: ReadonlyMap<string, Definition>;
  readonly afterById: ReadonlyMap<string, Definition>;
  readonly nowMs: number;
}

export interface TouchedFlag {
  readonly key: string;
  /** The edits that reach it, its own first. */
  readonly through: Reference[];
}

export interface Touched {
  /** By key. */
  readonly flags: readonly TouchedFlag[];
  readonly before: Side;
  readonly after: Side;
}

/** Undefined where nothing is touched. */
export function touchedIn(environment: string, sides: Sides, edits: readonly Edit[]): Touched | undefined {
  const deciding = decidingEdits(edits, sides.before, sides.after, environment);
  if (deciding.size === 0) return undefined;
  const reaches = [
    sides.before && new Reach(sides.before, environment, sides.beforeById),
    new Reach(sides.after, environment, sides.afterById),
  ].filter((reach) => reach !== undefined);
  const ids = new Set<string>();
  const isSalted = [...deciding.keys()].some((id) => id.startsWith('project '));
  for (const reach of reaches)
    for (const id of reach.to(isSalted ? reach.flags() : deciding.keys())) ids.add(id);
  const flags = [...ids].filter((id) => id.startsWith('flag ') && isThere(id, environment, sides));
  if (flags.length === 0) return undefined;
  const { project } = sides.after.project;
  const side = (when: Side['when'], reach: Reach | undefined) => {
    const snapshot = snapshotIn(environment, reach?.excerpt(flags)) ?? nothing(project, environment);
    return sideOf(when, snapshot, sides.nowMs);
  };
  return {
    flags: flags
      .sort()
      .map((id) => ({ key: id.slice('flag '.length), through: through(id, reaches, deciding, isSalted) })),
    before: side('before', sides.before && reaches[0]),
    after: side('after', reaches.at(-1)),
  };
}

/**
 * Whether anyone can have asked for the flag in the environment, before or after. A flag that is new, or in an
 * environment that is, counts only where it names the environment.
 */
function isThere(id: string, environment: string, { before, after, beforeById, afterById }: Sides): boolean {
  const places = [
    { definitions: before, flag: beforeById.get(id) },
    { definitions: after, flag: afterById.get(id) },
  ].map(({ definitions, flag }) => {
    if (!definitions || flag?.kind !== 'flag') return 'absent';
    if (!Object.hasOwn(definitions.project.environments, environment)) return 'absent';
    return Object.hasOwn(flag.body.environments, environment) ? 'named' : 'unnamed';
  });
  return places.includes('named') || !places.includes('absent');
}

function through(
  id: string,
  reaches: readonly Reach[],
  deciding: ReadonlyMap<string, Edit>,
  isSalted: boolean,
): Reference[] {
  const reached = new Set([id, ...reaches.flatMap((reach) => [...reach.from(id)])]);
  if (isSalted) for (const each of deciding.keys()) if (each.startsWith('project ')) reached.add(each);
  return [...reached].flatMap((each) => {
    const edit = deciding.get(each);
    return edit ? [{ kind: edit.kind, key: edit.key }] : [];
  });
}

/** Undefined where the project does not have the environment. */
function snapshotIn(environment: string, definitions: Definitions | undefined): Snapshot | undefined {
  const isThere = definitions && Object.hasOwn(definitions.project.environments, environment);
  return isThere ? snapshotOf(definitions, environment, 0) : undefined;
}

function nothing(project: string, environment: string): Snapshot {
  const row = { kind: 'project', key: project, body: { salt: '' }, digest: '', revision: 0 } as const;
  return { project, environment, revision: 0, digest: '', definitions: [row] };
}
