// Examines a commit: finds what it is judged after, and has it judged.
import { parseGitSource } from '../../git/source.ts';
import { type UnreachableError, UsageError } from '../../lib/errors.ts';
import { ticked } from '../../lib/printable.ts';
import { type Applied, nothingApplied } from '../../sync/applied.ts';
import { projectKeyOf } from '../../sync/judge.ts';
import type { Meant } from '../place/commit.ts';
import type { Place } from '../place/place.ts';
import { type Basis, basisInDatabase, basisInGit, type Question } from './basis.ts';
import { type CommitReport, reportOn } from './commit-report.ts';
import type { AppliedDatabase } from './database.ts';
import { originInDatabase } from './origin.ts';
import { commitsAt } from './states.ts';

/** `incomplete`: it would be refused, and approvals that may be there could not be looked up. Throws UsageError, UnreachableError. */
export async function examine(
  place: Place,
  { commit, tag }: Meant,
  { path, project: named }: { path: string; project?: string },
  database: AppliedDatabase | undefined,
): Promise<{ report: CommitReport; incomplete?: UnreachableError }> {
  const commits = commitsAt(place);
  const signal = new AbortController().signal;
  const candidate = await commits.candidate(commit, signal);
  const project = projectKeyOf(await commits.files(candidate, signal)) ?? '';
  const question: Question = { place, commits, path, candidate, project, database };
  return reportOn(question, await basisOf(question, named), tag);
}

async function basisOf(question: Question, named: string | undefined): Promise<Basis> {
  const { project, place, database } = question;
  if (!database) return basisInGit(question);
  const applied = await appliedAt(database, place, { named, project });
  if (applied) return basisInDatabase(question, database, applied);
  const nothing = nothingApplied(project, { repository: '', path: '', branch: '' });
  const note = `The database has no project ${ticked(project)} yet: what is applied first is judged by no policy.`;
  const origin = originInDatabase(nothing);
  return { ...(await basisInGit(question)), applied: nothing, origin, compared: origin, notes: [note] };
}

/** As sync finds the project: by the repository that it comes from, else by its own name for itself. */
export async function appliedAt(
  database: AppliedDatabase,
  place: Place,
  { named, project }: { named: string | undefined; project: string },
): Promise<Applied | undefined> {
  if (named !== undefined) return database.named(named);
  const repository = await repositoryName(place);
  const { path } = place.repository;
  return (repository && (await database.from({ repository, path }))) || database.of(project);
}

/** The repository as sync names it, if sync reads it where this clone does. */
async function repositoryName({ git, remote, name }: Place): Promise<string | undefined> {
  const url = (await git.setting(`remote.${remote}.url`)) ?? name;
  try {
    return parseGitSource(url, git.folder).name;
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}
