// What a mirror reads of the approvals that a repository keeps, and what it passes over; from a path, and from git's own server.
import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { approvalRefName, approvalRefsIn, refsOfTree } from '../../src/git/approval-refs.ts';
import { Mirror } from '../../src/git/mirror.ts';
import { parseGitSource } from '../../src/git/source.ts';
import { canServeGit, serveGit } from '../support/git-https-server.ts';
import { GitRepository, temporaryFolder } from '../support/git-repository.ts';

const TOKEN = 'hunter2hunter2';
const TREE = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);

let repository: GitRepository;
let stateFolder: string;

beforeEach(async () => {
  repository = await GitRepository.create();
  stateFolder = await temporaryFolder('halyard-approvals-');
  await repository.commit('one', { 'flags/a.yaml': 'a', 'large.bin': 'x'.repeat(100_000) });
});

afterEach(async () => {
  await repository[Symbol.asyncDispose]();
  await rm(stateFolder, { recursive: true, force: true, maxRetries: 5 });
});

const idOf = (content: string) => createHash('sha256').update(content).digest('hex').slice(0, 16);

/** Puts a blob under a tree's refs, by the name that its content gives it or by another one. */
async function put(content: string, { tree = TREE, id = idOf(content) } = {}): Promise<string> {
  await repository.edit('.git/approval', content);
  const blob = await repository.git('hash-object', '-w', '--no-filters', '.git/approval');
  await repository.git('update-ref', approvalRefName(tree, id), blob);
  return blob;
}

function mirrorOf(address: string, inherited: NodeJS.ProcessEnv = process.env): Mirror {
  return new Mirror({
    source: parseGitSource(address, '/'),
    branch: 'main',
    stateFolder,
    credentials: { tokenFile: join(stateFolder, 'token') },
    inherited,
  });
}

async function approvalsIn(mirror: Mirror, tree = TREE): Promise<string[]> {
  await mirror.fetchHead();
  const blobs = await mirror.approvalsOf(tree);
  return blobs.map(({ content }) => new TextDecoder().decode(content)).sort();
}

describe('from a path', () => {
  test('approvals of one tree are read, those that come later too, and those that are gone are gone', async () => {
    const mirror = mirrorOf(repository.folder);
    expect(await approvalsIn(mirror)).toEqual([]);
    await put('first');
    await put('second');
    await put('elsewhere', { tree: OTHER });
    expect(await approvalsIn(mirror)).toEqual(['first', 'second']);
    expect(await approvalsIn(mirror, OTHER)).toEqual(['elsewhere']);
    await repository.git('update-ref', '-d', approvalRefName(TREE, idOf('first')));
    expect(await approvalsIn(mirror)).toEqual(['second']);
  });

  test('what is seen is what there was when the head was asked for', async () => {
    await put('first');
    const mirror = mirrorOf(repository.folder);
    await mirror.fetchHead();
    await put('second');
    expect(await mirror.approvalsOf(TREE)).toHaveLength(1);
  });

  test('a blob that is not what its name says, too large, or no blob is passed over', async () => {
    await put('good');
    await put('good under another name', { id: '0123456789abcdef' });
    await put('x'.repeat(16 * 1024 + 1));
    await put('y'.repeat(16 * 1024));
    const head = await repository.head();
    await repository.git('update-ref', approvalRefName(TREE, 'c'.repeat(16)), head);
    const tree = await repository.git('rev-parse', 'HEAD^{tree}');
    await repository.git('update-ref', approvalRefName(TREE, 'd'.repeat(16)), tree);
    await repository.git('tag', '-a', '-m', 'a tag', 'v1');
    await repository.git('update-ref', approvalRefName(TREE, 'e'.repeat(16)), 'refs/tags/v1');
    await repository.git('update-ref', `refs/halyard/approvals/${TREE}/too/deep`, head);
    await repository.git('update-ref', `refs/halyard/approvals/${TREE.slice(1)}/${'f'.repeat(16)}`, head);
    expect(await approvalsIn(mirrorOf(repository.folder))).toEqual(['good', 'y'.repeat(16 * 1024)]);
  });

  test('of many, the first hundred by their names are read', async () => {
    const texts = Array.from({ length: 105 }, (_, n) => `approval ${n}`);
    const files = texts.map((_, n) => `.git/approvals/${n}`);
    for (const [n, file] of files.entries()) await repository.edit(file, texts[n] ?? '');
    const blobs = (await repository.git('hash-object', '-w', '--no-filters', ...files)).split('\n');
    const lines = texts.map((text, n) => `create ${approvalRefName(TREE, idOf(text))} ${blobs[n]}\n`);
    await repository.pipe(['update-ref', '--stdin'], Buffer.from(lines.join('')));
    const first = texts.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1)).slice(0, 100);
    expect(await approvalsIn(mirrorOf(repository.folder))).toEqual(first.sort());
  });

  test('an object that the repository has lost hides no other approval', async () => {
    await put('good');
    const lost = await put('lost');
    const mirror = mirrorOf(repository.folder);
    await mirror.fetchHead();
    await rm(join(repository.folder, '.git/objects', lost.slice(0, 2), lost.slice(2)));
    const blobs = await mirror.approvalsOf(TREE);
    expect(blobs.map(({ id }) => id)).toEqual([idOf('good')]);
    expect(await mirror.fetchHead()).toBe(await repository.head());
  });

  test('an object that fsck refuses hides no other approval', async () => {
    await put('good');
    await repository.edit('.git/bad-commit', `tree ${TREE}\nauthor nobody\n\nmessage\n`);
    const args = ['hash-object', '-t', 'commit', '-w', '--literally', '--no-filters', '.git/bad-commit'];
    const bad = await repository.git(...args);
    await writeFile(
      join(repository.folder, '.git/packed-refs'),
      `${bad} ${approvalRefName(TREE, 'c'.repeat(16))}\n`,
    );
    expect(await approvalsIn(mirrorOf(repository.folder))).toEqual(['good']);
  });

  test('a repository that goes away in between is away, and approves nothing', async () => {
    await put('good');
    const mirror = mirrorOf(repository.folder);
    await mirror.fetchHead();
    await repository.away(async () => {
      await expect(mirror.approvalsOf(TREE)).rejects.toMatchObject({ name: 'UnreachableError', code: 'git' });
    });
    expect(await mirror.approvalsOf(TREE)).toHaveLength(1);
  });
});

describe.runIf(canServeGit())('from a URL', () => {
  test.each([2, 0] as const)('a partial mirror reads approvals by protocol %i', async (protocol) => {
    await put('first');
    await put('second');
    await repository.git('config', 'uploadpack.allowFilter', 'true');
    await writeFile(join(stateFolder, 'token'), TOKEN);
    await using server = await serveGit(repository.folder, stateFolder, TOKEN, protocol);
    const inherited = { ...process.env, GIT_SSL_CAINFO: server.certificateFile };
    const mirror = mirrorOf(server.url, inherited);
    expect(await approvalsIn(mirror)).toEqual(['first', 'second']);
    const { packs } = server;
    expect(await approvalsIn(mirror)).toEqual(['first', 'second']);
    expect(server.packs).toBe(packs);
  });
});

test('a listing holds those refs alone whose names are an approval’s', () => {
  const blob = 'd'.repeat(40);
  const listing = [
    `${blob}\trefs/halyard/approvals/${TREE}/0123456789abcdef`,
    `${blob}\trefs/halyard/approvals/${'c'.repeat(64)}/0123456789abcdef`,
    `${blob}\trefs/heads/refs/halyard/approvals/${TREE}/0123456789abcdef`,
    `${blob}\trefs/halyard/approvals/${TREE}/0123456789abcdef^{}`,
    `${blob}\trefs/halyard/approvals/${TREE}/0123456789ABCDEF`,
    `${blob}\trefs/halyard/approvals/${TREE}/0123456789abcde`,
    `${blob} refs/halyard/approvals/${TREE}/0123456789abcdef`,
    `x${blob}\trefs/halyard/approvals/${TREE}/0123456789abcdef`,
    '',
  ].join('\n');
  expect(approvalRefsIn(listing).map(({ tree }) => tree.length)).toEqual([40, 64]);
  expect(refsOfTree(approvalRefsIn(listing), TREE)).toEqual([{ tree: TREE, id: '0123456789abcdef', blob }]);
});
