// The signed approvals of a tree: read from the repository, verified, and judged by the applied policy.
import { judgeSignature, type VerifiedSignature } from '../../access/identity.ts';
import type { Policy } from '../../access/policy.ts';
import {
  APPROVAL_NAMESPACE,
  approvalId,
  parseApproval,
  parseStatement,
  type SignedApproval,
} from '../../access/statement.ts';
import type { ApprovalBlob } from '../../git/approval-refs.ts';
import { verifyText } from '../../git/ssh-signature.ts';
import type { ApprovalEvidence } from '../../model/evidence.ts';

/** Verifying starts a process each time; this many at once keep a small machine responsive. */
const AT_ONCE = 8;
const MOST_REMEMBERED = 1_000;

export interface ApprovalQuestion {
  project: string;
  tree: string;
  /** Undefined: every key is unknown. */
  policy: Policy | undefined;
}

/** Verifies approvals, each once: what is signed never changes, and whose key it is, is asked each time. */
export class ApprovalVerifier {
  readonly #verified = new Map<string, VerifiedSignature>();

  /**
   * Those that are of this project and tree and whose signature holds, whoever's it is, by statement and signature;
   * anything else under the refs says nothing.
   * @param nowMs epoch milliseconds, by which approvals have expired
   */
  async evidenceIn(
    blobs: readonly ApprovalBlob[],
    { project, tree, policy }: ApprovalQuestion,
    nowMs: number,
    signal?: AbortSignal,
  ): Promise<ApprovalEvidence[]> {
    const signed = blobs.flatMap(({ content }) => parseApproval(content) ?? []);
    const asked = signed.flatMap((approval) => {
      const stated = parseStatement(approval.statement);
      return stated?.project === project && stated.tree === tree
        ? [{ approval, expires: stated.expires }]
        : [];
    });
    const found: ApprovalEvidence[] = [];
    for (let at = 0; at < asked.length; at += AT_ONCE) {
      const some = asked.slice(at, at + AT_ONCE);
      const verified = await Promise.all(some.map(({ approval }) => this.#verify(approval, signal)));
      for (const [index, { approval, expires }] of some.entries()) {
        const one = verified[index];
        if (one?.status !== 'holds') continue;
        const isOver = Date.parse(expires) <= nowMs;
        const signed = judgeSignature(policy, one);
        found.push({ kind: 'approval', ...approval, signed, ...(isOver && { expired: true }) });
      }
    }
    return found.sort((a, b) => compare(a.statement, b.statement) || compare(a.signature, b.signature));
  }

  async #verify({ statement, signature }: SignedApproval, signal?: AbortSignal): Promise<VerifiedSignature> {
    const id = approvalId({ statement, signature });
    const known = this.#verified.get(id);
    if (known) return known;
    const text = { text: statement, namespace: APPROVAL_NAMESPACE };
    const verified = await verifyText(text, signature, signal);
    if (this.#verified.size >= MOST_REMEMBERED) this.#verified.clear();
    this.#verified.set(id, verified);
    return verified;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
