// Entries derived again from a real repository: honest ones follow, whatever happened to the branch.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Verification, verifyAudit } from '../../src/audit/verify.ts';
import { flagYaml, SyncProject, sampleFiles } from '../support/sync-project.ts';

let project: SyncProject;

beforeEach(async () => {
  project = await SyncProject.create();
});

afterEach(async () => {
  await project[Symbol.asyncDispose]();
});

function verify(): Promise<Verification> {
  const { repository, stateFolder } = project;
  return verifyAudit(project.pool, { repository: { repo: repository.folder, stateFolder } });
}

test('a chain of edits, moves, rejections and deletions follows from its repository', async () => {
  const { repository } = project;
  await repository.commit('first', sampleFiles());
  await repository.commit('ramp', { 'flags/checkout.yaml': flagYaml('checkout', 25) });
  await repository.commit('elsewhere', { 'README.md': 'x' });
  await repository.commit('moved', {
    'flags/checkout.yaml': null,
    'flags/area/checkout.yaml': flagYaml('checkout', 30),
  });
  await project.sync();
  await repository.commit('bad', { 'flags/bad.yaml': 'flag: bad\n' });
  await repository.commit('worse', { 'flags/worse.yaml': 'flag: worse\n' });
  await project.sync();
  await repository.commit('mended', { 'flags/bad.yaml': flagYaml('bad'), 'flags/worse.yaml': null });
  await repository.commit('deleted', { 'flags/bad.yaml': null });
  await project.sync();
  expect(await verify()).toMatchObject({ derivation: { derived: 5, underivable: 0, pending: 0 } });
  expect((await verify()).break).toBeUndefined();
});
