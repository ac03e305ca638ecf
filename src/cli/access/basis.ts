// What a commit is judged after: what the database says is applied, what was applied when it had its entry, or what git has before it.
import type { CommitEntry } from '../../audit/commit-entries.ts';
import { commitsAfter, firstParents } from '../../git/history.ts';
import { findCommit } from '../../git/revisions.ts';
import type { Applied } from '../../sync/applied.ts';
import type { Candidate, Commits } from '../../sync/commits.ts';
import { turnsUpTo } from '../../sync/foresee.ts';
import { baseOf } from '../../sync/history.ts';
import { findMeant } from '../place/commit.ts';
import type { Place } from '../place/place.ts';
import type { AppliedDatabase } from './database.ts';
import { type Origin, originInDatabase, originInGit } from './origin.ts';
import { type State, stateBefore, stateInCommon } from './states.ts';

export interface Basis {
  applied: Applied;
  /** Of the policy. */
  origin: Origin;
  /** What the commit's definitions are compared with. */
  compared: Origin;
  /** The commits that are judged before it, and itself. */
  candidates: readonly Candidate[];
  entries: readonly CommitEntry[];
  /** The last entry says what became of it, and that is over. */
  isOver: boolean;
  /** What one should know, whole sentences. */
  notes: string[];
}

export interface Question {
  place: Place;
  commits: Commits;
  path: string;
  candidate: Candidate;
  /** What the commit calls its project; empty where it does not say. */
  project: string;
  database: AppliedDatabase | undefined;
}

const SIGNAL = new AbortController().signal;

/** From git alone: as if everything before the commit were applied. */
export async function basisInGit({ place, path, candidate, project }: Question): Promise<Basis> {
  const state = await stateBefore(place, path, candidate.id, project);
  const origin = originInGit(state.applied, state.base);
  return { ...fromState(state, candidate), origin, compared: origin };
}

function fromState({ applied, base }: State, candidate: Candidate) {
  const notes = base?.note === undefined ? [] : [base.note];
  return { applied, candidates: [candidate], entries: [], isOver: false, notes };
}

/** From a database that has the project. */
export async function basisInDatabase(
  question: Question,
  database: AppliedDatabase,
  applied: Applied,
): Promise<Basis> {
  const { place, commits, candidate } = question;
  const { head, rejected } = applied;
  const { entries, appliedBefore } = await database.story(head.project, candidate.id);
  const last = entries.at(-1);
  if (last && rejected?.commit !== candidate.id) return asThen(question, last, entries, appliedBefore);
  const origin = originInDatabase(applied);
  const notes = head.history?.action === 'history.diverged' ? [haltedNote(applied)] : [];
  const whole = { applied, origin, compared: origin, entries, isOver: false, notes };
  const tips = await tipsOf(place, head.branch);
  const candidates = await turnsUpTo(commits, { commit: candidate.id, tips }, applied, SIGNAL);
  const base = baseOf(head);
  if (!base || candidates.length > 1 || (await commits.holds(base.commit, candidate.id, SIGNAL)))
    return { ...whole, candidates };
  return apart(question, { ...whole, candidates }, base.commit);
}

/** As it was judged then: after the commit that was applied before its entry, by that one's policy. */
async function asThen(
  { place, path, candidate, project }: Question,
  last: CommitEntry,
  entries: readonly CommitEntry[],
  before: string | undefined,
): Promise<Basis> {
  const known = before === undefined ? undefined : (await findMeant(place, before))?.commit;
  const state =
    known === undefined
      ? await stateBefore(place, path, candidate.id, project)
      : await stateInCommon(place, path, { base: known, head: known }, project);
  const whole = fromState(state, candidate);
  const origin = originInGit(state.applied, state.base);
  const notes =
    before === undefined || known !== undefined
      ? whole.notes
      : [
          `What was applied before entry ${last.entry}, ${before.slice(0, 10)}, is not in this clone: compared with what the commit left.`,
        ];
  return { ...whole, origin, compared: origin, entries, isOver: true, notes };
}

/** A commit that does not have what was judged last: an older one, or one of a branch that is behind. */
async function apart(question: Question, whole: Basis, judged: string): Promise<Basis> {
  const { place, path, candidate, project } = question;
  const { commits } = question;
  const known = (await findMeant(place, judged))?.commit;
  const isOld = known !== undefined && (await commits.holds(candidate.id, known, SIGNAL));
  const state =
    known === undefined || isOld
      ? await stateBefore(place, path, candidate.id, project)
      : await stateInCommon(place, path, { base: known, head: candidate.id }, project);
  const { rejected: _, ...rest } = whole.applied;
  const { lastJudgedCommit } = state.applied.head;
  const { lastJudgedCommit: _judged, history: _history, ...head } = rest.head;
  const applied: Applied = {
    ...rest,
    rows: state.applied.rows,
    head: { ...head, ...(lastJudgedCommit !== undefined && { lastJudgedCommit }) },
    carries: [],
  };
  const note = isOld ? await oldNote(place, candidate.id, known) : behindNote(judged);
  const compared = originInGit(state.applied, state.base);
  return { ...whole, applied, compared, notes: [...whole.notes, note] };
}

function behindNote(judged: string): string {
  return `It does not have ${judged.slice(0, 10)}, the commit that was judged last, so another tree than this one will be merged. Update the branch before anyone approves it.`;
}

async function oldNote({ repository: { store } }: Place, commit: string, judged: string): Promise<string> {
  const line = await firstParents(store, judged);
  if (line.includes(commit))
    return 'It has no entry: it is older than what sync began with, or changes no definition.';
  const [merge] = await commitsAfter(store, commit, judged);
  const by = merge === undefined ? 'a merge' : merge.slice(0, 10);
  return `It has no entry of its own: it was merged by ${by}, whose signer answered for it.`;
}

function haltedNote({ head: { history } }: Applied): string {
  return `Sync has halted at entry ${history?.entry}, since the branch lost what was judged: it judges nothing until someone accepts that with \`halyard sync accept-history\`.`;
}

/** The heads that the branch has here and at the remote, as far as the clone knows. */
async function tipsOf({ repository, remote }: Place, branch: string): Promise<string[]> {
  const find = (name: string) => findCommit(repository.store, name);
  const found = [await find(`refs/remotes/${remote}/${branch}`), await find(`refs/heads/${branch}`)];
  const tips = found.filter((tip) => tip !== undefined);
  // A repository that was only named has its head alone.
  const head = tips.length > 0 ? undefined : await find('refs/remotes/origin/HEAD');
  return head === undefined ? [...new Set(tips)] : [head];
}
