// The same files are accepted or refused alike by `check` on a folder, by `sync` from git, and by a relay over the folder.
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findProblems } from '../../src/cli/check/find.ts';
import { Mirror } from '../../src/git/mirror.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { SourceNews } from '../../src/relay/source.ts';
import { DirectorySource } from '../../src/relay/sources/directory.ts';
import { Branch } from '../../src/sync/branch.ts';
import { judgeCommit } from '../../src/sync/judge.ts';
import { generatedCorpus } from '../definitions/corpus/generated.ts';
import { damagedProject, sample } from '../definitions/support/mutations.ts';
import type { Texts } from '../definitions/support/project.ts';
import { GitRepository, temporaryFolder } from '../support/git-repository.ts';

const signal = AbortSignal.timeout(120_000);
const corpus = join(import.meta.dirname, '../definitions/corpus');
let repository: GitRepository;
let stateFolder = '';
let branch: Branch;

beforeAll(async () => {
  repository = await GitRepository.create();
  stateFolder = await temporaryFolder('halyard-agreement-');
  const source = { kind: 'path', name: repository.folder, path: repository.folder } as const;
  branch = new Branch(new Mirror({ source, branch: 'main', stateFolder, inherited: process.env }), 'flags');
});

afterAll(async () => {
  await repository[Symbol.asyncDispose]();
  await rm(stateFolder, { recursive: true, force: true });
});

const folder = () => join(repository.folder, 'flags');
const checkedFolder = () => findProblems({ path: folder(), strict: false, cache: false }, new Date(0));

/** What `sync` would do with them, as the first commit of a new project. */
async function synced(): Promise<Problem[]> {
  await repository.commit('Some files');
  const candidate = await branch.candidate(await branch.fetchHead(signal), signal);
  const files = await branch.files(candidate, signal);
  const judgement = judgeCommit(candidate, files, { rows: new Map(), overrides: new Map() }, undefined);
  return judgement.type === 'rejected' ? judgement.problems : [];
}

/** What a relay over the folder says first. */
async function relayed(path: string): Promise<SourceNews> {
  const { promise, resolve } = Promise.withResolvers<SourceNews>();
  const enough = new AbortController();
  const source = new DirectorySource({ path, environment: 'prod', watches: false });
  await source.run(
    async (news) => {
      resolve(news);
      enough.abort();
    },
    AbortSignal.any([enough.signal, signal]),
  );
  return promise;
}

async function put(texts: Texts): Promise<void> {
  await rm(folder(), { recursive: true, force: true });
  for (const [path, content] of Object.entries(texts)) {
    await mkdir(dirname(join(folder(), path)), { recursive: true });
    await writeFile(join(folder(), path), content);
  }
}

/** Whether what is in the folder is accepted by all of them. */
async function expectAgreement(): Promise<boolean> {
  const checked = await checkedFolder();
  expect(await synced()).toEqual(checked.problems.filter(({ severity }) => severity === 'error'));
  const news = await relayed(folder());
  const isRefused = news.type === 'fault' && news.fault.code === 'definitions';
  expect(isRefused).toBe(!checked.ok);
  return checked.ok;
}

test('the sample project is accepted', async () => {
  await put(sample);
  expect(await expectAgreement()).toBe(true);
});

test.each([
  [64, true],
  [65, false],
])('a definition %i folders deep is looked at: %s', async (depth, isAccepted) => {
  const metric = 'metric: deep\nevent: deep\ntype: binary\ndirection: increase\n';
  await put({ ...sample, [`${'d/'.repeat(depth)}deep.yaml`]: metric });
  expect((await checkedFolder()).problems.some(({ code }) => code === 'folder-not-listed')).toBe(!isAccepted);
  expect(await expectAgreement()).toBe(isAccepted);
});

test('names that differ in the case of letters alone are refused', async () => {
  await put({ ...sample, 'A/x.test.yaml': 'tests: []\n', 'a/X.test.yaml': 'tests: []\n' });
  expect(await expectAgreement()).toBe(false);
});

test('the sample project, damaged, with names that nobody expects', async () => {
  const seen = new Set<boolean>();
  for (const texts of fc.sample(damagedProject, { numRuns: 25, seed: 7 })) {
    await put(texts);
    seen.add(await expectAgreement());
  }
  expect(seen).toEqual(new Set([true, false]));
});

test('hostile files, all at once', async () => {
  const names = (await readdir(corpus)).filter((name) => name.endsWith('.yaml'));
  const files = names.map(async (name) => [name, await readFile(join(corpus, name))] as const);
  const texts = {
    ...sample,
    ...Object.fromEntries(await Promise.all(files)),
    ...Object.fromEntries(
      generatedCorpus.slice(0, 4).map(([, content], i) => [`generated/g${i}.yaml`, content]),
    ),
  };
  await put(texts);
  expect(await expectAgreement()).toBe(false);
});

test.skipIf(process.platform === 'darwin')('a name that is no UTF-8 is read alike', async () => {
  await put(sample);
  await writeFile(
    Buffer.concat([Buffer.from(folder()), Buffer.from('/f\xff.yaml', 'latin1')]),
    'segment: f\n',
  );
  expect(await expectAgreement()).toBe(false);
  expect((await checkedFolder()).problems.map(({ file, code }) => [file, code])).toContainEqual([
    'f\ufffd.yaml',
    'key-is-not-file-name',
  ]);
});

test('links are refused by both, and only a relay follows them, since mounts are made of them', async () => {
  await put(sample);
  await rename(join(folder(), 'segments/staff.yaml'), join(repository.folder, 'staff.yaml'));
  await symlink('../../staff.yaml', join(folder(), 'segments/staff.yaml'));
  const { problems } = await checkedFolder();
  expect(problems.map(({ file, code }) => [file, code])).toEqual([['segments/staff.yaml', 'link-refused']]);
  expect(await synced()).toEqual(problems);
  expect(await relayed(folder())).toMatchObject({ type: 'snapshot' });
});
