// Which of a commit's evidence counts as an approval, and whose. Pure.
import type { ApprovalEvidence, Evidence, ForgeEvidence } from '../model/evidence.ts';
import type { Approval } from './authorize.ts';
import type { Policy } from './policy.ts';
import { parseStatement } from './statement.ts';

/** What an approval is for: the project, and the tree of its definitions' folder. */
export interface ApprovalSubject {
  project: string;
  tree: string;
}

/**
 * The approvals that count: signed by a person's valid key for this project and this very tree and not expired; a
 * forge's review of a commit with this tree, by a person whose login the policy holds; a trailer where the policy trusts them.
 */
export function approvalsOf(
  policy: Policy,
  evidence: readonly Evidence[],
  subject: ApprovalSubject,
): Approval[] {
  return evidence.flatMap((piece): Approval[] => {
    if (piece.kind === 'approval') return signedApproval(policy, piece, subject);
    const person =
      piece.kind === 'trailer' ? trailerPerson(policy, piece.by) : reviewerOf(policy, piece, subject);
    return person === undefined ? [] : [{ person }];
  });
}

/** What one person approved in more ways than these, one tree in ever other environments, says nothing new. */
const MOST_OF_A_PERSON = 10;
/** Some of what counts for nothing is kept, to tell why it does not. */
const MOST_IDLE = 10;

/**
 * The evidence that is worth an entry's space, in its order: anyone who may push can pile up approvals, and none of them
 * may hide another one or fill the audit. Of each person the first of each kind that count, and a few that count for nothing.
 */
export function worthKeeping<Piece extends Evidence>(
  policy: Policy,
  evidence: readonly Piece[],
  subject: ApprovalSubject,
): Piece[] {
  const known = new Set<string>();
  const ofPerson = new Map<string, number>();
  let idle = 0;
  return evidence.filter((piece) => {
    const [approval] = approvalsOf(policy, [piece], subject);
    if (!approval) return ++idle <= MOST_IDLE;
    const name = JSON.stringify(approval);
    const count = ofPerson.get(approval.person) ?? 0;
    if (known.has(name) || count >= MOST_OF_A_PERSON) return false;
    known.add(name);
    ofPerson.set(approval.person, count + 1);
    return true;
  });
}

function signedApproval(
  policy: Policy,
  { statement, signed, expired }: ApprovalEvidence,
  { project, tree }: ApprovalSubject,
): Approval[] {
  if (signed.status !== 'valid' || signed.vouched || expired || signed.fingerprint === undefined) return [];
  const person = policy.personOfKey(signed.fingerprint);
  const stated = parseStatement(statement);
  if (person === undefined || stated?.project !== project || stated.tree !== tree) return [];
  return [{ person, environments: stated.environments }];
}

function reviewerOf(policy: Policy, { kind, reviewer, tree }: ForgeEvidence, subject: ApprovalSubject) {
  if (tree !== subject.tree) return undefined;
  return policy.personOfLogin(kind === 'github-review' ? 'github' : 'gitlab', reviewer);
}

function trailerPerson(policy: Policy, by: string): string | undefined {
  return policy.body.trailers === 'trusted' ? policy.personOfIdentity(by) : undefined;
}
