// What sync will do with a commit: by the judgement that it will make itself, and without writing anything.
import type { UnreachableError } from '../lib/errors.ts';
import type { Judged } from './access.ts';
import type { Applied } from './applied.ts';
import type { Candidate, Commits } from './commits.ts';
import { baseOf } from './history.ts';
import type { Judge } from './judging.ts';
import { foreseen } from './record.ts';
import { hasEntry, isJudgedAgain, mayAnswer, mayBeMended } from './rejudge.ts';

export interface Foresight {
  /** What is applied when the commit's turn comes. */
  applied: Applied;
  /** Absent where sync passes it over: its definitions are those that were judged last, and it may not answer for them. */
  judged?: Judged;
  /** It is refused for want of evidence that may be there: what could not be asked for it. */
  incomplete?: UnreachableError;
}

/**
 * The commits that sync will judge, up to this one: those that a branch has had since the last judged one, oldest first.
 * Just this one where no branch that is given has it so; it is then judged as if it were merged as it is.
 * @param tips the heads that branches are known to have
 */
export async function turnsUpTo(
  commits: Commits,
  { commit, tips }: { commit: string; tips: readonly string[] },
  { head, rejected }: Applied,
  signal: AbortSignal,
): Promise<Candidate[]> {
  const base = baseOf(head);
  for (const tip of base ? tips : []) {
    if (!base || !(await commits.holds(base.commit, tip, signal))) continue;
    const itself = base.accepted || isJudgedAgain(rejected, head.lastEntry);
    const turns = await commits.candidatesAfter({ commit: base.commit, itself }, tip, signal);
    const at = turns.findIndex(({ id }) => id === commit);
    if (at >= 0) return turns.slice(0, at + 1);
  }
  return [await commits.candidate(commit, signal)];
}

/**
 * Judges commits in their order, each after what those before it leave. Resolves to what is found of the last one.
 * @param applied is used up
 */
export async function foresee(
  judge: Judge,
  commits: Commits,
  candidates: readonly Candidate[],
  applied: Applied,
  signal: AbortSignal,
): Promise<Foresight> {
  let sight: Foresight = { applied };
  judge.begin();
  for (const [at, candidate] of candidates.entries()) {
    const known = sight.applied;
    const { rejected, head } = known;
    const isLast = at === candidates.length - 1;
    const isLike =
      head.lastJudgedCommit !== undefined && (await commits.isLike(candidate, head.lastJudgedCommit, signal));
    // What is wrong with definitions is told of the commit that is asked about, though sync has said it before.
    const isAsked =
      rejected && mayAnswer(candidate, rejected, head) && (isLast || mayBeMended(rejected, head.lastEntry));
    if (isLike && !isAsked) continue;
    const found = await judge.judge({ candidate, at, candidates, isLike }, known, signal);
    if (isLast) sight = { applied: known, ...found };
    else if (!isLike || !rejected || hasEntry(found.judged, rejected))
      sight = { applied: foreseen(known, found.judged) };
  }
  return sight;
}
