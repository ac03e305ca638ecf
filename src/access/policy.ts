// The access policy as questions are put to it: whose key is it, which rule decides. Pure.
import type { AccessDefinition, AccessRule } from '../model/definitions.gen.ts';
import type { Touch } from './touch.ts';

/** A rule with its place in the file, 1 for the first. */
export interface NumberedRule {
  number: number;
  rule: AccessRule;
}

export class Policy {
  readonly body: AccessDefinition;

  constructor(body: AccessDefinition) {
    this.body = body;
  }

  /** Whose key it is. A revoked key is nobody's. */
  personOfKey(fingerprint: string): string | undefined {
    throw new Error(fingerprint);
  }

  /** Whose address it is as author; upper and lower case alike. */
  personOfMail(mail: string): string | undefined {
    throw new Error(mail);
  }

  /** The first rule that fits one of the person's roles and the touch; undefined where none does: then it is refused. */
  ruleFor(person: string, touch: Touch): NumberedRule | undefined {
    throw new Error(person + touch.key);
  }

  /** People who may do it, approvals aside; in the order of the file. */
  peopleFor(touch: Touch): string[] {
    throw new Error(touch.key);
  }
}
