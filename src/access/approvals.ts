// Which of a commit's evidence counts as an approval, and whose. Pure.
import type { Evidence } from '../model/evidence.ts';
import type { Approval } from './authorize.ts';
import type { Policy } from './policy.ts';

/**
 * The approvals that count: signed by a person's valid key for this project and this very tree and not expired; a
 * forge's review of a commit with this tree, by a person whose login the policy holds; a trailer where the policy trusts them.
 */
export function approvalsOf(
  policy: Policy,
  evidence: readonly Evidence[],
  { project, tree }: { project: string; tree: string },
): Approval[] {
  throw new Error(`${policy} ${evidence.length} ${project} ${tree}`);
}
