// What is found of a commit: who signed, who approved, where it reaches, and what sync did or will do with it. Plain JSON.
import { judgeSignature } from '../../access/identity.ts';
import { placesOf, type Requirement, requirementsOf, type TouchedPlaces } from '../../access/requirements.ts';
import type { EntryProblem } from '../../audit/content.ts';
import { verifyTag } from '../../git/tag-signatures.ts';
import type { UnreachableError } from '../../lib/errors.ts';
import type { Evidence, Signature } from '../../model/evidence.ts';
import type { Problem } from '../../model/problem.ts';
import type { Applied } from '../../sync/applied.ts';
import { type Foresight, foresee } from '../../sync/foresee.ts';
import { Judge } from '../../sync/judging.ts';
import { obstacleOf } from '../../sync/rejected.ts';
import { signingKeys } from '../../sync/signature-reader.ts';
import { approveHint } from '../approve-hint.ts';
import type { Place } from '../place/place.ts';
import { usedApproval, type WeighedApproval, weighedApprovals } from './approvals.ts';
import type { Basis, Question } from './basis.ts';
import { lookupAt } from './lookup.ts';
import type { Origin } from './origin.ts';

export interface CommitReport {
  kind: 'commit';
  commit: string;
  subject: string;
  /** `Name <mail>`, as the commit says, and whose address that is. */
  author: string;
  authorPerson?: string;
  committedAt: string;
  /** What it has under the path. Absent where it has nothing there. */
  tree?: string;
  tag?: { tag: string; signature: Signature };
  /** As it was first seen, where it was judged. */
  signature: Signature;
  /** Where the policy comes from that judges it; `exists`: it has an access policy. */
  policy: Origin & { exists: boolean };
  compared: Origin;
  /** Where the change reaches; with a policy, who may make it, too. Empty where the definitions have errors. */
  changes: (TouchedPlaces & Partial<Requirement>)[];
  approvals: {
    remote: string;
    found: WeighedApproval[] /** Why nobody looked for them. */;
    unasked?: string;
  };
  /** `recorded`: sync has done it, and will not judge the commit again. Else it is what sync would do. */
  verdict: 'applied' | 'refused' | 'passed-over';
  recorded: boolean;
  problems: ToldProblem[];
  /** Those of the audit, oldest first. */
  entries: { entry: number; action: string; recordedAt: string; problems: EntryProblem[] }[];
  notes: string[];
}

/** An entry keeps no words: they are there where judging again gives the same problem. */
export type ToldProblem = EntryProblem & Partial<Pick<Problem, 'message' | 'hint'>>;

const SIGNAL = new AbortController().signal;

export async function reportOn(
  question: Question,
  basis: Basis,
  tag: string | undefined,
): Promise<{ report: CommitReport; incomplete?: UnreachableError }> {
  const { place, commits, candidate } = question;
  const { isOver, entries } = basis;
  const last = isOver ? entries.at(-1)?.content : undefined;
  const lookup = lookupAt(question, last?.evidence);
  const sight = await foresee(
    new Judge(commits, lookup.gather),
    commits,
    basis.candidates,
    basis.applied,
    SIGNAL,
  );
  const { judged, applied, incomplete } = sight;
  const signature = last?.signature ?? judged?.signature ?? (await signatureOf(question, applied));
  const authorPerson = applied.policy?.personOfIdentity(candidate.author);
  const unasked = lookup.unasked(sight, last !== undefined);
  const report: CommitReport = {
    kind: 'commit',
    commit: candidate.id,
    subject: candidate.subject,
    author: candidate.author,
    ...(authorPerson !== undefined && { authorPerson }),
    committedAt: candidate.committedAt,
    ...(candidate.definitionsTree !== undefined && { tree: candidate.definitionsTree }),
    ...(tag !== undefined && { tag: await tagReport(place, tag, applied) }),
    signature,
    policy: { ...basis.origin, exists: applied.policy !== undefined },
    compared: basis.compared,
    changes: changesOf(sight),
    approvals: {
      remote: place.name,
      found: approvalsOfSight(sight, candidate.definitionsTree, last?.evidence, lookup.used()),
      ...(unasked !== undefined && { unasked }),
    },
    ...verdictOf(sight, last, place),
    entries: entries.map(({ entry, recordedAt, content: { action, problems } }) => ({
      entry,
      action,
      recordedAt: new Date(recordedAt).toISOString(),
      problems,
    })),
    notes: [...basis.notes, ...moreNotes(sight, last !== undefined)],
  };
  return { report, ...(last === undefined && incomplete && { incomplete }) };
}

/** Reviews are of a merged pull request, so nobody can ask for them before. */
function moreNotes({ judged, applied: { rejected } }: Foresight, isRecorded: boolean): string[] {
  if (!judged && rejected && !isRecorded)
    return [
      `Its definitions are those of ${rejected.commit.slice(0, 10)}, which is refused (entry ${rejected.entry}), and it does not answer for them: that one may be approved yet, or an empty commit be signed by someone who may make the change.`,
    ];
  const isWaiting =
    judged?.type === 'rejected' &&
    ['approval-missing', 'access-denied'].includes(obstacleOf(judged.problems));
  return isWaiting && !isRecorded
    ? [
        'Reviews at GitHub or GitLab are not asked about here. They count too where sync is started with --forge.',
      ]
    : [];
}

function changesOf({ judged, applied: { policy } }: Foresight): CommitReport['changes'] {
  const touches = judged?.touches ?? [];
  return policy ? requirementsOf(policy, touches) : placesOf(touches);
}

function approvalsOfSight(
  { judged, applied: { policy, head } }: Foresight,
  tree: string | undefined,
  recorded: readonly Evidence[] | undefined,
  used: readonly Evidence[],
): WeighedApproval[] {
  if (!judged || !policy || tree === undefined) return [];
  const seen = recorded ? { ...judged, evidence: [...recorded] } : judged;
  return [...weighedApprovals(policy, seen, { project: head.project, tree }), ...used.map(usedApproval)];
}

/** What the entry says, with the words that judging it again gives; else what sync would do. */
function verdictOf(
  { judged, applied: { rejected } }: Foresight,
  last: { action: string; problems: EntryProblem[] } | undefined,
  place: Place,
): Pick<CommitReport, 'verdict' | 'recorded' | 'problems'> {
  const problems: ToldProblem[] =
    judged?.type === 'rejected'
      ? judged.problems.map(({ severity: _, hint, ...problem }) => ({
          ...problem,
          hint: approveHint(hint, judged.commit.id, place.remote),
        }))
      : [];
  if (!last && judged) {
    const verdict = judged.type === 'applied' ? 'applied' : 'refused';
    return { verdict, recorded: false, problems };
  }
  if (!last) {
    // Its definitions are refused with those of the commit before, for which it does not answer.
    return rejected
      ? { verdict: 'refused', recorded: false, problems: [...rejected.problems] }
      : { verdict: 'passed-over', recorded: false, problems };
  }
  const worded = last.problems.map(
    (kept) => problems.find(({ code, file }) => code === kept.code && file === kept.file) ?? kept,
  );
  const verdict = last.action === 'commit.applied' ? 'applied' : 'refused';
  return { verdict, recorded: true, problems: worded };
}

async function signatureOf({ commits, candidate }: Question, { policy }: Applied): Promise<Signature> {
  const [verified = { status: 'unsigned' as const }] = await commits.verify(
    [candidate.id],
    signingKeys(policy),
    SIGNAL,
  );
  return judgeSignature(policy, verified, candidate.author);
}

/** A tag's signature decides nothing. It is no commit, so no key vouches for it. */
async function tagReport({ repository }: Place, tag: string, { policy }: Applied) {
  const { signature } = await verifyTag(repository.store, tag, signingKeys(policy));
  return { tag, signature: judgeSignature(policy, signature) };
}
