// Who is who by an access policy: whose a key, an address or a login is, and what a signature is worth. Pure.
import type { AccessDefinition } from '../../model/definitions.gen.ts';
import type { Signature } from '../../model/evidence.ts';

/** What verifying found of a signature. */
export interface Verified {
  status: 'unsigned' | 'holds' | 'expired' | 'invalid' | 'unverifiable';
  fingerprint?: string;
}

/** A trusted key's holder: it vouches for authors. */
const VOUCHER = Symbol('voucher');

type Owners = Map<string, Set<string | typeof VOUCHER>>;

export interface People {
  keys: Owners;
  mails: Owners;
  logins: { 'github-review': Owners; 'gitlab-approval': Owners };
  revoked: ReadonlySet<string>;
}

export function peopleOf({ people, trust = [], revoked = [] }: AccessDefinition): People {
  const found: People = {
    keys: new Map(),
    mails: new Map(),
    logins: { 'github-review': new Map(), 'gitlab-approval': new Map() },
    revoked: new Set(revoked),
  };
  for (const [person, { keys = [], emails = [], github, gitlab }] of Object.entries(people)) {
    for (const key of keys) own(found.keys, key, person);
    for (const mail of emails) own(found.mails, lower(mail), person);
    if (github !== undefined) own(found.logins['github-review'], lower(github), person);
    if (gitlab !== undefined) own(found.logins['gitlab-approval'], lower(gitlab), person);
  }
  for (const { key } of trust) own(found.keys, key, VOUCHER);
  return found;
}

/** Who is who, once for each policy. */
const found = new WeakMap<AccessDefinition, People>();

export function peopleFor(policy: AccessDefinition): People {
  const people = found.get(policy) ?? peopleOf(policy);
  found.set(policy, people);
  return people;
}

/** Whose it is; nobody's, where it is several people's. */
export function ownerOf(owners: Owners, name: string): string | undefined {
  const owner = soleOwner(owners, name);
  return typeof owner === 'string' ? owner : undefined;
}

/** Whose address a text of the form `Name <mail>` holds. */
export function personNamed({ mails }: People, identity: string): string | undefined {
  const [, mail] = /^[^<>]*<([^<>]+)>$/.exec(identity) ?? [];
  return mail === undefined ? undefined : ownerOf(mails, lower(mail));
}

/** Whose login at a forge it is. */
export function personWithLogin(
  { logins }: People,
  forge: keyof People['logins'],
  login: string,
): string | undefined {
  return ownerOf(logins[forge], lower(login));
}

/**
 * A signature as the audit keeps it.
 * @param people undefined without a policy
 * @param author the commit's author as `Name <mail>`; absent for what is no commit
 */
export function signatureOf(people: People | undefined, verified: Verified, author?: string): Signature {
  const { status, fingerprint } = verified;
  const isRevoked = fingerprint !== undefined && people?.revoked.has(fingerprint);
  const key = fingerprint === undefined ? {} : { fingerprint };
  if (status === 'unsigned') return { status };
  if (status === 'invalid') return { status, ...key };
  if (isRevoked) return { status: 'revoked', ...key };
  if (status === 'expired') return { status, ...key };
  if (status === 'holds' && people !== undefined && fingerprint !== undefined) {
    const owner = soleOwner(people.keys, fingerprint);
    if (typeof owner === 'string') return { status: 'valid', fingerprint, person: owner };
    if (owner === VOUCHER && author !== undefined) {
      const person = personNamed(people, author);
      return { status: 'valid', fingerprint, ...(person !== undefined && { person }), vouched: true };
    }
  }
  return { status: 'unknown-key', ...key };
}

/** An OpenPGP key that was good when its signature was first seen may have expired since. */
export function asHolding(verified: Verified, firstSeen: Signature | undefined): Verified {
  const wasGood = firstSeen !== undefined && firstSeen.status !== 'expired';
  return verified.status === 'expired' && wasGood ? { ...verified, status: 'holds' } : verified;
}

function soleOwner(owners: Owners, name: string): string | typeof VOUCHER | undefined {
  const found = owners.get(name);
  return found?.size === 1 ? [...found][0] : undefined;
}

function own(owners: Owners, name: string, owner: string | typeof VOUCHER): void {
  owners.set(name, new Set([...(owners.get(name) ?? []), owner]));
}

/** ASCII letters alone. */
function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
