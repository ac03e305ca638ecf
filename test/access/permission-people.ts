// The people of the permission suite and their policy: see POLICY of permission-tables.ts.
import { Policy } from '../../src/access/policy.ts';
import type { AccessDefinition } from '../../src/model/definitions.gen.ts';

export function keyOf(name: string): string {
  return `SHA256:${name.padEnd(43, '0')}`;
}

function person(name: string, roles: string) {
  return {
    keys: [keyOf(name), keyOf(`${name}Old`)],
    roles: roles.split(' '),
    emails: [`${name}@Example.com`],
    github: `${name}Hub`,
    gitlab: `${name}Lab`,
  };
}

/** ada, dan, deb and vic sign; otto writes what others sign; the others approve. */
const ROLES = {
  ada: 'admin',
  abe: 'admin',
  ann: 'admin',
  dan: 'developer',
  dee: 'developer',
  dov: 'developer',
  otto: 'developer',
  lea: 'lead',
  deb: 'lead developer',
  vic: 'viewer',
  vera: 'viewer',
} as const;

export const SIGNERS = { admin: 'ada', developer: 'dan', 'lead-developer': 'deb', viewer: 'vic' } as const;
export type Role = keyof typeof SIGNERS;

/** See POLICY of permission-tables.ts. */
export function policyOf(signatures: 'required' | 'recorded' | undefined): Policy {
  const body: AccessDefinition = {
    access: 1,
    people: Object.fromEntries(Object.entries(ROLES).map(([name, roles]) => [name, person(name, roles)])),
    ...(signatures && { signatures }),
    trust: [
      { key: keyOf('merge'), vouches: 'author' },
      { key: keyOf('mergeOld'), vouches: 'author' },
    ],
    revoked: [...Object.keys(ROLES), 'merge'].map((name) => keyOf(`${name}Old`)),
    rules: [
      { role: 'admin', may: ['change', 'override'] },
      { role: 'admin', may: ['change-access'], approvals: 1 },
      { role: 'developer', may: ['change', 'override'], environments: ['dev'] },
      { role: 'developer', may: ['change'], environments: ['staging'], paths: ['search/**'], approvals: 2 },
      { role: 'lead', may: ['change'], environments: ['staging'], paths: ['search/**'], approvals: 1 },
      { role: 'developer', may: ['change'], environments: ['staging'] },
      { role: 'developer', may: ['change'], environments: ['prod'], paths: ['checkout/**'], approvals: 1 },
    ],
  };
  return new Policy(body);
}

/** As the author of a commit, in other letters than the policy has. */
export const own = (name: string) => `Some One <${name}@example.COM>`;
