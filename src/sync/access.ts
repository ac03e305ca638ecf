// Judges a commit by the access policy that is applied: who signed, who approved, and whether they may make the change. Pure.
import { approvalsOf, worthKeeping } from '../access/approvals.ts';
import { type Approval, authorize } from '../access/authorize.ts';
import { judgeSignature, type VerifiedSignature } from '../access/identity.ts';
import type { Policy } from '../access/policy.ts';
import { refusalProblems } from '../access/refusals.ts';
import { type Touch, touchesOf } from '../access/touch.ts';
import { MOST_EVIDENCE } from '../audit/content.ts';
import type { Row } from '../changes/row.ts';
import type { Commit } from '../git/commit.ts';
import type { Definitions } from '../model/definition.ts';
import type { Evidence, MergedCommit, Signature } from '../model/evidence.ts';
import type { Applied } from './applied.ts';
import type { Judgement } from './judge.ts';

/** What was found about a commit outside of its files. */
export interface Proof {
  verified: VerifiedSignature;
  /** Approvals and a forge's records; those for another tree count for nothing. Trailers are the commit's own. */
  evidence: readonly Evidence[];
  /** The definitions' tree; undefined where the path is not in the commit. */
  tree: string | undefined;
}

/** The commits that a merge brings in. They are told, and decide nothing. */
export interface Merged {
  /** At most MOST_MERGED. */
  merged: MergedCommit[];
  /** How many more there are. */
  mergedMore: number;
}

/** A judgement with those who stand behind it. */
export type Judged = Judgement &
  Partial<Merged> & {
    signature: Signature;
    /** In the audit's order. */
    evidence: Evidence[];
    /** Where the change reaches, whether it is refused or not. Absent where the definitions themselves are rejected. */
    touches?: readonly Touch[];
    /** The people who approved and whom a rule lets do some of it themselves, without author and signer; needed or not. */
    approvedBy: string[];
  };

/**
 * Completes the judgement of a commit's files: one that could be applied is rejected where the policy refuses it. The
 * policy is the one that is applied, whatever the commit brings, and the changes are all that differ from what is applied,
 * so what rejected commits brought answers to this commit's signer too. Without a policy everyone may.
 */
export function judgeAccess(
  judgement: Judgement,
  proof: Proof,
  { project, policy, rows }: { project: string } & Pick<Applied, 'policy' | 'rows'>,
): Judged {
  const { commit } = judgement;
  const signature = judgeSignature(policy, proof.verified, commit.author);
  const subject = { project, tree: proof.tree ?? '' };
  const evidence = inOrder(proof.evidence, commit, (pieces) =>
    policy ? worthKeeping(policy, pieces, subject) : pieces,
  );
  const nobody = { signature, evidence, approvedBy: [] };
  if (judgement.type === 'rejected') return { ...judgement, ...nobody };
  const touches = touchesOf(judgement.changes, environmentsOf(rows, judgement.definitions));
  if (!policy) return { ...judgement, ...nobody, touches };
  const author = policy.personOfIdentity(commit.author);
  const approvals = approvalsOf(policy, evidence, subject);
  const others = approvals.filter(({ person }) => person !== author && person !== signature.person);
  const attested = { ...nobody, touches, approvedBy: approversOf(policy, touches, others) };
  const who = author === undefined ? {} : { author };
  const refusals = authorize({ policy, touches, signature, approvals, ...who });
  if (refusals.length === 0) return { ...judgement, ...attested };
  const problems = refusalProblems(refusals, policy);
  return { type: 'rejected', commit, loaded: judgement.loaded, problems, ...attested };
}

/** Those whose approval counts somewhere: a rule lets them do there what they approved. Each once, sorted. */
export function approversOf(
  policy: Policy,
  touches: readonly Touch[],
  approvals: readonly Approval[],
): string[] {
  const may = approvals.filter(({ person, environments }) =>
    touches.some(
      (touch) => (environments?.includes(touch.environment) ?? true) && policy.ruleFor(person, touch),
    ),
  );
  return [...new Set(may.map(({ person }) => person))].sort();
}

/** All that there are, before or after. */
function environmentsOf(rows: Applied['rows'], { project }: Definitions): string[] {
  const applied = [...rows.values()].flatMap(({ kind, environment }: Row) =>
    kind === 'project' && environment !== undefined ? [environment] : [],
  );
  return [...new Set([...applied, ...Object.keys(project.environments)])];
}

/** Approvals by statement and signature, the forge's records by reviewer and time, then the message's own lines. */
function inOrder(
  evidence: Proof['evidence'],
  { reviewedBy = [] }: Commit,
  select: (pieces: readonly Evidence[]) => readonly Evidence[],
): Evidence[] {
  const approvals = evidence.filter((piece) => piece.kind === 'approval');
  const records = evidence.filter((piece) => piece.kind !== 'approval' && piece.kind !== 'trailer');
  const sorted = [
    ...approvals.toSorted(
      (a, b) => compareText(a.statement, b.statement) || compareText(a.signature, b.signature),
    ),
    ...records.toSorted(
      (a, b) =>
        compareText(a.reviewer, b.reviewer) || compareText(a.at, b.at) || compareText(a.record, b.record),
    ),
  ];
  return [...select(sorted), ...reviewedBy.map((by) => ({ kind: 'trailer' as const, by }))].slice(
    0,
    MOST_EVIDENCE,
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
