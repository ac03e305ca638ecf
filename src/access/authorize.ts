// Decides whether a change may be made: by its signer, or by those who approved its tree. Pure.
import type { Signature } from '../model/evidence.ts';
import type { FirstRules, Policy } from './policy.ts';
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
  | { type: 'signature'; status: Exclude<Signature['status'], 'valid'>; fingerprint?: string }
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
 * Every refusal, in the order of the touches; of a signature that is refused, that alone; empty: the change may be made.
 * A touch may be made if a person answers for it, the signer or one who approved, whom the first rule that fits lets do
 * it, with as many approvals of others as that rule asks for. Approvers are neither author nor signer, a rule lets them
 * do the same themselves, and each counts once. Without touches there is only the signature to refuse.
 */
export function authorize({ policy, touches, signature, author, approvals }: AccessCase): Refusal[] {
  const { status, fingerprint } = signature;
  if (policy.requiresSignatures && status !== 'valid')
    return [{ type: 'signature', status, ...(fingerprint !== undefined && { fingerprint }) }];
  const signer = status === 'valid' ? signature.person : undefined;
  const others = approvals.filter(({ person }) => person !== signer && person !== author);
  const judge = new Judge(policy, signer, author, others);
  return touches.flatMap((touch): Refusal[] => {
    const refusal = judge.refusalOf(touch);
    return refusal ? [{ ...refusal, touch }] : [];
  });
}

type Without<Union, Key extends string> = Union extends unknown ? Omit<Union, Key> : never;
type Verdict = Without<Exclude<Refusal, { type: 'signature' }>, 'touch'> | undefined;

/** Judges touches of one commit; those that no rule tells apart once in each environment. */
class Judge {
  readonly #policy: Policy;
  readonly #signer: string | undefined;
  readonly #author: string | undefined;
  readonly #approvals: readonly Approval[];
  readonly #verdicts = new Map<FirstRules, Map<string, Verdict>>();

  constructor(
    policy: Policy,
    signer: string | undefined,
    author: string | undefined,
    approvals: readonly Approval[],
  ) {
    this.#policy = policy;
    this.#signer = signer;
    this.#author = author;
    this.#approvals = approvals;
  }

  refusalOf(touch: Touch): Verdict {
    const rules = this.#policy.firstRules(touch);
    const verdicts = this.#verdicts.get(rules) ?? new Map<string, Verdict>();
    this.#verdicts.set(rules, verdicts);
    if (!verdicts.has(touch.environment)) verdicts.set(touch.environment, this.#judge(touch));
    return verdicts.get(touch.environment);
  }

  #judge(touch: Touch): Verdict {
    const approvers = this.#approversOf(touch);
    const claims: Extract<Verdict, { type: 'approvals' }>[] = [];
    for (const person of this.#signer === undefined ? approvers : [this.#signer, ...approvers]) {
      const found = this.#policy.ruleFor(person, touch);
      if (!found) continue;
      const given = approvers.filter((approver) => approver !== person);
      const needed = found.rule.approvals ?? 0;
      if (given.length >= needed) return undefined;
      const couldApprove = this.#couldApprove(touch, [person, ...given]);
      claims.push({ type: 'approvals', person, rule: found.number, needed, given, couldApprove });
    }
    const nearest = claims.toSorted((a, b) => missing(a) - missing(b))[0];
    if (nearest) return nearest;
    const person = this.#signer;
    return {
      type: 'denied',
      ...(person !== undefined && { person }),
      couldApprove: this.#couldApprove(touch, []),
    };
  }

  /** Who approved it there and may do it themselves, each once. */
  #approversOf(touch: Touch): string[] {
    const here = this.#approvals.filter(
      ({ environments }) => environments?.includes(touch.environment) ?? true,
    );
    const people = new Set(here.map(({ person }) => person));
    return [...people].filter((person) => this.#policy.ruleFor(person, touch));
  }

  #couldApprove(touch: Touch, counted: readonly string[]): string[] {
    const not = new Set([this.#signer, this.#author, ...counted]);
    return this.#policy.peopleFor(touch).filter((person) => !not.has(person));
  }
}

function missing({ needed, given }: { needed: number; given: readonly string[] }): number {
  return needed - given.length;
}
