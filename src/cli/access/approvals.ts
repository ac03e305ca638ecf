// The approvals of a commit's definitions, each with what it is worth: counted, or why not.
import { type ApprovalSubject, approvalsOf } from '../../access/approvals.ts';
import type { Policy } from '../../access/policy.ts';
import { parseStatement } from '../../access/statement.ts';
import { unreachable } from '../../lib/unreachable.ts';
import type { ApprovalEvidence, Evidence } from '../../model/evidence.ts';
import { approversOf, type Judged } from '../../sync/access.ts';

export interface WeighedApproval {
  kind: Evidence['kind'];
  /** Of the policy, where it knows who approved. */
  person?: string;
  /** Who else it is: a key, a login, a name. */
  by: string;
  /** Absent: in all. */
  environments?: string[];
  /** RFC 3339, UTC. */
  expires?: string;
  counts: boolean;
  /** Why it does not count: what follows "does not count: ". */
  why?: string;
}

/** In the order of the evidence. */
export function weighedApprovals(
  policy: Policy,
  judged: Judged,
  subject: ApprovalSubject,
): WeighedApproval[] {
  return judged.evidence.map((piece) => {
    const [approval] = approvalsOf(policy, [piece], subject);
    const person = approval?.person ?? personOf(piece);
    const why = approval ? faultOf(policy, judged, approval) : worthless(policy, piece);
    return {
      kind: piece.kind,
      ...(person !== undefined && { person }),
      ...told(piece),
      counts: why === undefined,
      ...(why !== undefined && { why }),
    };
  });
}

/** An approval that counted before. */
export function usedApproval(piece: Evidence): WeighedApproval {
  const person = personOf(piece);
  const why = 'it has let an earlier change be applied, and is for one change';
  return { kind: piece.kind, ...(person !== undefined && { person }), ...told(piece), counts: false, why };
}

/** Why an approval by a person of the policy counts for nothing here; undefined where it counts. */
function faultOf(
  policy: Policy,
  { commit, signature, touches = [] }: Judged,
  approval: { person: string; environments?: readonly string[] },
): string | undefined {
  const { person } = approval;
  if (person === signature.person) return `${person} signed the commit`;
  if (person === policy.personOfIdentity(commit.author)) return `${person} is the commit's author`;
  if (approversOf(policy, touches, [approval]).length > 0) return undefined;
  return touches.length === 0 ? 'nothing changes' : `no rule lets ${person} make any of this change there`;
}

/** Why a piece of evidence is no approval. */
function worthless(policy: Policy, piece: Evidence): string {
  switch (piece.kind) {
    case 'approval':
      return faultOfKey(piece);
    case 'github-review':
    case 'gitlab-approval':
      return 'the login is nobody’s in the policy, or another tree was reviewed';
    case 'trailer':
      return policy.body.trailers === 'trusted'
        ? 'the address is nobody’s in the policy'
        : 'the policy does not trust trailers';
    default:
      return unreachable(piece);
  }
}

function faultOfKey({ signed: { status, vouched }, expired }: ApprovalEvidence): string {
  if (status === 'revoked') return 'its key is revoked';
  if (status === 'unknown-key' || vouched) return 'its key is nobody’s in the policy';
  if (status !== 'valid') return `its signature is ${status}`;
  return expired ? 'it has expired' : 'it is of another project or tree';
}

function personOf(piece: Evidence): string | undefined {
  return piece.kind === 'approval' ? piece.signed.person : undefined;
}

function told(piece: Evidence): Pick<WeighedApproval, 'by' | 'environments' | 'expires'> {
  if (piece.kind === 'trailer') return { by: piece.by };
  if (piece.kind !== 'approval') return { by: piece.reviewer };
  const stated = parseStatement(piece.statement);
  const by = piece.signed.fingerprint ?? 'a key';
  return stated ? { by, environments: stated.environments, expires: stated.expires } : { by };
}
