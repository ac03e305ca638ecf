// When a commit that was rejected is judged again: what is new since its entry, and how much still has to happen. Pure.
import { type ApprovalSubject, approvalsOf } from '../access/approvals.ts';
import type { Policy } from '../access/policy.ts';
import type { ProjectHead } from '../audit/store.ts';
import type { ApprovalEvidence, Evidence } from '../model/evidence.ts';
import type { Judged } from './access.ts';
import { OBSTACLES, type Obstacle, obstacleOf, type Rejected } from './rejected.ts';

/**
 * Whether a judgement of the refused commit, or of a later one with the same definitions, has an entry. Hundreds of
 * unrelated commits may follow a refused one in a large repository, and anyone who may push can pile up approvals that
 * count for nothing: none of those has one. What has one is a commit that is applied, whoever mended what was missing;
 * the first that has less before it (it is signed now, and lacks approvals only), so that its author is told; and the
 * refused commit itself, which is judged again only where an approval is new. Commits of other definitions always have one.
 */
export function hasEntry(judged: Judged, rejected: Rejected): boolean {
  if (judged.type === 'applied') return true;
  if (judged.commit.id === rejected.commit && awaitsApproval(rejected)) return true;
  return isSmaller(obstacleOf(judged.problems), rejected.obstacle);
}

/**
 * Whether commits with the rejected one's definitions, itself among them, may be judged differently. Access may be mended
 * by another signer or by evidence. What is wrong with the definitions is mended only where an operator has written an
 * entry since: the emergency override that they did not fit may have ended.
 */
export function mayBeMended({ entry, obstacle }: Rejected, lastEntry: number): boolean {
  return obstacle !== 'definitions' || lastEntry > entry;
}

/**
 * Whether a commit with the rejected one's definitions may answer for them: the rejected one itself, a head that an operator
 * has accepted, and an empty commit, which is for nothing else. Whoever changes or merges something else has not looked at
 * what was refused, and may not be taken at their signature for it.
 */
export function mayAnswer(
  { id, isEmpty }: { id: string; isEmpty: boolean },
  rejected: Rejected,
  head: ProjectHead,
): boolean {
  return isEmpty || id === rejected.commit || isAcceptedHead(id, head);
}

/** Whether an operator has accepted this very head, and nothing was judged since. */
export function isAcceptedHead(id: string, { history }: ProjectHead): boolean {
  return history?.action === 'history.accepted' && history.commit === id;
}

/** Whether the last judged commit, if it was rejected, is judged once more itself. */
export function isJudgedAgain(rejected: Rejected | undefined, lastEntry: number): boolean {
  return rejected !== undefined && (awaitsApproval(rejected) || rejected.entry < lastEntry);
}

/** Whether evidence may mend the rejected commit: no approval mends a signature that is refused. */
export function awaitsApproval({ obstacle }: Rejected): boolean {
  return obstacle === 'approval-missing' || obstacle === 'access-denied';
}

/**
 * The approvals as they were when they were first seen: whether their time was over is judged once, and an entry of
 * the same tree has it.
 */
export function asFirstSeen<Piece extends Evidence>(
  evidence: readonly Piece[],
  recorded: readonly Evidence[],
): Piece[] {
  const known = new Map(
    recorded.flatMap((piece) => (piece.kind === 'approval' ? [[identityOf(piece), piece]] : [])),
  );
  return evidence.map((piece) => {
    const before = piece.kind === 'approval' ? known.get(identityOf(piece)) : undefined;
    if (!before || piece.kind !== 'approval') return piece;
    const { expired: _, ...rest } = piece;
    return { ...rest, ...(before.expired && { expired: true }) } as Piece;
  });
}

function identityOf({ statement, signature }: ApprovalEvidence): string {
  return `${statement}\n${signature}`;
}

/** Whether an approval counts that did not before. What counts for nothing, however much of it there is, is no news. */
export function bringsApprovals(
  policy: Policy,
  now: readonly Evidence[],
  before: readonly Evidence[],
  subject: ApprovalSubject,
): boolean {
  const known = new Set(approvalsOf(policy, before, subject).map(nameOf));
  return approvalsOf(policy, now, subject).some((approval) => !known.has(nameOf(approval)));
}

function nameOf(approval: object): string {
  return JSON.stringify(approval);
}

/** Whether less has to happen than before. True a few times in a row at most, so that it never fills the audit. */
function isSmaller(now: Obstacle, before: Obstacle): boolean {
  return OBSTACLES.indexOf(now) < OBSTACLES.indexOf(before);
}
