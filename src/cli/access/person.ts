// A person of the policy, found by any of the names that they have there, and what they may do. Plain JSON.
import { folded, type Policy } from '../../access/policy.ts';
import { type EnvironmentPowers, powersOf } from '../../access/powers.ts';
import type { Applied } from '../../sync/applied.ts';
import type { Origin } from './origin.ts';

export interface PersonReport {
  kind: 'person';
  person: string;
  name?: string;
  roles: string[];
  keys: { fingerprint: string; revoked: boolean }[];
  emails: string[];
  github?: string;
  gitlab?: string;
  policy: Origin;
  environments: EnvironmentPowers[];
}

export interface PolicyReport {
  kind: 'policy';
  /** `exists`: there is an access policy. Else everyone may. */
  policy: Origin & { exists: boolean };
  signatures: 'required' | 'recorded';
  people: Omit<PersonReport, 'kind' | 'policy'>[];
}

/** By key of `people`, else by fingerprint, address, login or name; undefined where nobody, or more than one, has it. */
export function personMeant({ body: { people } }: Policy, asked: string): string | undefined {
  if (Object.hasOwn(people, asked)) return asked;
  const wanted = folded(asked);
  const found = Object.entries(people).filter(
    ([person, { name, keys = [], emails = [], github, gitlab }]) => {
      const names = [person, name, github, gitlab, ...emails];
      return keys.includes(asked) || names.some((each) => each !== undefined && folded(each) === wanted);
    },
  );
  return found.length === 1 ? found[0]?.[0] : undefined;
}

export function personReport(policy: Policy, person: string, applied: Applied, origin: Origin): PersonReport {
  return { kind: 'person', policy: origin, ...portrait(policy, person, environmentsOf(applied)) };
}

export function policyReport(policy: Policy | undefined, applied: Applied, origin: Origin): PolicyReport {
  const environments = environmentsOf(applied);
  const exists = policy !== undefined;
  return {
    kind: 'policy',
    policy: { ...origin, exists },
    signatures: policy?.requiresSignatures ? 'required' : 'recorded',
    people: !policy
      ? []
      : Object.keys(policy.body.people).map((person) => portrait(policy, person, environments)),
  };
}

function portrait(
  policy: Policy,
  person: string,
  environments: readonly string[],
): Omit<PersonReport, 'kind' | 'policy'> {
  const { name, roles = [], keys = [], emails = [], github, gitlab } = policy.body.people[person] ?? {};
  return {
    person,
    ...(name !== undefined && { name }),
    roles,
    keys: keys.map((fingerprint) => ({ fingerprint, revoked: policy.isRevoked(fingerprint) })),
    emails,
    ...(github !== undefined && { github }),
    ...(gitlab !== undefined && { gitlab }),
    environments: powersOf(policy, person, environments),
  };
}

/** Sorted. */
function environmentsOf({ rows }: Applied): string[] {
  return [...rows.values()]
    .flatMap(({ kind, environment }) =>
      kind === 'project' && environment !== undefined ? [environment] : [],
    )
    .sort();
}
