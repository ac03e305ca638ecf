// Judging one commit, without git and without a database.
import { describe, expect, test } from 'vitest';
import { Policy } from '../../src/access/policy.ts';
import { statementText } from '../../src/access/statement.ts';
import { contentText } from '../../src/audit/chain.ts';
import type { ApprovalEvidence, ApprovalStatement, Evidence } from '../../src/model/evidence.ts';
import { judgeAccess } from '../../src/sync/access.ts';
import { nothingApplied } from '../../src/sync/applied.ts';
import { entryContent } from '../../src/sync/entry.ts';
import { judgeCommit } from '../../src/sync/judge.ts';
import { asTree, someCommit } from '../support/many-flags.ts';
import { PROJECT, PROJECT_YAML, sampleFiles } from '../support/sync-project.ts';

const SOURCE = { repository: '/srv/shop', path: 'flags', branch: 'main' };

/** The entry that a commit of these files gets as the first one. */
function firstEntry(files: Record<string, string>) {
  const applied = { ...nothingApplied(PROJECT, SOURCE), project: PROJECT };
  const judgement = judgeCommit(someCommit, asTree(files), applied, undefined);
  const judged = judgeAccess(
    judgement,
    { verified: { status: 'unsigned' }, evidence: [], tree: 'beef' },
    applied,
  );
  return entryContent(judged, { ...applied.head, carries: [], source: SOURCE }, []);
}

test('file names cannot fill the audit', () => {
  const long = 'x'.repeat(200_000);
  const files = { 'flags/project.yaml': PROJECT_YAML, [`flags/${long}.yaml`]: 'flag: bad\n' };
  const { problems } = firstEntry(files);
  expect(problems.length).toBeGreaterThan(1);
  for (const { file } of problems) expect(file).toBe(`${'x'.repeat(1_000)}…`);
});

test('problems cannot fill the audit: an entry has the first ones', () => {
  const bad = Array.from({ length: 600 }, (_, index): [string, string] => [`flags/f${index}.yaml`, 'x: 1\n']);
  const { problems } = firstEntry({ 'flags/project.yaml': PROJECT_YAML, ...Object.fromEntries(bad) });
  expect(problems).toHaveLength(500);
  expect(problems[0]?.file).toBe('f0.yaml');
});

test('an entry keeps where a problem is, and no message', () => {
  const content = firstEntry({
    ...sampleFiles(),
    'flags/bad.yaml': 'flag: bad\ntargets: alice@example.com\n',
  } as Record<string, string>);
  expect(content.action).toBe('commit.rejected');
  expect(Object.keys(content.problems[0] ?? {})).toEqual(['code', 'file', 'line', 'column']);
  expect(contentText(content)).not.toContain('alice');
});

describe('an approval', () => {
  const BOB = `SHA256:${'b'.repeat(43)}`;
  const CAROL = `SHA256:${'c'.repeat(43)}`;
  const policy = new Policy({
    access: 1,
    people: {
      bob: { keys: [BOB], roles: ['dev'] },
      carol: { keys: [CAROL], roles: ['dev'], github: 'carol' },
    },
    rules: [{ role: 'dev', may: ['change'], approvals: 1 }],
  });
  const stated = {
    v: 1,
    project: PROJECT,
    tree: '1'.repeat(40),
    environments: ['dev', 'prod'],
    expires: '2030-01-01T00:00:00Z',
  } as const;

  /** Of a commit that bob signed. */
  function judgedBy(evidence: readonly Evidence[]) {
    const applied = { ...nothingApplied(PROJECT, SOURCE), project: PROJECT, policy };
    const judgement = judgeCommit(
      someCommit,
      asTree(sampleFiles() as Record<string, string>),
      applied,
      undefined,
    );
    const verified = { status: 'holds', fingerprint: BOB } as const;
    return judgeAccess(judgement, { verified, evidence, tree: stated.tree }, applied);
  }

  function approval(
    statement: Partial<ApprovalStatement>,
    piece: Partial<ApprovalEvidence> = {},
  ): ApprovalEvidence {
    return {
      kind: 'approval',
      statement: statementText({ ...stated, environments: [...stated.environments], ...statement }),
      signature: 'armor',
      signed: { status: 'valid', fingerprint: CAROL, person: 'carol' },
      ...piece,
    };
  }

  const judgedWith = (...given: Parameters<typeof approval>) => judgedBy([approval(...given)]);

  test('of this very tree counts', () => {
    expect(judgedWith({})).toMatchObject({ type: 'applied', approvedBy: ['carol'] });
  });

  test.each<[string, Partial<ApprovalStatement>, Partial<ApprovalEvidence>]>([
    ['another tree', { tree: '2'.repeat(40) }, {}],
    ['another project', { project: 'acme/other' }, {}],
    ['another environment alone', { environments: ['dev'] }, {}],
    ['a time that is over', {}, { expired: true }],
    ['the signer', {}, { signed: { status: 'valid', fingerprint: BOB, person: 'bob' } }],
    ['a stranger', {}, { signed: { status: 'unknown-key', fingerprint: `SHA256:${'d'.repeat(43)}` } }],
  ])('of %s does not make up for one, and is kept', (_, statement, piece) => {
    const judged = judgedWith(statement, piece);
    expect(judged.type === 'rejected' && judged.problems.map(({ code }) => code)).toContain(
      'approval-missing',
    );
    expect(judged.evidence).toHaveLength(1);
  });

  const many = (piece: Partial<ApprovalEvidence>): ApprovalEvidence[] =>
    Array.from({ length: 120 }, (_, nth) => approval({ environments: [`a${nth}`] }, piece));
  const flood: [string, ApprovalEvidence[]][] = [
    ['strangers', many({ signed: { status: 'unknown-key', fingerprint: `SHA256:${'d'.repeat(43)}` } })],
    ['the signer', many({ signed: { status: 'valid', fingerprint: BOB, person: 'bob' } })],
    [
      'copies of another one',
      many({}).map((piece, nth) => ({ ...piece, statement: approval({}).statement, signature: `${nth}` })),
    ],
  ];

  test.each(flood)('is not crowded out by those of %s, which cannot fill the audit', (_, others) => {
    const { tree } = stated;
    const review: Evidence = {
      kind: 'github-review',
      pullRequest: 1,
      reviewer: 'carol',
      commit: 'c',
      tree,
      at: stated.expires,
      record: '{}',
    };
    for (const given of [approval({}), review]) {
      const judged = judgedBy([...others, given]);
      expect(judged).toMatchObject({ type: 'applied', approvedBy: ['carol'] });
      expect(judged.evidence.length).toBeLessThan(20);
    }
  });
});
