// The dimensions of the permission suite, each with what it stands for: signatures, approvals and changes as `sync` has them.
import type { VerifiedSignature } from '../../src/access/identity.ts';
import { Policy } from '../../src/access/policy.ts';
import { statementText } from '../../src/access/statement.ts';
import { type Touch, touchesOf } from '../../src/access/touch.ts';
import type { RowChange } from '../../src/changes/diff.ts';
import type { WantedRow } from '../../src/changes/row.ts';
import type { AccessDefinition } from '../../src/model/definitions.gen.ts';
import type { ApprovalEvidence, Evidence, ForgeEvidence, Signature } from '../../src/model/evidence.ts';
import {
  type Action,
  type Approvers,
  ENVIRONMENTS,
  type Environment,
  type Signer,
} from './permission-tables.ts';

export const PROJECT = 'acme/shop';
export const TREE = '1'.repeat(40);
const OTHER_TREE = '2'.repeat(40);

export function keyOf(name: string): string {
  return `SHA256:${name.padEnd(43, '0')}`;
}

function person(name: string, role: string) {
  return {
    keys: [keyOf(name), keyOf(`${name}Old`)],
    roles: [role],
    emails: [`${name}@Example.com`],
    github: `${name}Hub`,
    gitlab: `${name}Lab`,
  };
}

/** ada, dan and vic sign; otto writes what others sign; the others approve. */
const ROLES = {
  ada: 'admin',
  abe: 'admin',
  ann: 'admin',
  dan: 'developer',
  dee: 'developer',
  dov: 'developer',
  otto: 'developer',
  vic: 'viewer',
  vera: 'viewer',
} as const;

export const SIGNERS = { admin: 'ada', developer: 'dan', viewer: 'vic' } as const;

/** See POLICY of permission-tables.ts. */
export function policyOf(signatures: 'required' | 'recorded'): Policy {
  const body: AccessDefinition = {
    access: 1,
    people: Object.fromEntries(Object.entries(ROLES).map(([name, role]) => [name, person(name, role)])),
    signatures,
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
      { role: 'developer', may: ['change'], environments: ['staging'] },
      { role: 'developer', may: ['change'], environments: ['prod'], paths: ['checkout/**'], approvals: 1 },
    ],
  };
  return new Policy(body);
}

export interface SignatureState {
  title: string;
  author: (signer: string) => string;
  /** A finding of verification, which the policy judges; or what no verification finds, as it is. */
  found: (signer: string) => VerifiedSignature | { as: Signature };
  /** What it is worth where signatures are required, and who stands behind the commit. */
  worth: 'signer' | 'nobody' | 'refused';
  /** Neither signature nor author says whose commit it is. */
  isUntraceable?: true;
}

const own = (name: string) => `Some One <${name}@example.COM>`;
const stranger = () => 'Eve <eve@example.com>';
const holds = (name: string): VerifiedSignature => ({ status: 'holds', fingerprint: keyOf(name) });

export const SIGNATURES: readonly SignatureState[] = [
  { title: 'valid', author: own, found: holds, worth: 'signer' },
  { title: 'valid, of an unknown author’s commit', author: stranger, found: holds, worth: 'signer' },
  { title: 'valid, of another person’s commit', author: () => own('otto'), found: holds, worth: 'signer' },
  { title: 'vouched', author: own, found: () => holds('merge'), worth: 'signer' },
  {
    title: 'vouched, for nobody',
    author: stranger,
    found: () => holds('merge'),
    worth: 'nobody',
    isUntraceable: true,
  },
  {
    title: 'vouched, for an author with two addresses',
    author: (name) => `Eve <eve@example.com> <${name}@example.com>`,
    found: () => holds('merge'),
    worth: 'nobody',
    isUntraceable: true,
  },
  { title: 'unsigned', author: own, found: () => ({ status: 'unsigned' }), worth: 'refused' },
  { title: 'unverified', author: own, found: () => ({ as: { status: 'unverified' } }), worth: 'refused' },
  { title: 'of an unknown key', author: own, found: () => holds('eve'), worth: 'refused' },
  {
    title: 'that could not be verified',
    author: own,
    found: (name) => ({ status: 'unverifiable', fingerprint: keyOf(name) }),
    worth: 'refused',
  },
  { title: 'of a revoked key', author: own, found: (name) => holds(`${name}Old`), worth: 'refused' },
  { title: 'of a revoked trusted key', author: own, found: () => holds('mergeOld'), worth: 'refused' },
  {
    title: 'expired',
    author: own,
    found: (name) => ({ status: 'expired', fingerprint: keyOf(name) }),
    worth: 'refused',
  },
  {
    title: 'invalid',
    author: own,
    found: (name) => ({ status: 'invalid', fingerprint: keyOf(name) }),
    worth: 'refused',
  },
];

export interface What {
  action: Action;
  folder: string;
  environment: Environment;
}

export const CHANGES: readonly What[] = [
  ...(['change', 'deletion', 'move', 'metric', 'override'] as const).flatMap((action) =>
    ['checkout', 'search'].flatMap((folder) =>
      ENVIRONMENTS.map((environment) => ({ action, folder, environment })),
    ),
  ),
  ...ENVIRONMENTS.map((environment) => ({ action: 'change-access' as const, folder: '-', environment })),
];

/** What the change touches, from its rows. */
export function touchesFor({ action, folder, environment }: What): Touch[] {
  const kind = action === 'metric' ? 'metric' : action === 'change-access' ? 'access' : 'segment';
  const key = kind === 'access' ? 'access' : 'thing';
  const path = kind === 'access' ? 'access.yaml' : `${folder}/deep/thing.yaml`;
  if (action === 'override') return [{ action, kind: 'flag', key, path, environment }];
  const row = (digest: string, place: Partial<WantedRow>): WantedRow => {
    return { kind, key, digest, body: {}, text: '', ...place };
  };
  const before = row('a', { path: action === 'move' ? 'checkout/old/thing.yaml' : path });
  const after = row(action === 'move' ? 'a' : 'b', { path });
  const changes: RowChange[] = [action === 'deletion' ? { before } : { before, after }];
  if (kind === 'segment') {
    const served = row('a', { environment });
    changes.push(
      action === 'deletion' ? { before: served } : { before: served, after: row('b', { environment }) },
    );
  }
  return touchesOf(changes, ENVIRONMENTS);
}

interface Given {
  title: string;
  /** Whose approvals are worth something. */
  worth: Approvers;
  evidence: (signer: string, what: What) => Evidence[];
  /** Where it says something: `own` needs a commit that can be traced, `author` one with another author. */
  only?: 'own' | 'author';
}

const everywhere = [...ENVIRONMENTS].sort();

function approval(
  name: string,
  more: Partial<ApprovalEvidence & { tree: string; project: string; environments: string[] }> = {},
): ApprovalEvidence {
  const { tree = TREE, project = PROJECT, environments = everywhere, ...rest } = more;
  const statement = statementText({ v: 1, project, tree, environments, expires: '2030-01-01T00:00:00Z' });
  const signed: Signature = { status: 'valid', fingerprint: keyOf(name), person: name };
  return { kind: 'approval', statement, signature: 'armored', signed, ...rest };
}

function review(kind: ForgeEvidence['kind'], reviewer: string, tree = TREE): ForgeEvidence {
  return {
    kind,
    pullRequest: 1,
    reviewer,
    commit: '3'.repeat(40),
    tree,
    at: '2026-11-20T12:00:00Z',
    record: '{}',
  };
}

/** All but where the change is; of one that counts for all, all but the strictest. */
function elsewhere({ action, environment }: What): string[] {
  const isPlaced = ['change', 'deletion', 'override'].includes(action);
  return everywhere.filter((name) => name !== (isPlaced ? environment : 'prod'));
}

export const APPROVALS: readonly Given[] = [
  { title: 'none', worth: 'none', evidence: () => [] },
  { title: 'one’s own', worth: 'none', evidence: (signer) => [approval(signer)], only: 'own' },
  {
    title: 'one’s own, reviewed at the forge',
    worth: 'none',
    evidence: (signer) => [review('github-review', `${signer}hub`)],
    only: 'own',
  },
  { title: 'the author’s', worth: 'none', evidence: () => [approval('otto')], only: 'author' },
  { title: 'a developer’s', worth: 'dev', evidence: () => [approval('dee')] },
  { title: 'a viewer’s', worth: 'view', evidence: () => [approval('vera')] },
  { title: 'an admin’s', worth: 'admin', evidence: () => [approval('abe')] },
  {
    title: 'a developer’s and an admin’s',
    worth: 'dev+admin',
    evidence: () => [approval('dee'), approval('abe')],
  },
  { title: 'two developers’', worth: 'dev+dev', evidence: () => [approval('dee'), approval('dov')] },
  { title: 'two admins’', worth: 'admin+admin', evidence: () => [approval('abe'), approval('ann')] },
  {
    title: 'one developer’s, three times',
    worth: 'dev',
    evidence: (_, { environment }) => [
      approval('dee'),
      approval('dee', { environments: [environment] }),
      review('gitlab-approval', 'deelab'),
    ],
  },
  { title: 'a developer’s at the forge', worth: 'dev', evidence: () => [review('github-review', 'DEEHUB')] },
  {
    title: 'an admin’s, elsewhere, and a developer’s here',
    worth: 'dev',
    evidence: (_, what) => [approval('abe', { environments: elsewhere(what) }), approval('dee')],
  },
  {
    title: 'two admins’, in other environments',
    worth: 'none',
    evidence: (_, what) => ['abe', 'ann'].map((name) => approval(name, { environments: elsewhere(what) })),
  },
  {
    title: 'two admins’, expired',
    worth: 'none',
    evidence: () => ['abe', 'ann'].map((name) => approval(name, { expired: true })),
  },
  {
    title: 'two admins’, of another tree',
    worth: 'none',
    evidence: () => [approval('abe', { tree: OTHER_TREE }), review('github-review', 'annhub', OTHER_TREE)],
  },
  {
    title: 'two admins’, of another project',
    worth: 'none',
    evidence: () => ['abe', 'ann'].map((name) => approval(name, { project: 'acme/other' })),
  },
  {
    title: 'two admins’, by revoked keys',
    worth: 'none',
    evidence: () =>
      ['abe', 'ann'].map((name) =>
        approval(name, { signed: { status: 'valid', fingerprint: keyOf(`${name}Old`), person: name } }),
      ),
  },
  {
    title: 'two admins’, with signatures that do not hold',
    worth: 'none',
    evidence: () =>
      ['abe', 'ann'].map((name) =>
        approval(name, { signed: { status: 'invalid', fingerprint: keyOf(name) } }),
      ),
  },
  {
    title: 'in two admins’ names, by another’s key and the forge’s',
    worth: 'none',
    evidence: () => [
      approval('abe', { signed: { status: 'unknown-key', fingerprint: keyOf('eve'), person: 'abe' } }),
      approval('ann', {
        signed: { status: 'valid', fingerprint: keyOf('merge'), person: 'ann', vouched: true },
      }),
    ],
  },
  {
    title: 'two admins’, in trailers that are not trusted',
    worth: 'none',
    evidence: () => ['abe', 'ann'].map((name) => ({ kind: 'trailer' as const, by: own(name) })),
  },
];

/** Who stands behind the commit: the one who signed, or nobody. */
export function standing({ worth }: SignatureState, role: keyof typeof SIGNERS): Signer {
  return worth === 'signer' ? role : 'nobody';
}
