// Objects that git refuses, over a path and over https: nothing is taken, it is told what and what to do, and a push that takes them out heals.

import { mkdirSync, writeFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canServeGit, type GitHttpsServer, serveGit } from '../../support/git-https-server.ts';
import { temporaryFolder } from '../../support/git-repository.ts';
import { file, folder, type HostileRepository, link, PEOPLE } from '../../support/hostile-repository.ts';
import { SyncProcess } from '../../support/sync-process.ts';
import { HostileTrip } from './trips.ts';

let trip: HostileTrip;

beforeAll(async () => {
  trip = await HostileTrip.begin();
});

afterAll(async () => {
  await trip[Symbol.asyncDispose]();
});

const tree =
  (make: (r: HostileRepository) => Parameters<HostileRepository['tree']>[0]) => (r: HostileRepository) =>
    r.commit({ tree: r.tree(make(r)), parents: [trip.ground.base] });
const named = (name: string) => tree((r) => [file(name, r.blob('x'))]);
const modules = (text: string) => tree((r) => [file('.gitmodules', r.blob(text))]);
const commit = (parts: object) => (r: HostileRepository) =>
  r.commit({ tree: r.project(), parents: [trip.ground.base], ...parts });

const REFUSED: [string, (r: HostileRepository) => string, RegExp][] = [
  ['a name `.git`', named('.git'), /hasDotgit/],
  ['a name that some disks take for `.git`', named('.GIT'), /hasDotgit/],
  ['a name `..`', named('..'), /hasDotdot/],
  ['a name that leads out', named('../../x'), /fullPathname/],
  ['an absolute name', named('/etc/cron.d/x'), /fullPathname/],
  ['the same name twice', tree((r) => [file('a', r.blob('x')), file('a', r.blob('y'))]), /duplicateEntries/],
  [
    'a file and a folder of one name',
    tree((r) => [file('a', r.blob('x')), folder('a', r.tree([]))]),
    /duplicateEntries/,
  ],
  ['names out of order', tree((r) => [file('b', r.blob('x')), file('a', r.blob('x'))]), /treeNotSorted/],
  [
    'a submodule whose address is an option',
    modules('[submodule "a"]\n\tpath = a\n\turl = -u./evil\n'),
    /gitmodulesUrl/,
  ],
  [
    'a submodule whose update is a program',
    modules('[submodule "a"]\n\tpath = a\n\turl = ../a\n\tupdate = !evil\n'),
    /gitmodulesUpdate/,
  ],
  [
    'submodules that are named by a link',
    tree((r) => [link('.gitmodules', r.blob('x'))]),
    /gitmodulesSymlink/,
  ],
  ['no author', commit({ headers: 'committer A <a> 1 +0000\n' }), /missingAuthor/],
  ['two authors', commit({ headers: `author A <a> 1 +0000\n${PEOPLE}` }), /multipleAuthors/],
  [
    'a time that no number holds',
    commit({ headers: PEOPLE.replace('1700000000', '9'.repeat(30)) }),
    /badDateOverflow/,
  ],
  ['a NUL in its message', commit({ message: 'seen\0unseen\n' }), /nulInCommit/],
];

describe('a push is refused with git’s reason, and the next good one applies, for', () => {
  test.each(REFUSED)('%s', async (_, make, reason) => {
    const { base } = trip.ground;
    const entries = (await trip.project.entries()).length;
    const { outcome, events } = await trip.refuse(make(trip.repository));
    expect(outcome).toBe('refused');
    expect(events).toMatchObject([{ type: 'refused', reason: expect.stringMatching(reason) }]);
    expect(events[0]).toMatchObject({ reason: expect.stringMatching(/[0-9a-f]{40} .*--git-skip-list\.$/) });
    expect(await trip.project.entries()).toHaveLength(entries);
    await trip.heal(base);
  });
});

describe('a branch stands at no commit but at', () => {
  test.each<[string, (r: HostileRepository) => string]>([
    ['a blob', (r) => r.blob('x')],
    ['a tree', (r) => r.tree([])],
  ])('%s: told, and the next good push applies', async (_, make) => {
    const { base } = trip.ground;
    trip.repository.setBranch(make(trip.repository));
    const before = await trip.applied();
    await expect(trip.sync()).rejects.toMatchObject({ name: 'UnreachableError', code: 'git' });
    expect(await trip.applied()).toEqual(before);
    await trip.heal(base);
  });
});

test('a repository whose objects, refs or alternates are broken is away, says how, and is read again when it is mended', async () => {
  const { repository, ground } = trip;
  const packedRefs = join(repository.gitFolder, 'packed-refs');
  writeFileSync(packedRefs, 'no such line\n');
  await expect(trip.sync()).rejects.toThrow(/unexpected line in .*packed-refs/);
  await rm(packedRefs);
  mkdirSync(join(repository.gitFolder, 'objects', 'info'), { recursive: true });
  const alternates = join(repository.gitFolder, 'objects', 'info', 'alternates');
  writeFileSync(alternates, '/nowhere\n../../../../../../etc\n/dev/zero\n');
  repository.setBranch('1'.repeat(40));
  await expect(trip.sync()).rejects.toMatchObject({ name: 'UnreachableError', code: 'git' });
  await rm(alternates);
  await trip.heal(ground.base);
});

test('what is not there is not fetched from where the repository says that it is', async () => {
  const { repository, ground } = trip;
  const head = repository.commit({
    tree: repository.project([file('missing.yaml', '2'.repeat(40))]),
    parents: [ground.base],
  });
  repository.setBranch(head);
  const before = await trip.applied();
  await expect(trip.sync()).rejects.toMatchObject({ name: 'UnreachableError', code: 'git' });
  expect(await trip.applied()).toEqual(before);
  trip.assertNothingRan();
  await trip.heal(ground.base);
});

describe.runIf(canServeGit())('over https', () => {
  let server: GitHttpsServer;
  let folderOfServer: string;

  beforeAll(async () => {
    folderOfServer = await temporaryFolder('halyard-https-');
    await writeFile(join(folderOfServer, 'token'), 'hunter2hunter2');
    server = await serveGit(trip.project.repository.folder, folderOfServer, 'hunter2hunter2');
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await rm(folderOfServer, { recursive: true, force: true });
  });

  async function once(
    ...args: string[]
  ): Promise<{ code: number | null; output: string[]; errors: string[] }> {
    const token = ['--git-token-file', join(folderOfServer, 'token')];
    const place = ['--repo', server.url, '--state-dir', join(folderOfServer, 'state')];
    await using sync = new SyncProcess(['--once', ...place, ...token, ...args], {
      HALYARD_DATABASE_URL: trip.project.database.url,
      GIT_SSL_CAINFO: server.certificateFile,
    });
    const { code } = await sync.ended;
    return { code, output: sync.output, errors: sync.errors };
  }

  test('a refused push exits 1 with one line, and the next good one 0', async () => {
    const { repository, ground } = trip;
    repository.setBranch(named('.git')(repository));
    const refused = await once();
    expect(refused).toMatchObject({ code: 1, errors: [] });
    expect(refused.output).toEqual([
      expect.stringMatching(/^refused {3}https:\/\/localhost:.*hasDotgit: contains '\.git'/),
    ]);
    const head = repository.commit({ tree: repository.project([], 55), parents: [ground.base] });
    repository.setBranch(head);
    expect(await once()).toMatchObject({ code: 0, output: [expect.stringContaining('applied')] });
    trip.standAt(head);
  });

  test('a history that is larger than the mirror may be exits 1, and leaves nothing on the disk', async () => {
    const { repository } = trip;
    const noise = Buffer.from(crypto.getRandomValues(new Uint8Array(65_536)));
    const blobs = Array.from({ length: 40 }, (_, n) =>
      repository.blob(Buffer.concat([Buffer.of(n), noise.map((byte) => byte ^ (n * 37))])),
    );
    const large = repository.tree(blobs.map((oid, n) => file(`${String(n).padStart(2, '0')}.yaml`, oid)));
    const head = repository.commit({
      tree: repository.project([folder('large', large)]),
      parents: [trip.ground.base],
    });
    repository.setBranch(head);
    const { code, output } = await once('--mirror-limit', '1');
    expect(code).toBe(1);
    expect(output).toEqual([expect.stringContaining('needs a mirror of more than 1 MB')]);
    repository.setBranch(trip.ground.base);
  });
});

test('an object that is named in the skip list is taken, whatever git finds wrong with it', async () => {
  const { repository, ground } = trip;
  const head = repository.commit({
    tree: repository.project([], 66),
    parents: [ground.base],
    message: 'old and\0odd\n',
  });
  const skipListFile = join(trip.project.stateFolder, 'skip "this" list');
  await writeFile(skipListFile, `# converted in 2009\n${head}\n`);
  expect((await trip.refuse(head)).outcome).toBe('refused');
  expect((await trip.sync({ skipListFile })).outcome).toBe('applied');
  expect((await trip.project.entries()).at(-1)).toMatchObject({ commit: head, subject: 'old andodd' });
  await trip.heal(head, { skipListFile });
});
