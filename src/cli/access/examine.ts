// Examines a commit: finds what it is judged after, and has it judged.
import type { UnreachableError } from '../../lib/errors.ts';
import { ticked } from '../../lib/printable.ts';
import { nothingApplied } from '../../sync/applied.ts';
import { projectKeyOf } from '../../sync/judge.ts';
import type { Meant } from '../approve/commit.ts';
import type { Place } from '../approve/place.ts';
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
  const question: Question = { place, commits, path, candidate, project };
  return reportOn(question, await basisOf(question, database, named), tag);
}

async function basisOf(
  question: Question,
  database: AppliedDatabase | undefined,
  named: string | undefined,
): Promise<Basis> {
  const { project } = question;
  const inGit = await basisInGit(question);
  if (!database) return inGit;
  // A commit that calls its project otherwise is refused, and what it was called before is what is applied.
  const applied = await database.applied(named, [project, inGit.applied.head.project]);
  if (applied) return basisInDatabase(question, database, applied);
  const nothing = nothingApplied(project, { repository: '', path: '', branch: '' });
  const note = `The database has no project ${ticked(project)} yet: what is applied first is judged by no policy.`;
  const origin = originInDatabase(nothing);
  return { ...inGit, applied: nothing, origin, compared: origin, notes: [note] };
}
