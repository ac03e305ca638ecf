// States that a commit can be compared with, as git has them.
import { findCommit } from '../../git/revisions.ts';
import { type Applied, appliedOf, nothingApplied } from '../../sync/applied.ts';
import { Commits } from '../../sync/commits.ts';
import type { Place } from '../place/place.ts';
import { DEFAULT_BASES } from '../plan/revisions.ts';
import { type Base, comparedSides, readSides, type Sides } from '../plan/sides.ts';

export interface State {
  /** As if sync had applied these definitions, and nothing else. */
  applied: Applied;
  /** Absent: there was nothing. */
  base?: Base;
}

/** The repository's commits as sync judges them. */
export function commitsAt({ repository }: Place): Commits {
  return new Commits((question) => question(repository.store), repository.path);
}

/** What was there before a commit: where it left its branch, or its first parent. `project` is what nothing is called. */
export async function stateBefore(
  { repository }: Place,
  path: string,
  commit: string,
  project: string,
): Promise<State> {
  const sides = await comparedSides(repository, path, commit);
  return sides && sides.base.commit !== commit ? stateOf(sides, repository.path, project) : nothing(project);
}

/** What a commit has in common with a base: the newest state that both descend from. Throws UsageError. */
export async function stateInCommon(
  { repository }: Place,
  path: string,
  { base, head }: { base: string; head: string },
  project: string,
): Promise<State> {
  return stateOf(await readSides(repository, path, { base, head }), repository.path, project);
}

/** What the branch has that changes are mostly merged into; undefined where there is none. */
export async function presentState(place: Place, path: string): Promise<State | undefined> {
  for (const base of [...DEFAULT_BASES, 'HEAD']) {
    if ((await findCommit(place.repository.store, base)) === undefined) continue;
    return stateInCommon(place, path, { base, head: base }, '');
  }
  return undefined;
}

function stateOf({ base, before }: Sides, path: string, project: string): State {
  if (!before || base.commit === undefined) return nothing(project);
  return { applied: appliedOf(before, base.commit, { ...NOWHERE, path }), base };
}

function nothing(project: string): State {
  return { applied: nothingApplied(project, NOWHERE) };
}

/** What is not written says nothing of where it comes from. */
const NOWHERE = { repository: '', path: '', branch: '' };
