// The access policy as questions are put to it: whose key is it, which rule decides. Pure.
import type { Definitions } from '../model/definition.ts';
import type { AccessDefinition, AccessRule } from '../model/definitions.gen.ts';
import { pathPattern } from './path-pattern.ts';
import type { Touch } from './touch.ts';

/** A rule with its place in the file, 1 for the first. */
export interface NumberedRule {
  number: number;
  rule: AccessRule;
}

/** By role, in the order of the file. */
export type FirstRules = ReadonlyMap<string, NumberedRule>;

/** Forges at which people have logins. */
export type Forge = 'github' | 'gitlab';

/** Whose a key is: a person's, or one that vouches for authors. */
type Holder = { person: string } | { vouches: 'author' };

interface CompiledRule extends NumberedRule {
  fitsPath: (path: string) => boolean;
}

/**
 * Answers for a policy that has passed every check. What the checks refuse is answered with nobody: a key, an address or
 * a login of two people is neither's.
 */
export class Policy {
  readonly body: AccessDefinition;
  readonly #roles: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #keys = new Map<string, Holder | undefined>();
  readonly #mails = new Map<string, string | undefined>();
  readonly #logins: Record<Forge, Map<string, string | undefined>> = { github: new Map(), gitlab: new Map() };
  readonly #revoked: ReadonlySet<string>;
  readonly #rules: readonly CompiledRule[];
  readonly #firstRules = new Map<string, FirstRules>();
  /** Touches come sorted by path, so the last one's rules are mostly this one's. */
  #lastPath: { path: string; rules: readonly CompiledRule[] } | undefined;

  /** Throws for a path's pattern that cannot be read. */
  constructor(body: AccessDefinition) {
    this.body = body;
    const people = Object.entries(body.people);
    this.#roles = new Map(people.map(([person, { roles }]) => [person, new Set(roles)]));
    this.#revoked = new Set(body.revoked);
    for (const [person, { keys = [], emails = [], github, gitlab }] of people) {
      for (const key of new Set(keys)) claim(this.#keys, key, { person });
      for (const mail of new Set(emails.map(folded))) claim(this.#mails, mail, person);
      if (github !== undefined) claim(this.#logins.github, folded(github), person);
      if (gitlab !== undefined) claim(this.#logins.gitlab, folded(gitlab), person);
    }
    for (const key of new Set(body.trust?.map(({ key }) => key)))
      claim(this.#keys, key, { vouches: 'author' });
    this.#rules = body.rules.map((rule, index) => {
      const patterns = rule.paths?.map(pathPattern);
      const fitsPath = (path: string) => patterns?.some((fits) => fits(path)) ?? true;
      return { number: index + 1, rule, fitsPath };
    });
  }

  /** Whether a commit without a valid signature is refused, whoever approves it. */
  get requiresSignatures(): boolean {
    return this.body.signatures !== 'recorded';
  }

  isRevoked(fingerprint: string): boolean {
    return this.#revoked.has(fingerprint);
  }

  /** Whose key it is. A revoked key is nobody's. */
  personOfKey(fingerprint: string): string | undefined {
    const holder = this.isRevoked(fingerprint) ? undefined : this.#keys.get(fingerprint);
    return holder && 'person' in holder ? holder.person : undefined;
  }

  /** Whether the key vouches for the authors of what it signs. A revoked one does not. */
  isTrusted(fingerprint: string): boolean {
    const holder = this.isRevoked(fingerprint) ? undefined : this.#keys.get(fingerprint);
    return holder !== undefined && 'vouches' in holder;
  }

  /** Whose address it is as author; upper and lower case alike. */
  personOfMail(mail: string): string | undefined {
    return this.#mails.get(folded(mail));
  }

  /** Whose address a commit's author or a trailer names, as `Name <mail>`. Nobody's where it can be read in two ways. */
  personOfIdentity(identity: string): string | undefined {
    const mail = /^[^<>]*<([^<>]+)>$/.exec(identity)?.[1];
    return mail === undefined ? undefined : this.personOfMail(mail);
  }

  /** Whose login at a forge it is; upper and lower case alike. */
  personOfLogin(forge: Forge, login: string): string | undefined {
    return this.#logins[forge].get(folded(login));
  }

  /** The first rule that fits one of the person's roles and the touch; undefined where none does: then it is refused. */
  ruleFor(person: string, touch: Touch): NumberedRule | undefined {
    const byRole = this.firstRules(touch);
    let first: NumberedRule | undefined;
    for (const role of this.#roles.get(person) ?? []) {
      const rule = byRole.get(role);
      if (rule && (!first || rule.number < first.number)) first = rule;
    }
    return first;
  }

  /** People who may do it, approvals aside; in the order of the file. */
  peopleFor(touch: Touch): string[] {
    return [...this.#roles.keys()].filter((person) => this.ruleFor(person, touch));
  }

  /** By role, the first rule that fits the touch. Touches that no rule tells apart have one and the same map. */
  firstRules({ action, environment, path }: Touch): FirstRules {
    if (this.#lastPath?.path !== path)
      this.#lastPath = { path, rules: this.#rules.filter(({ fitsPath }) => fitsPath(path)) };
    const fitting = this.#lastPath.rules.filter(
      ({ rule }) => rule.may.includes(action) && (rule.environments?.includes(environment) ?? true),
    );
    const numbers = fitting.map(({ number }) => number).join();
    const known = this.#firstRules.get(numbers);
    if (known) return known;
    const byRole = new Map<string, NumberedRule>();
    for (const { number, rule } of fitting)
      if (!byRole.has(rule.role)) byRole.set(rule.role, { number, rule });
    this.#firstRules.set(numbers, byRole);
    return byRole;
  }
}

/** The access policy among definitions; undefined where there is none, or where there are none. */
export function policyIn(definitions: Definitions | undefined): Policy | undefined {
  const access = definitions?.all.find(({ kind }) => kind === 'access');
  return access?.kind === 'access' ? new Policy(access.body) : undefined;
}

/** What two claim is neither's. */
function claim<Owner>(owners: Map<string, Owner | undefined>, name: string, owner: Owner): void {
  owners.set(name, owners.has(name) ? undefined : owner);
}

/** ASCII alone: other letters' cases fold to letters that look different (the Kelvin sign to k), and so to other people. */
export function folded(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
