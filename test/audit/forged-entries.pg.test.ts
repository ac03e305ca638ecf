// Entries that whoever has sync's password, or the database, writes as no sync would: the repository names them, whatever they say of themselves.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { textHash } from '../../src/audit/chain.ts';
import { type Verification, verifyAudit } from '../../src/audit/verify.ts';
import { verifyLines } from '../../src/cli/audit/verify-text.ts';
import { withTransaction } from '../../src/db/transaction.ts';
import { UnreachableError, UsageError } from '../../src/lib/errors.ts';
import { canonical } from '../../src/lib/json.ts';
import { writeOverride } from '../../src/sync/override/write.ts';
import { GitRepository } from '../support/git-repository.ts';
import { flagYaml, PROJECT_YAML, SyncProject } from '../support/sync-project.ts';
import { Team } from '../support/team.ts';
import { withoutGuards } from '../support/without-guards.ts';
import { edited, type Forged, rewrite } from './superuser.ts';

/** The entries by what their commits are. */
const [IMPORT, APPROVED, UNSIGNED, LATER, OVERRIDE] = [1, 2, 3, 4, 5];

let team: Team;
let base: SyncProject;
let head: string;

beforeAll(async () => {
  team = await Team.create();
  base = await SyncProject.create();
  const { repository, database } = base;
  await repository.commit('import', {
    'flags/project.yaml': PROJECT_YAML,
    'flags/access.yaml': team.policy(),
    'flags/payments/pay.yaml': flagYaml('pay'),
  });
  await base.sync();
  await team.commit(repository, 'bob', 'to 20', { 'flags/payments/pay.yaml': flagYaml('pay', 20) });
  await team.approve(repository, 'carol');
  await team.commit(repository, undefined, 'a comment', {
    'flags/payments/pay.yaml': flagYaml('pay', 20, '# why'),
  });
  await base.sync();
  head = await team.commit(repository, 'alice', 'to 30', {
    'flags/payments/pay.yaml': flagYaml('pay', 30),
  });
  await base.sync();
  const { file: keyFile } = team.keys.alice;
  await writeOverride(
    { action: 'set', flag: 'pay', environment: 'prod', serve: 'on', forMs: 3_600_000, reason: 'an incident' },
    { databaseUrl: database.url, operator: { name: 'ops', keyFile } },
  );
});

afterAll(async () => {
  await base[Symbol.asyncDispose]();
  await team[Symbol.asyncDispose]();
});

const oldRules = { v: 1, signature: { status: 'unsigned' }, evidence: [] };
const isOlder = 'it is of version 1, after entries of version 2';

test.each<[string, number, string, (content: Forged) => unknown]>([
  [
    'a refused commit is applied by the rules of version 1',
    UNSIGNED,
    isOlder,
    (c) => Object.assign(c, oldRules, { action: 'commit.applied', problems: [] }),
  ],
  [
    'an import with a policy is of version 1',
    IMPORT,
    'which knew no policies',
    (c) => Object.assign(c, oldRules),
  ],
  ['an entry is of a version that there is not', UNSIGNED, 'this halyard knows 1 to 2', (c) => (c.v = 3)],
  ['an entry is of version 0', UNSIGNED, 'this halyard knows 1 to 2', (c) => (c.v = 0)],
  ['an override is of version 1', OVERRIDE, isOlder, (c) => (c.v = 1)],
  ['a subject is another one', LATER, 'subject is', (c) => (c.subject = 'to 3')],
  ['a content has a member more', LATER, 'note is', (c) => (c.note = 'x')],
  ['a refused commit is carried by nobody', LATER, 'carries', (c) => (c.carries = [])],
])('%s', async (_what, entry, says, forge) => {
  await using project = await SyncProject.copyOf(base, head);
  await rewriteIn(project, entry, edited(forge));
  expect((await verifyAudit(project.pool)).break, 'the database by itself fits').toBeUndefined();
  const { break: found } = await verify(project);
  expect(found).toMatchObject({ kind: 'diverged-from-git', entry });
  expect(found?.message).toContain(says);
});

test('a whole chain of version 1 does not take the policy out of the way', async () => {
  await using project = await SyncProject.copyOf(base, head);
  const old = (c: Forged) => ({ ...c, ...oldRules, action: 'commit.applied', problems: [] });
  await rewriteIn(project, IMPORT, (contents) => contents.map((c) => ('commit' in c ? old(c) : c)));
  expect((await verify(project)).break).toMatchObject({ kind: 'diverged-from-git', entry: IMPORT });
});

test('a commit that never was hides between those that are, though a history was accepted later', async () => {
  await using project = await SyncProject.copyOf(base, head);
  const history = { v: 2, project: 'acme/shop', at: '2026-01-01T00:00:00Z', actor: 'ops', changes: [] };
  const [, , , later] = await project.entries();
  await rewriteIn(project, UNSIGNED, ([refused, applied, override]) => [
    { ...refused, commit: 'c0ffee'.padEnd(40, '0') },
    { ...applied, carries: ['c0ffee'.padEnd(40, '0')] },
    override,
    { ...history, action: 'history.diverged', commit: refused.commit, base: later.commit },
    { ...history, action: 'history.accepted', commit: later.commit, base: later.commit },
  ]);
  const { break: found } = await verify(project);
  expect(found).toMatchObject({ kind: 'diverged-from-git', entry: LATER });
  expect(found?.message).toContain('it comes after c0ffee');
});

test('an override that is dated into the future does not stand for years', async () => {
  await using project = await SyncProject.copyOf(base, head);
  await withTransaction(project.pool, {}, (owner) =>
    withoutGuards(owner, async () => {
      // As if who may override had sealed it so, and written it then.
      await owner.query(
        `update halyard.audit_entry set recorded_at = recorded_at - interval '9 years' where entry = ${OVERRIDE}`,
      );
      await owner.query(
        `update halyard.revision set applied_at = applied_at - interval '9 years' where entry = ${OVERRIDE}`,
      );
    }),
  );
  expect((await verifyAudit(project.pool)).break).toBeUndefined();
  const { break: found } = await verify(project);
  expect(found).toMatchObject({ kind: 'diverged-from-git', entry: OVERRIDE });
  expect(found?.message).toContain('it does not end within 24 hours of being recorded');
});

test.each<[string, (content: Forged) => unknown]>([
  ['no evidence', (c) => delete c.evidence],
  ['evidence of a kind that there is not', (c) => (c.evidence[0].kind = 'word')],
  ['evidence of a kind that every object has', (c) => (c.evidence[0].kind = 'constructor')],
  ['evidence that is nothing', (c) => (c.evidence = [null])],
  ['an approval whose statement is an object', (c) => (c.evidence[0].statement = {})],
  ['no problems', (c) => delete c.problems],
  ['parents that are no list', (c) => (c.parents = 'none')],
  ['a signature that is text', (c) => (c.signature = 'valid')],
  ['an action that there is not', (c) => (c.action = 'commit.blessed')],
  ['an action that every object has', (c) => (c.action = 'constructor')],
  ['a commit that is a number', (c) => (c.commit = 7)],
  ['a version that is text', (c) => (c.v = '2')],
])('verify names an entry with %s, and does not fall over it', async (_what, forge) => {
  await using project = await SyncProject.copyOf(base, head);
  await rewriteIn(project, APPROVED, edited(forge));
  expect((await verify(project)).break).toMatchObject({ kind: 'altered', entry: APPROVED });
});

test.each([
  ['a number beyond all', (text: string) => text.replace('"v":2', '"v":2,"x":1e999')],
  ['a name that is there twice', (text: string) => text.replace('"v":2', '"v":1,"v":2')],
  ['a number in another form', (text: string) => text.replace('"v":2', '"v":2.0')],
  ['a letter in another form', (text: string) => text.replace('"subject":"to', '"subject":"\\u0074o')],
  ['a space at its end', (text: string) => `${text} `],
  [
    'lists without end',
    (text: string) => text.replace('"v":2', `"v":2,"x":${'['.repeat(4_000)}${']'.repeat(4_000)}`),
  ],
  ['a prototype', (text: string) => text.replace('{"action"', '{"__proto__":{"entry":2},"action"')],
])('verify names a content with %s', async (_what, change) => {
  await using project = await SyncProject.copyOf(base, head);
  await withTransaction(project.pool, {}, async (owner) => {
    await withoutGuards(owner, async () => {
      const { rows } = await owner.query<{ content: string; previous: string }>(
        `select content, previous_hash as previous from halyard.audit_entry where entry = ${OVERRIDE}`,
      );
      const { content, previous } = rows[0] as { content: string; previous: string };
      const text = change(content.replace('an incident', 'to'));
      const hash = textHash(previous, text);
      await owner.query('update halyard.audit_entry set content = $1, hash = $2 where entry = $3', [
        text,
        hash,
        OVERRIDE,
      ]);
      await owner.query('update halyard.snapshot_head set entry_hash = $1 where entry = $2', [
        hash,
        OVERRIDE,
      ]);
    });
  });
  const found = (await verify(project)).break;
  expect(found).toMatchObject({ entry: OVERRIDE });
  expect(canonical(found)).toMatch(/canonical|none that an entry has|is not what follows/);
});

test.each([
  'HEAD',
  'main',
  ...['head~0', 'head^{commit}', 'a beginning of the id', 'the id in capitals'],
  'main~1',
  '',
  '--all',
  ':flags',
  'c0ffee\nHEAD',
  '0'.repeat(40),
  'C0FFEE'.padEnd(40, '0'),
])('a commit that is called %j is none', async (commit) => {
  await using project = await SyncProject.copyOf(base, head);
  await rewriteIn(
    project,
    LATER,
    edited((c) => {
      const others: { [name: string]: string } = {
        'head~0': `${c.commit}~0`,
        'head^{commit}': `${c.commit}^{commit}`,
        'a beginning of the id': c.commit.slice(0, 30),
        'the id in capitals': c.commit.toUpperCase(),
      };
      c.commit = others[commit] ?? commit;
    }),
  );
  expect((await verify(project)).break).toMatchObject({ entry: LATER });
});

test.each(['c0ffee'.padEnd(40, '0'), 'HEAD', 'c0ffee\nHEAD', '--all'])(
  'a history that is accepted at %j is none that a commit follows',
  async (commit) => {
    await using project = await SyncProject.copyOf(base, head);
    const history = { v: 2, project: 'acme/shop', at: '2026-01-01T00:00:00Z', actor: 'ops', changes: [] };
    const [, , refused] = await project.entries();
    const common = { ...history, base: refused.commit };
    await rewriteIn(project, LATER, (contents) => [
      { ...common, action: 'history.diverged', commit },
      { ...common, action: 'history.accepted', commit },
      ...contents,
    ]);
    const { break: found } = await verify(project);
    expect(found).toMatchObject({ project: 'acme/shop' });
    expect(found?.entry).toBeLessThanOrEqual(LATER + 2);
  },
);

test.each([
  { branch: 'main:refs/heads/x', path: 'flags' },
  { branch: 'main\n', path: 'flags' },
  { branch: 'main', path: '../flags' },
  { branch: 'main', path: 'flags\nHEAD' },
])('a chain that says it comes from $branch and $path comes from nowhere', async (source) => {
  await using project = await SyncProject.copyOf(base, head);
  await rewriteIn(
    project,
    IMPORT,
    edited((c) => (c.source = source)),
  );
  await expect(verify(project)).rejects.toThrow(UsageError);
});

test('what was derived from is told, with what had to be taken on somebody’s word', async () => {
  await using project = await SyncProject.copyOf(base, head);
  const review = { kind: 'github-review', pullRequest: 1, reviewer: 'x', commit: head, at: '', record: '' };
  await rewriteIn(
    project,
    LATER,
    edited((c) => c.evidence.push({ ...review, tree: 'b'.repeat(40) })),
  );
  const verification = await verify(project);
  expect(verification.derivation).toMatchObject({
    ...{ branch: 'main', path: 'flags', head },
    taken: { histories: 0, reviews: 1, expired: 0 },
  });
  const text = verifyLines({ ...verification, break: undefined as never }).join('\n');
  expect(text).toContain(`from main at ${head.slice(0, 10)}, flags`);
  expect(text).toContain('taken as recorded: 1 review of a forge');
});

test('a shallow clone proves nothing, and says so', async () => {
  await using project = await SyncProject.copyOf(base, head);
  await using shallow = await GitRepository.create();
  await shallow.git('fetch', '-q', '--depth', '1', `file://${project.repository.folder}`, 'main');
  await shallow.git('checkout', '-q', '-B', 'main', 'FETCH_HEAD');
  const stateFolder = join(project.stateFolder, 'shallow');
  const verification = verifyAudit(project.pool, { repository: { repo: shallow.folder, stateFolder } });
  await expect(verification).rejects.toThrow(UnreachableError);
  await expect(verification).rejects.toThrow('shallow clone');
});

test('commits that the given repository replaces are not followed', async () => {
  await using project = await SyncProject.copyOf(base, head);
  const { repository } = project;
  const ids = (await repository.git('rev-list', 'main')).split('\n');
  await repository.git('replace', ids[1] ?? '', ids[2] ?? '');
  try {
    const fresh = join(project.stateFolder, 'replaced');
    expect((await verify(project, fresh)).break).toBeUndefined();
  } finally {
    await repository.git('replace', '-d', ids[1] ?? '');
  }
});

function verify(project: SyncProject, stateFolder = project.stateFolder): Promise<Verification> {
  return verifyAudit(project.pool, { repository: { repo: project.repository.folder, stateFolder } });
}

async function rewriteIn(
  project: SyncProject,
  entry: number,
  forge: (contents: Forged[]) => Forged[] | undefined,
): Promise<void> {
  await withTransaction(project.pool, {}, (owner) =>
    withoutGuards(owner, () => rewrite(owner, entry, forge)),
  );
}
