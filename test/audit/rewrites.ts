// What a superuser may write into a chain that fits together again, and what the repository says to it.
import type { Tx } from '../../src/db/transaction.ts';
import { sha256Hex } from '../../src/lib/json.ts';
import { edited, type Forged, rewrite } from './superuser.ts';

interface Rewrite {
  forge: (owner: Tx) => Promise<void>;
  /** Where the derivation must stop. */
  entry: number;
  /** A part of its words. */
  says: string;
}

/** Entries 26 and 27 are of rejected commits; 28 is of one that mends them. */
const REJECTED = 26;

export function rewrites(entries: number): Record<string, Rewrite> {
  const edit = (entry: number, change: (content: Forged) => unknown, says: string): Rewrite => ({
    forge: (owner) => rewrite(owner, entry, edited(change)),
    entry,
    says,
  });
  return {
    'another author': edit(
      40,
      (c) => (c.author = 'Eve <eve@example.com>'),
      'author is "Eve <eve@example.com>", expected "Cole',
    ),
    'another committer': edit(41, (c) => (c.committer = 'Eve <eve@example.com>'), 'committer is'),
    'another time': edit(40, (c) => (c.committedAt = '2020-01-01T00:00:00Z'), 'committedAt is'),
    'another subject': edit(entries, (c) => (c.subject = 'Nothing to see'), 'subject is "Nothing to see"'),
    'another tree': edit(40, (c) => (c.tree = c.parents[0]), 'tree is'),
    'other parents': edit(40, (c) => (c.parents = []), 'parents[0] is absent'),
    'another pull request': edit(40, (c) => (c.pullRequest = 7), 'pullRequest is 7, expected 39'),
    'a commit that there is not': edit(
      40,
      (c) => (c.commit = '0'.repeat(40)),
      'the repository has no commit 0000',
    ),
    'a later commit': {
      forge: (owner) =>
        rewrite(owner, 40, (contents) => {
          contents[0].commit = contents[2].commit;
        }),
      entry: 40,
      says: 'has other definitions, and was not judged',
    },
    'a signature that nobody made': edit(
      40,
      (c) => (c.signature = { status: 'valid', fingerprint: `SHA256:${'a'.repeat(43)}`, person: 'ann' }),
      'signature.fingerprint is',
    ),
    'a reviewer whom nobody asked': edit(
      40,
      (c) => (c.evidence = [{ kind: 'trailer', by: 'Ann <ann@example.com>' }]),
      'evidence[0] is',
    ),
    'an approval where no policy is': edit(
      40,
      (c) =>
        (c.evidence = [
          { kind: 'approval', statement: '{}', signature: 's', signed: { status: 'valid', person: 'ann' } },
        ]),
      'evidence[0] is',
    ),
    'a commit that a merge brought': edit(
      40,
      (c) => (c.merged = [{ commit: c.parents[0], author: c.author, signature: { status: 'unsigned' } }]),
      'merged is',
    ),
    'a patch that tells a tale': edit(
      2,
      (c) => (c.changes[0].patch[0].after = '99'),
      'changes[0].patch[0].after is "99", expected "1"',
    ),
    'a rejected commit that is said to be applied': edit(
      REJECTED,
      (c) => Object.assign(c, { action: 'commit.applied', problems: [] }),
      'action is "commit.applied", expected "commit.rejected"',
    ),
    'another reason for a rejection': edit(
      REJECTED,
      (c) => (c.problems[0].line = 7),
      'problems[0].line is 7',
    ),
    'a rejected commit that is carried no more': edit(
      REJECTED + 2,
      (c) => c.carries.pop(),
      'carries[1] is absent',
    ),
    'a rejected commit that never was': {
      forge: (owner) =>
        rewrite(owner, REJECTED, ([{ commit: gone }, ...rest]) =>
          rest.map((c) => ({ ...c, carries: c.carries?.filter((each: string) => each !== gone) })),
        ),
      entry: REJECTED,
      says: 'has other definitions, and was not judged',
    },
    'two rejected commits in another order': {
      forge: (owner) => rewrite(owner, REJECTED, ([a, b, ...rest]) => [b, a, ...rest]),
      entry: REJECTED,
      says: 'has other definitions, and was not judged',
    },
    'a commit that was judged twice': {
      forge: (owner) => rewrite(owner, 28, ([first, ...rest]) => [first, { ...first, carries: [] }, ...rest]),
      entry: 29,
      says: 'it was judged already',
    },
    'definitions of another folder': edit(1, (c) => (c.source.path = 'flags/new'), 'expected'),
    'an operator who says that nothing was lost': {
      forge: (owner) =>
        rewrite(owner, 40, (contents) => {
          const { v, project, commit: base } = JSON.parse(JSON.stringify(contents[0]));
          const [head] = contents.slice(-1);
          const common = {
            v,
            project,
            base,
            commit: head.commit,
            at: '2026-01-01T00:00:00Z',
            actor: 'eve',
            changes: [],
          };
          const [first, ...rest] = contents;
          return [
            first,
            { ...common, entry: 0, action: 'history.diverged' },
            { ...common, entry: 0, action: 'history.accepted' },
            ...rest,
          ];
        }),
      entry: 41,
      says: 'so nothing had diverged',
    },
    'a served flag that nobody committed': { forge: serveForAll, entry: entries - 2, says: 'changes[' },
  };

  /** The last applied entry's change, what it left, and the patch: all as if the commit had said so. */
  async function serveForAll(owner: Tx): Promise<void> {
    const { rows } = await owner.query<{ body: string }>(
      `select body from halyard.environment_definition where key = 'checkout' and environment = 'prod'`,
    );
    const body = (rows[0]?.body ?? '').replace(/"percent":\d+/, '"percent":100');
    await owner.query(
      `update halyard.environment_definition set body = $1, digest = $2 where key = 'checkout' and environment = 'prod'`,
      [body, sha256Hex(body)],
    );
    await rewrite(
      owner,
      entries - 2,
      edited((c) => {
        const change = c.changes.find(({ environment }: Forged) => environment === 'prod');
        change.after = sha256Hex(body);
        for (const item of change.patch) if (item.field === 'percent') item.after = '100';
      }),
    );
  }
}
