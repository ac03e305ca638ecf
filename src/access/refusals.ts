// Refusals as problems: which rule, what was missing, and who could approve. Pure.
import type { Problem } from '../model/problem.ts';
import type { Refusal } from './authorize.ts';
import type { Policy } from './policy.ts';

/** More are not worth listing: the first ones, by file and code, are kept. */
export const MOST_REFUSALS = 100;

/**
 * One problem for each file and code, naming the environments; sorted by file, then code; at most MOST_REFUSALS.
 * The codes: `access-denied`, `approval-missing`, and for the signature, in access.yaml: `signature-missing` (unsigned),
 * `signature-unknown-key`, `signature-revoked`, `signature-expired`, `signature-invalid`. All at line 1, column 1.
 */
export function refusalProblems(refusals: readonly Refusal[], policy: Policy): Problem[] {
  throw new Error(`${refusals.length} ${policy}`);
}
