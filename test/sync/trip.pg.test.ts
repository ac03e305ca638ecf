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
      v: 2,
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

describe('commits after the first', () => {
  beforeEach(async () => {
    await project.repository.commit('import', sampleFiles());
    await project.sync();
  });

  test('that came at once have an entry and a revision each, in their order', async () => {
    for (const percent of [20, 30, 40]) {
      await project.repository.commit(`to ${percent}`, {
        'flags/checkout.yaml': flagYaml('checkout', percent),
      });
    }
    const { events } = await project.sync();
    expect(events).toMatchObject([
      { type: 'applied', entry: 2, revision: 2, subject: 'to 20' },
      { type: 'applied', entry: 3, revision: 3, subject: 'to 30' },
      { type: 'applied', entry: 4, revision: 4, subject: 'to 40' },
    ]);
    expect((await project.entries())[2]).toMatchObject({
      revision: 3,
      changes: [
        { kind: 'flag', key: 'checkout', action: 'updated' },
        {
          kind: 'flag',
          key: 'checkout',
          environment: 'prod',
          action: 'updated',
          patch: [{ at: 'rule "US ramp"', field: 'percent', before: '20', after: '30' }],
        },
      ],
    });
    expect(await heads()).toEqual({ dev: 1, prod: 4 });
  });

  test('that change nothing under the path have no entry', async () => {
    await project.repository.commit('docs', { 'README.md': 'hello' });
    const { outcome, events } = await project.sync();
    expect([outcome, events]).toEqual(['applied', []]);
    expect(await project.entries()).toHaveLength(1);
  });

  test('that change no row have an entry and no revision', async () => {
    await project.repository.commit('comment', { 'flags/checkout.yaml': flagYaml('checkout', 10, '# why') });
    await project.repository.commit('test', { 'flags/checkout.test.yaml': 'tests: []' });
    const before = await heads();
    const { events } = await project.sync();
    expect(events).toMatchObject([
      { type: 'applied', entry: 2, changes: [] },
      { type: 'applied', entry: 3, changes: [] },
    ]);
    expect(events.map((event) => 'revision' in event)).toEqual([false, false]);
    expect(await heads()).toEqual(before);
    expect(await project.query('select from halyard.revision')).toHaveLength(1);
  });

  test('that are taken back are passed over only while nothing was judged between them', async () => {
    const first = await project.repository.commit('to 20', {
      'flags/checkout.yaml': flagYaml('checkout', 20),
    });
    await project.repository.git('revert', '--no-edit', first);
    const { events } = await project.sync();
    expect(events).toMatchObject([{ revision: 2 }, { revision: 3, subject: 'Revert "to 20"' }]);
  });

  test('I5: that are rejected leave what is applied and served untouched, and are recorded', async () => {
    const before = await applied();
    const bad = await project.repository.commit('bad', {
      'flags/checkout.yaml': flagYaml('checkout', 99),
      'flags/broken.yaml': flagYaml('broken').replace('serve: on }', 'serve: maybe }'),
    });
    const { outcome, events } = await project.sync();
    expect(outcome).toBe('rejected');
    expect(events).toMatchObject([
      {
        type: 'rejected',
        entry: 2,
        commit: bad,
        problems: [{ file: 'broken.yaml', code: 'unknown-variation' }],
      },
    ]);
    expect(await applied()).toEqual(before);
    const entry = (await project.entries())[1];
    expect(entry).toMatchObject({ action: 'commit.rejected', commit: bad, changes: [] });
    expect(entry).not.toHaveProperty('revision');
    expect(Object.keys(entry.problems[0]).sort()).toEqual(['code', 'column', 'file', 'line']);
    // It stays rejected, and is not recorded again.
    expect((await project.sync()).outcome).toBe('rejected');
    expect(await project.entries()).toHaveLength(2);
  });

  test.each([
    ['in later trips', async () => void (await project.sync())],
    ['in one trip', async () => {}],
  ])('that mend rejected ones carry those and bring all their changes, %s', async (_, between) => {
    const bad = await project.repository.commit('bad', {
      'flags/checkout.yaml': flagYaml('checkout', 99),
      'flags/broken.yaml': 'flag: broken\n',
    });
    const worse = await project.repository.commit('worse', { 'flags/worse.yaml': 'flag: worse\n' });
    await between();
    await project.repository.commit('mend', { 'flags/broken.yaml': null, 'flags/worse.yaml': null });
    expect((await project.sync()).outcome).toBe('applied');
    const entry = (await project.entries())[3];
    expect(entry).toMatchObject({ entry: 4, revision: 2, carries: [bad, worse] });
    expect(entry.changes[1].patch).toEqual([
      { at: 'rule "US ramp"', field: 'percent', before: '10', after: '99' },
    ]);
    await project.repository.commit('next', { 'flags/checkout.yaml': flagYaml('checkout', 50) });
    await project.sync();
    expect((await project.entries())[4]).toMatchObject({ carries: [] });
  });

  test('that move a file change its path, and nothing that is served', async () => {
    const before = await heads();
    await project.repository.commit('move', {
      'flags/checkout.yaml': null,
      'flags/payments/checkout.yaml': flagYaml('checkout'),
    });
    const { events } = await project.sync();
    expect(events).toMatchObject([
      {
        revision: 2,
        changes: [
          {
            kind: 'flag',
            key: 'checkout',
            action: 'updated',
            patch: [{ at: '', field: 'path', before: 'checkout.yaml', after: 'payments/checkout.yaml' }],
          },
        ],
      },
    ]);
    expect(await definitions()).toContain('flag checkout payments/checkout.yaml');
    expect(await heads()).toEqual(before);
  });

  test('that rename a flag delete one and create another', async () => {
    await project.repository.commit('rename', {
      'flags/checkout.yaml': null,
      'flags/single-page.yaml': flagYaml('single-page'),
    });
    await project.sync();
    const entry = (await project.entries())[1];
    expect(
      entry.changes.map(
        (change: Record<string, unknown>) => `${change.action} ${change.key} ${change.environment}`,
      ),
    ).toEqual([
      'deleted checkout undefined',
      'deleted checkout dev',
      'deleted checkout prod',
      'created single-page undefined',
      'created single-page dev',
      'created single-page prod',
    ]);
  });

  test('that delete a definition leave tombstones, and one of the same key comes back over them', async () => {
    await project.repository.commit('delete', { 'flags/checkout.yaml': null });
    await project.sync();
    expect(await definitions()).toEqual([`project ${PROJECT} project.yaml`]);
    const tombstones = () =>
      project.query(
        `select environment, body, revision, deleted from halyard.environment_definition
         where key = 'checkout' order by environment`,
      );
    expect(await tombstones()).toEqual([
      { environment: 'dev', body: null, revision: 2, deleted: true },
      { environment: 'prod', body: null, revision: 2, deleted: true },
    ]);
    await project.repository.commit('again', { 'flags/checkout.yaml': flagYaml('checkout') });
    expect((await project.sync()).outcome).toBe('applied');
    expect(await tombstones()).toMatchObject([{ deleted: false, revision: 3 }, { deleted: false }]);
  });

  test('that add and remove an environment fill and empty its snapshot', async () => {
    const staging = PROJECT_YAML.replace('  prod:', '  staging: { salt: "91be44" }\n  prod:');
    await project.repository.commit('add staging', { 'flags/project.yaml': staging });
    await project.sync();
    expect(await heads()).toEqual({ dev: 1, prod: 1, staging: 2 });
    await project.repository.commit('remove staging', { 'flags/project.yaml': PROJECT_YAML });
    await project.sync();
    expect(await heads()).toEqual({ dev: 1, prod: 1, staging: 3 });
    const rows = await project.query(
      `select h.digest, count(d.key) filter (where not d.deleted)::int as live
       from halyard.snapshot_head h left join halyard.environment_definition d using (project, environment)
       where h.environment = 'staging' group by h.digest`,
    );
    const digestOfNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    expect(rows).toEqual([{ digest: digestOfNothing, live: 0 }]);
  });

  test('that rename the project are refused', async () => {
    await project.repository.commit('rename', {
      'flags/project.yaml': `# a comment\n${PROJECT_YAML.replace(PROJECT, 'acme/other')}`,
    });
    const { outcome, events } = await project.sync();
    expect(outcome).toBe('rejected');
    expect(events).toMatchObject([
      { problems: [{ code: 'project-renamed', file: 'project.yaml', line: 2, column: 1 }] },
    ]);
    expect(await project.query('select key from halyard.project')).toEqual([{ key: PROJECT }]);
  });

  test('that remove all definitions are rejected', async () => {
    await project.repository.commit('remove', { flags: null });
    const { outcome, events } = await project.sync();
    expect(outcome).toBe('rejected');
    expect(events).toMatchObject([{ problems: [{ code: 'project-missing' }] }]);
  });

  test('a link under the path is refused', async () => {
    await project.repository.edit('elsewhere', 'x');
    await project.repository.git('add', '.');
    const blob = await project.repository.git('rev-parse', ':elsewhere');
    await project.repository.git('update-index', '--add', '--cacheinfo', `120000,${blob},flags/link.yaml`);
    await project.repository.git('commit', '-q', '-m', 'link');
    expect((await project.sync()).events).toMatchObject([
      { problems: [{ code: 'link-refused', file: 'link.yaml' }] },
    ]);
  });

  test('a merge is judged as one commit, and its branch is not', async () => {
    const { repository } = project;
    await repository.git('checkout', '-q', '-b', 'side');
    await repository.commit('half done', { 'flags/side.yaml': 'flag: side\n' });
    await repository.commit('done', { 'flags/side.yaml': flagYaml('side') });
    await repository.git('checkout', '-q', 'main');
    await repository.commit('meanwhile', { 'flags/checkout.yaml': flagYaml('checkout', 20) });
    await repository.git('merge', '-q', '--no-ff', '-m', 'Merge pull request #7 from acme/side', 'side');
    const { events } = await project.sync();
    expect(events).toMatchObject([
      { type: 'applied', subject: 'meanwhile', revision: 2 },
      { type: 'applied', subject: 'Merge pull request #7 from acme/side', revision: 3 },
    ]);
    expect((await project.entries())[2]).toMatchObject({ pullRequest: 7 });
  });

  test('a foxtrot merge is judged, and the states that main never had are not', async () => {
    const { repository } = project;
    await repository.git('checkout', '-q', '-b', 'side', 'main');
    const onMain = await repository.git('rev-parse', 'main');
    await repository.git('checkout', '-q', 'main');
    await repository.commit('judged', { 'flags/checkout.yaml': flagYaml('checkout', 20) });
    await project.sync();
    await repository.commit('not judged yet', { 'flags/checkout.yaml': flagYaml('checkout', 30) });
    await repository.git('checkout', '-q', 'side');
    expect(await repository.head()).toBe(onMain);
    await repository.commit('never on main', { 'flags/side.yaml': flagYaml('side') });
    await repository.git('merge', '-q', '--no-ff', '-m', 'foxtrot', 'main');
    await repository.git('branch', '-q', '-f', 'main', 'side');
    const { outcome, events } = await project.sync();
    expect(outcome).toBe('applied');
    expect(events).toMatchObject([{ type: 'applied', subject: 'foxtrot', revision: 3 }]);
    expect(await definitions()).toContain('flag side side.yaml');
  });
});

describe('a project that is known already', () => {
  test('goes on from another address of the repository', async () => {
    await project.repository.commit('import', sampleFiles());
    await project.sync();
    await project.repository.commit('more', { 'flags/checkout.yaml': flagYaml('checkout', 20) });
    await project.repository.git('clone', '--bare', '--quiet', '.', '.git/copy.git');
    const { events } = await project.sync({ repo: `${project.repository.folder}/.git/copy.git` });
    expect(events).toMatchObject([{ type: 'applied', entry: 2, subject: 'more' }]);
  });
});
