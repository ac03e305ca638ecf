// A policy that nobody can change any more: nothing opens it, and the definitions begin anew as another project beside it.
import { expect, test } from 'vitest';
import { verifyAudit } from '../../src/audit/verify.ts';
import { flagYaml, PROJECT_YAML, SyncProject } from '../support/sync-project.ts';
import { Team } from '../support/team.ts';

test('a locked policy stays, and a new project in another folder has its own chain and policy', async () => {
  await using team = await Team.create();
  await using project = await SyncProject.create();
  const { repository, pool, stateFolder } = project;
  const policy = team.policy();
  const files = {
    'project.yaml': PROJECT_YAML,
    'access.yaml': policy,
    'checkout.yaml': flagYaml('checkout'),
  };
  const under = (folder: string, edited: Partial<typeof files> = {}) =>
    Object.fromEntries(
      Object.entries({ ...files, ...edited }).map(([path, text]) => [`${folder}/${path}`, text]),
    );
  await repository.commit('import', under('flags'));
  await project.sync();

  // alice has lost her key, and nobody else may change the policy.
  const withNewKey = policy.replace(team.keys.alice.fingerprint, team.keys.mallory.fingerprint);
  const refused = await team.commit(repository, 'bob', 'alice has a new key', {
    'flags/access.yaml': withNewKey,
  });
  expect((await project.sync()).outcome).toBe('rejected');

  const renamed = PROJECT_YAML.replace('acme/shop', 'acme/shop2');
  await team.commit(repository, 'bob', 'the project begins anew', {
    ...under('flags2', { 'project.yaml': renamed, 'access.yaml': withNewKey }),
  });
  expect((await project.sync({ path: 'flags2' })).events).toMatchObject([
    { type: 'applied', project: 'acme/shop2', entry: 1 },
  ]);
  await team.commit(repository, 'mallory', 'with the new key', {
    'flags2/checkout.yaml': flagYaml('checkout', 20),
  });
  expect((await project.sync({ path: 'flags2' })).events).toMatchObject([
    { type: 'applied', project: 'acme/shop2', entry: 2, signature: { person: 'alice' } },
  ]);

  for (const key of ['acme/shop', 'acme/shop2']) {
    const options = { project: key, repository: { repo: repository.folder, stateFolder } };
    const verified = await verifyAudit(pool, options);
    expect(verified.break).toBeUndefined();
    expect(verified).toMatchObject({ derivation: { derived: 2, pending: 0 } });
  }
  expect(
    await project.query('select last_judged_commit from halyard.project where key = $1', ['acme/shop']),
  ).toEqual([{ last_judged_commit: refused }]);
});
