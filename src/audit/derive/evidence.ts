// The evidence of a commit's entry, judged again: what is embedded is verified, what the message says follows from it. Pure.
import type { Commit } from '../../git/commit.ts';
import type { ApprovalEvidence, Evidence, ForgeEvidence } from '../../model/evidence.ts';
import { MOST_EVIDENCE } from '../content.ts';
import { asHolding, type People, signatureOf, type Verified } from './people.ts';
import { approvalName } from './state.ts';

/** What verifying found of the embedded approvals, in their order. */
export type EmbeddedEvidence = readonly Verified[];

/**
 * The evidence as it must be listed. That an approval had expired, and a forge's record, is taken as it was recorded.
 * @param people undefined without a policy: then nobody looks for evidence
 * @param used the approvals, by name, with which something was applied before: none of them is of any use
 */
export function evidenceOf(
  people: People | undefined,
  { reviewedBy = [] }: Commit,
  embedded: EmbeddedEvidence,
  stored: readonly Evidence[],
  used: ReadonlySet<string>,
): Evidence[] {
  const approvals = stored.filter((piece) => piece.kind === 'approval');
  const judged = approvals.map(({ statement, signature, signed, expired }, index): ApprovalEvidence => {
    const verified = asHolding(embedded[index] ?? { status: 'invalid' }, signed);
    const again = signatureOf(people, verified);
    return { kind: 'approval', statement, signature, signed: again, ...(expired === true && { expired }) };
  });
  const records = stored.filter(
    (piece): piece is ForgeEvidence => piece.kind !== 'approval' && piece.kind !== 'trailer',
  );
  const trailers = reviewedBy.map((by): Evidence => ({ kind: 'trailer', by }));
  const fresh = judged.filter((approval) => !used.has(approvalName(approval)));
  const found = people ? [...fresh.sort(byStatement), ...records.map(recordOf).sort(byReviewer)] : [];
  return [...found, ...trailers].slice(0, MOST_EVIDENCE);
}

/** A record with the members that one has, and no others. */
function recordOf({ kind, pullRequest, reviewer, commit, tree, at, record }: ForgeEvidence): ForgeEvidence {
  return { kind, pullRequest, reviewer, commit, tree, at, record };
}

function byStatement(a: ApprovalEvidence, b: ApprovalEvidence): number {
  return inOrder([a.statement, a.signature], [b.statement, b.signature]);
}

function byReviewer(a: ForgeEvidence, b: ForgeEvidence): number {
  return inOrder([a.reviewer, a.at, a.record], [b.reviewer, b.at, b.record]);
}

/** By their UTF-16 units, the first text first. */
function inOrder(a: readonly string[], b: readonly string[]): number {
  for (const [index, text] of a.entries()) {
    const other = b[index] ?? '';
    if (text !== other) return text < other ? -1 : 1;
  }
  return 0;
}
