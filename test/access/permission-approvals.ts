// The approvals of the permission suite: evidence as `sync` has it, and whose of it is worth something.
import { statementText } from '../../src/access/statement.ts';
import type { ApprovalEvidence, Evidence, ForgeEvidence, Signature } from '../../src/model/evidence.ts';
import type { What } from './permission-changes.ts';
import { keyOf, own } from './permission-people.ts';
import { type Approvers, ENVIRONMENTS } from './permission-tables.ts';

export const PROJECT = 'acme/shop';
export const TREE = '1'.repeat(40);
const OTHER_TREE = '2'.repeat(40);

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
  { title: 'a lead’s', worth: 'lead', evidence: () => [approval('lea')] },
  {
    title: 'a lead’s and one’s own',
    worth: 'lead',
    evidence: (signer) => [approval('lea'), approval(signer)],
    only: 'own',
  },
  {
    title: 'a lead’s and the author’s',
    worth: 'lead',
    evidence: () => [approval('lea'), approval('otto')],
    only: 'author',
  },
  {
    title: 'a developer’s and a lead’s',
    worth: 'dev+lead',
    evidence: () => [approval('dee'), approval('lea')],
  },
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
