// Who stands behind a commit, as people read it: its signature, its approvals and reviews, and the commits that it merged.
import { parseStatement } from '../../access/statement.ts';
import type { CommitContent } from '../../audit/content.ts';
import { printable } from '../../lib/printable.ts';
import { unreachable } from '../../lib/unreachable.ts';
import type { ApprovalEvidence, Evidence, Signature, SignatureStatus } from '../../model/evidence.ts';
import { styled } from '../terminal.ts';

const WORDS: Readonly<Record<SignatureStatus, string>> = {
  unsigned: 'none',
  unverified: 'not verified',
  valid: 'valid',
  'unknown-key': 'of a key that the policy gives to nobody',
  revoked: 'of a revoked key',
  expired: 'of a key or a signature whose time was over',
  invalid: 'does not hold',
};

/** `bob, valid  SHA256:…`. */
export function signatureText({ status, fingerprint, person, vouched }: Signature): string {
  const words = vouched ? `${WORDS[status]}, of a key that vouches for the author` : WORDS[status];
  const who = person === undefined ? words : `${printable(person, 200)}, ${words}`;
  return fingerprint === undefined ? who : `${who}  ${printable(fingerprint, 100)}`;
}

/** A line or two for a piece: whose it is and what it is worth; then what else it says. */
export function evidenceLines(evidence: Evidence): string[] {
  switch (evidence.kind) {
    case 'approval':
      return approvalLines(evidence);
    case 'github-review':
    case 'gitlab-approval': {
      const { kind, reviewer, pullRequest, commit, tree, at } = evidence;
      const [forge, mark] = kind === 'github-review' ? ['GitHub', '#'] : ['GitLab', '!'];
      const who = printable(reviewer, 200);
      return [
        `${forge}: ${who} approved ${mark}${Number(pullRequest)} at ${printable(at)}`,
        styled('dim', `    commit ${printable(commit, 100)}  tree ${printable(tree, 100)}`),
      ];
    }
    case 'trailer':
      return [`Reviewed-by: ${printable(evidence.by, 200)}`];
    default:
      return unreachable(evidence);
  }
}

function approvalLines({ statement, signed, expired }: ApprovalEvidence): string[] {
  const stated = parseStatement(statement);
  const where = stated
    ? ` for ${printable(stated.environments.join(', '), 200)}, until ${stated.expires}`
    : '';
  const isOver = expired ? styled('yellow', ' (expired when it was first seen)') : '';
  return [
    `approval${where}${isOver}`,
    `    signed: ${signatureText(signed)}`,
    ...(stated ? [styled('dim', `    tree ${stated.tree}`)] : []),
  ];
}

/** A line each, and how many more there are. */
export function mergedLines({ merged = [], mergedMore = 0 }: CommitContent): string[] {
  const lines = merged.map(({ commit, author, signature }) => {
    const name = printable(author.replace(/\s*<[^>]*>\s*$/, ''), 100);
    return `${printable(commit.slice(0, 10))}  ${name}  ${styled('dim', `signature: ${signatureText(signature)}`)}`;
  });
  return mergedMore === 0 ? lines : [...lines, `and ${mergedMore} more`];
}
