// The approvals that a remote keeps of one tree, as a person's own git sees them; `halyard access explain` shows them.
import { APPROVALS_PREFIX, ApprovalReader, approvalRefsIn, refsOfTree } from '../../git/approval-refs.ts';
import type { ApprovalEvidence } from '../../model/evidence.ts';
import { type ApprovalQuestion, ApprovalVerifier } from '../../sync/evidence/approvals.ts';
import type { Place } from './place.ts';
import { atRemote } from './remote.ts';

/** In the audit's order, judged by a policy and a clock (epoch milliseconds). Throws UnreachableError. */
export async function approvalsAt(
  { repository, git, remote, name, isPartial }: Place,
  question: ApprovalQuestion,
  nowMs: number,
): Promise<ApprovalEvidence[]> {
  const listing = await atRemote(name, git.listRemote(remote, [`${APPROVALS_PREFIX}${question.tree}/*`]));
  const refs = refsOfTree(approvalRefsIn(listing), question.tree);
  const fetch = (objects: readonly string[]) => git.fetch(remote, objects, { withoutFiles: isPartial });
  const blobs = await new ApprovalReader().read(repository.store, refs, fetch);
  return new ApprovalVerifier().evidenceIn(blobs, question, nowMs);
}
