// The same files are accepted or refused alike by `check` on a folder, by `sync` from git, and by a relay over the folder.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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

async function expectAgreement(texts: Texts): Promise<boolean> {
  const folder = join(repository.folder, 'flags');
  await rm(folder, { recursive: true, force: true });
  for (const [path, content] of Object.entries(texts)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const checked = await findProblems({ path: folder, strict: false, cache: false }, new Date(0));
  const errors = checked.problems.filter(({ severity }) => severity === 'error');
  expect(await synced()).toEqual(errors);
  const news = await relayed(folder);
  const isRefused = news.type === 'fault' && news.fault.code === 'definitions';
  expect(isRefused).toBe(!checked.ok);
  return checked.ok;
}

test('the sample project is accepted', async () => {
  expect(await expectAgreement(sample)).toBe(true);
});

test('the sample project, damaged, with names that nobody expects', async () => {
  const seen = new Set<boolean>();
  for (const texts of fc.sample(damagedProject, { numRuns: 25, seed: 7 }))
    seen.add(await expectAgreement(texts));
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
  expect(await expectAgreement(texts)).toBe(false);
});
