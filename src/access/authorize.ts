// Decides whether a change may be made: by its signer, or by those who approved its tree. Pure.
import type { Signature } from '../model/evidence.ts';
import type { Policy } from './policy.ts';
import type { Touch } from './touch.ts';

/** An approval that counts: valid, not expired, over the very tree. */
export interface Approval {
  person: string;
  /** Absent: in all environments (a forge's review, a trailer). */
  environments?: readonly string[];
}

export interface AccessCase {
  policy: Policy;
  touches: readonly Touch[];
  signature: Signature;
  /** The person whose address the author's is: neither they nor the signer can approve. */
  author?: string;
  approvals: readonly Approval[];
}

/** Why a change is refused. */
export type Refusal =
  /** The signature itself, where signatures are required: status is none of `valid`. */
  | { type: 'signature'; status: Exclude<Signature['status'], 'valid'> }
  /** No rule lets the signer do it, nor anyone who approved. */
  | { type: 'denied'; touch: Touch; person?: string; couldApprove: string[] }
  /** A rule lets them, once more people approve. */
  | {
      type: 'approvals';
      touch: Touch;
      person: string;
      /** The rule's place in the file, 1 for the first. */
      rule: number;
      needed: number;
      given: string[];
      couldApprove: string[];
    };

/**
 * Every refusal, in the order of the touches, the signature's first; empty: the change may be made.
 * A touch may be made if a person answers for it, the signer or one who approved, whom the first rule that fits lets do
 * it, with as many approvals of others as that rule asks for. Approvers are neither author nor signer, a rule lets them
 * do the same themselves, and each counts once. Without touches there is only the signature to refuse.
 */
export function authorize(question: AccessCase): Refusal[] {
  throw new Error(question.touches.length.toString());
}
