// `audit show` on who stands behind a commit: its signature, approvals, reviews and merged commits, in words.
import { expect, test } from 'vitest';
import { statementText } from '../../src/access/statement.ts';
import type { CommitContent } from '../../src/audit/content.ts';
import { showLines } from '../../src/cli/audit/show-text.ts';

const KEY = `SHA256:${'a'.repeat(43)}`;
const TREE = '1'.repeat(40);

const content: CommitContent = {
  v: 2,
  project: 'acme/shop',
  entry: 3,
  action: 'commit.applied',
  commit: 'c0ffee',
  tree: 'beef',
  parents: [],
  author: 'Bob <bob@example.com>',
  committer: 'Bob <bob@example.com>',
  committedAt: '2026-01-01T00:00:00Z',
  subject: 'To 20',
  signature: { status: 'valid', fingerprint: KEY, person: 'bob' },
  evidence: [],
  carries: [],
  changes: [],
  problems: [],
};

function shown(part: Partial<CommitContent>): string {
  const entry = {
    entry: 3,
    previousHash: '',
    hash: '',
    recordedAt: new Date(0),
    content: { ...content, ...part },
  };
  return showLines(entry).join('\n');
}

test.each<[string, CommitContent['signature'], string]>([
  ['a person’s', { status: 'valid', fingerprint: KEY, person: 'bob' }, `bob, valid  ${KEY}`],
  [
    'one that vouches',
    { status: 'valid', fingerprint: KEY, person: 'bob', vouched: true },
    `bob, valid, of a key that vouches for the author  ${KEY}`,
  ],
  [
    'a stranger’s',
    { status: 'unknown-key', fingerprint: KEY },
    `of a key that the policy gives to nobody  ${KEY}`,
  ],
  ['none', { status: 'unsigned' }, 'none'],
  ['one of an old entry', { status: 'unverified' }, 'not verified'],
])('a signature, %s', (_, signature, words) => {
  expect(shown({ signature })).toContain(`signature    ${words}`);
});

test('problems are codes and places, and who has the repository is told the words', () => {
  const problems = [{ code: 'approval-missing', file: 'pay.yaml', line: 1, column: 1 }];
  const text = shown({ action: 'commit.rejected', problems });
  expect(text).toContain('pay.yaml:1:1  approval-missing\n    In words: halyard access explain c0ffee');
  expect(shown({})).not.toContain('In words');
});

test('evidence is told with what it is worth', () => {
  const statement = statementText({
    v: 1,
    project: 'acme/shop',
    tree: TREE,
    environments: ['dev', 'prod'],
    expires: '2026-01-02T00:00:00Z',
  });
  const text = shown({
    evidence: [
      {
        kind: 'approval',
        statement,
        signature: 'armor',
        signed: { status: 'valid', fingerprint: KEY, person: 'carol' },
        expired: true,
      },
      {
        kind: 'github-review',
        pullRequest: 7,
        reviewer: 'alice-at-github',
        commit: 'abc',
        tree: TREE,
        at: '2026-01-01T00:00:00Z',
        record: '{}',
      },
      { kind: 'trailer', by: 'Dan <dan@example.com>' },
    ],
  });
  expect(text).toContain(
    `approval for dev, prod, until 2026-01-02T00:00:00Z (expired when it was first seen)\n` +
      `        signed: carol, valid  ${KEY}\n        tree ${TREE}`,
  );
  expect(text).toContain('GitHub: alice-at-github approved #7 at 2026-01-01T00:00:00Z');
  expect(text).toContain('Reviewed-by: Dan <dan@example.com>');
});

test('merged commits are told with their signatures, and how many more there are', () => {
  const merged = [
    { commit: '0123456789abcdef', author: 'Eve <eve@x>', signature: { status: 'unsigned' } as const },
  ];
  expect(shown({ merged, mergedMore: 3 })).toContain('0123456789  Eve  signature: none\n    and 3 more');
  expect(shown({})).not.toContain('merged commits');
});

test('nothing in it moves a terminal’s cursor', () => {
  const evil = '\u001b[2J\n';
  const text = shown({
    signature: { status: 'valid', fingerprint: evil, person: evil },
    evidence: [
      { kind: 'trailer', by: evil },
      { kind: 'approval', statement: evil, signature: evil, signed: { status: 'valid', person: evil } },
    ],
    merged: [{ commit: evil, author: evil, signature: { status: 'unsigned' } }],
  });
  expect(text).not.toContain('\u001b');
});
