// What is approved: the commit, its definitions' tree, and what they change.
import { type Loaded, loadDefinitions } from '../../definitions/load.ts';
import { hintFor } from '../../definitions/suggest.ts';
import type { Commit } from '../../git/commit.ts';
import { readCommits, treesUnder } from '../../git/history.ts';
import { UsageError } from '../../lib/errors.ts';
import { ticked } from '../../lib/printable.ts';
import type { Problem } from '../../model/problem.ts';
import type { Place } from '../place/place.ts';
import { headProblems } from '../plan/problems.ts';
import { comparedSides, type Sides } from '../plan/sides.ts';

export interface Subject {
  commit: Commit;
  /** What the commit has under the path. */
  tree: string;
  loaded: Loaded;
  /** Why sync would reject it; empty where it has definitions. */
  problems: Problem[];
  /** Absent where there is no branch to compare with. */
  sides?: Sides;
}

/** Throws UsageError where the commit has no definitions at all. */
export async function subjectOf({ repository }: Place, id: string, path: string): Promise<Subject> {
  const { store } = repository;
  const [commit] = await readCommits(store, [id]);
  const [tree] = await treesUnder(store, [id], repository.path);
  const files = tree === undefined ? undefined : await repository.filesOf(id);
  if (commit === undefined || tree === undefined || files === undefined) {
    throw new UsageError(
      `${id.slice(0, 10)} has no folder ${ticked(path)}. --path says where the definitions are.`,
    );
  }
  const sides = await comparedSides(repository, path, id);
  const loaded = sides?.after ?? loadDefinitions(files);
  const problems = sides
    ? headProblems(sides)
    : loaded.problems.filter(({ severity }) => severity === 'error');
  return { commit, tree, loaded, problems, ...(sides && { sides }) };
}

/** Sorted, each once. Throws UsageError for one that neither the commit nor the branch has. */
export function knownEnvironments(asked: readonly string[], { loaded, sides }: Subject): string[] {
  const known = [loaded.definitions, sides?.before].flatMap((side) =>
    Object.keys(side?.project.environments ?? {}),
  );
  for (const environment of asked) {
    if (known.includes(environment)) continue;
    const hint = hintFor(environment, [...new Set(known)], '', 'There are');
    throw new UsageError(`there is no environment ${ticked(environment)}. ${hint}`);
  }
  return [...new Set(asked)].sort();
}
