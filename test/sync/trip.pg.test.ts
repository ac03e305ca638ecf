// The trip from a commit to the database, on a real repository and a real PostgreSQL.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { flagYaml, PROJECT, PROJECT_YAML, SyncProject, sampleFiles } from '../support/sync-project.ts';

let project: SyncProject;

beforeEach(async () => {
  project = await SyncProject.create();
});

afterEach(async () => {
  await project[Symbol.asyncDispose]();
});

async function definitions(): Promise<string[]> {
  const rows = await project.query<{ kind: string; key: string; path: string }>(
    'select kind, key, path from halyard.definition order by kind, key',
  );
  return rows.map(({ kind, key, path }) => `${kind} ${key} ${path}`);
}

async function heads(): Promise<Record<string, number>> {
  const rows = await project.query<{ environment: string; revision: number }>(
    'select environment, revision from halyard.snapshot_head order by environment',
  );
  return Object.fromEntries(rows.map(({ environment, revision }) => [environment, revision]));
}

/** Everything but the audit: what is applied and served. */
async function applied(): Promise<unknown> {
  return {
    definitions: await project.query('select * from halyard.definition order by kind, key'),
    environments: await project.query(
      'select * from halyard.environment_definition order by environment, kind, key',
    ),
    heads: await project.query('select * from halyard.snapshot_head order by environment'),
    revisions: await project.query('select number, entry, commit from halyard.revision order by number'),
  };
}

describe('the initial import', () => {
  test('applies the head alone, as entry 1 and revision 1', async () => {
    await project.repository.commit('before', { 'flags/project.yaml': PROJECT_YAML });
    const head = await project.repository.commit('Add checkout (#12)', sampleFiles());
    const { outcome, events } = await project.sync();
    expect(outcome).toBe('applied');
    expect(events).toMatchObject([
      {
        type: 'applied',
        project: PROJECT,
        entry: 1,
        revision: 1,
        commit: head,
        subject: 'Add checkout (#12)',
      },
    ]);
    expect(await definitions()).toEqual(['flag checkout checkout.yaml', `project ${PROJECT} project.yaml`]);
    expect(await heads()).toEqual({ dev: 1, prod: 1 });
    const [entry] = await project.entries();
    const { changes, ...rest } = entry;
    expect(rest).toEqual({
      v: 1,
      project: PROJECT,
      entry: 1,
      action: 'commit.applied',
      revision: 1,
      source: { path: 'flags', branch: 'main' },
      commit: head,
      tree: await project.repository.git('rev-parse', 'HEAD^{tree}'),
      parents: [await project.repository.git('rev-parse', 'HEAD^')],
      author: 'Ada Author <ada@example.com>',
      committer: 'Cole Committer <cole@example.com>',
      committedAt: '2023-11-14T22:13:22Z',
      subject: 'Add checkout (#12)',
      pullRequest: 12,
      signature: { status: 'unsigned' },
      evidence: [],
      carries: [],
      problems: [],
    });
    expect(
      changes.map((change: Record<string, unknown>) => [change.kind, change.environment, change.action]),
    ).toEqual([
      ['flag', undefined, 'created'],
      ['flag', 'dev', 'created'],
      ['flag', 'prod', 'created'],
      ['project', undefined, 'created'],
      ['project', 'dev', 'created'],
      ['project', 'prod', 'created'],
    ]);
  });

  test('of a head that names no project is reported, and has no entry', async () => {
    await project.repository.commit('no definitions', { 'README.md': 'hello' });
    const { outcome, events } = await project.sync();
    expect(outcome).toBe('unnamed');
    expect(events).toMatchObject([{ type: 'unnamed', problems: [{ code: 'project-missing' }] }]);
    expect(await project.entries()).toEqual([]);
    await project.repository.commit('add', sampleFiles());
    expect((await project.sync()).outcome).toBe('applied');
    expect(await project.entries()).toHaveLength(1);
  });

  test('of an invalid head is a rejection, and the mended one is imported', async () => {
    const bad = await project.repository.commit('bad', { ...sampleFiles(), 'flags/broken.yaml': 'flag: [' });
    expect((await project.sync()).outcome).toBe('rejected');
    expect((await project.entries())[0]).toMatchObject({
      action: 'commit.rejected',
      source: { path: 'flags' },
      changes: [],
    });
    expect(await definitions()).toEqual([]);
    await project.repository.commit('mended', { 'flags/broken.yaml': null });
    expect((await project.sync()).outcome).toBe('applied');
    expect((await project.entries())[1]).toMatchObject({ entry: 2, revision: 1, carries: [bad] });
  });

  test('takes definitions at the root of the repository', async () => {
    await project.repository.commit('root', {
      'project.yaml': PROJECT_YAML,
      'a/checkout.yaml': flagYaml('checkout'),
    });
    expect((await project.sync({ path: '.' })).outcome).toBe('applied');
    expect((await project.entries())[0]).toMatchObject({ source: { path: '', branch: 'main' } });
    expect(await definitions()).toContain('flag checkout a/checkout.yaml');
  });
});
