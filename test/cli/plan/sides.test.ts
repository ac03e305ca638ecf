// Which two states a plan compares, read from real repositories: branches, folders, clones, and what git refuses.
import { chmod, chown, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inRepository } from '../../../src/cli/plan/repository.ts';
import { readSides, type Sides } from '../../../src/cli/plan/sides.ts';
import { UsageError } from '../../../src/lib/errors.ts';
import type { Definitions } from '../../../src/model/definition.ts';
import { GitRepository, temporaryFolder } from '../../support/git-repository.ts';
import { flagYaml, PROJECT_YAML, sampleFiles } from '../../support/sync-project.ts';

const CHECKOUT = 'flags/checkout.yaml';
const BROKEN = 'flag: checkout\nnonsense: true\n';

function sidesOf(folder: string, base?: string, head?: string): Promise<Sides> {
  return inRepository(folder, (repository) => readSides(repository, folder, { base, head }));
}

/** The flags' percentages in prod. */
function percents(definitions: Definitions | undefined): Record<string, number> | undefined {
  const flags = definitions?.all.flatMap((definition) => {
    if (definition.kind !== 'flag') return [];
    const then = definition.body.environments.prod?.rules?.[0]?.then;
    return [[definition.key, then && 'percent' in then ? Number(then.percent) : 100]];
  });
  return flags && Object.fromEntries(flags);
}

async function compared(folder: string, base?: string, head?: string): Promise<unknown[]> {
  const { before, after } = await sidesOf(folder, base, head);
  return [percents(before), percents(after.definitions)];
}

/** A repository whose branch `feature` has left main at 10 %, set 25 %, while main went on to 50 %. */
async function forked(): Promise<GitRepository> {
  const repository = await GitRepository.create();
  await repository.commit('first', sampleFiles());
  await repository.git('checkout', '--quiet', '-b', 'feature');
  await repository.commit('25', { [CHECKOUT]: flagYaml('checkout', 25) });
  await repository.git('checkout', '--quiet', 'main');
  await repository.commit('50', { [CHECKOUT]: flagYaml('checkout', 50) });
  await repository.git('checkout', '--quiet', 'feature');
  return repository;
}

test('a branch is compared with where it left its base, and not with what the base is now', async () => {
  await using repository = await forked();
  const flags = join(repository.folder, 'flags');
  expect(await compared(flags, 'main')).toEqual([{ checkout: 10 }, { checkout: 25 }]);
  expect(await compared(flags, 'main', 'feature')).toEqual([{ checkout: 10 }, { checkout: 25 }]);
  expect(await compared(flags, 'feature', 'main')).toEqual([{ checkout: 10 }, { checkout: 50 }]);
});

test('without a head it is the folder as it is: edits that are not committed count, new files too', async () => {
  await using repository = await forked();
  await repository.edit(CHECKOUT, flagYaml('checkout', 30));
  await repository.edit('flags/new.yaml', flagYaml('new', 1));
  const flags = join(repository.folder, 'flags');
  expect(await compared(flags)).toEqual([{ checkout: 10 }, { checkout: 30, new: 1 }]);
  expect(await compared(flags, 'main', 'HEAD')).toEqual([{ checkout: 10 }, { checkout: 25 }]);
});

test('the base that is not named is origin/HEAD, else origin/main, else main', async () => {
  await using repository = await forked();
  const flags = join(repository.folder, 'flags');
  const base = async () => (await sidesOf(flags)).base.revision;
  expect(await base()).toBe('main');
  await repository.git('update-ref', 'refs/remotes/origin/main', 'main');
  expect(await base()).toBe('origin/main');
  await repository.git('update-ref', 'refs/remotes/origin/trunk', 'main');
  await repository.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/trunk');
  expect(await base()).toBe('origin/HEAD');
});

test('where no base can be guessed, the message says how to name one', async () => {
  await using repository = await GitRepository.create({ branch: 'trunk' });
  await repository.commit('first', sampleFiles());
  await expect(sidesOf(join(repository.folder, 'flags'))).rejects.toThrow(
    'there is none of origin/HEAD, origin/main, origin/master, main, master to compare with. Name a base: `halyard plan <base>`.',
  );
});

test('before the first commit, the message says that there is nothing to compare with', async () => {
  await using repository = await GitRepository.create();
  for (const [path, content] of Object.entries(sampleFiles())) await repository.edit(path, content);
  const work = sidesOf(join(repository.folder, 'flags'));
  await expect(work).rejects.toThrow(UsageError);
  await expect(work).rejects.toThrow('this repository has no commit yet');
});

test.each([
  ['mian', undefined, 'there is no commit `mian` here. Did you mean `main`?'],
  ['main', 'feture', 'there is no commit `feture` here. Did you mean `feature`?'],
  ['main..feature', undefined, 'Name the two on their own: `halyard plan main feature`.'],
  ['--upload-pack=x', undefined, 'there is no commit `--upload-pack=x` here.'],
])('%j %j is wrong use', async (base, head, message) => {
  await using repository = await forked();
  const work = sidesOf(join(repository.folder, 'flags'), base, head);
  await expect(work).rejects.toThrow(UsageError);
  await expect(work).rejects.toThrow(message);
});

test('a folder that is in no repository is wrong use', async () => {
  const folder = await temporaryFolder('halyard-no-repository-');
  await expect(sidesOf(folder)).rejects.toThrow(/is in no git repository, and a plan compares commits/);
  await rm(folder, { recursive: true });
});

test('a path that neither side has is wrong use', async () => {
  await using repository = await forked();
  const nowhere = join(repository.folder, 'nowhere');
  await expect(sidesOf(nowhere, 'main', 'feature')).rejects.toThrow(
    /neither `main` nor `feature` has a folder/,
  );
  await expect(sidesOf(nowhere, 'main')).rejects.toThrow(/there is no folder/);
});

test('a shallow clone says how to get the history that it lacks', async () => {
  await using repository = await forked();
  const clone = await temporaryFolder('halyard-shallow-');
  const from = `file://${repository.folder}`;
  await repository.git(
    'clone',
    '--quiet',
    '--depth=1',
    '--no-single-branch',
    '--branch=feature',
    from,
    clone,
  );
  await expect(sidesOf(join(clone, 'flags'), 'origin/main')).rejects.toThrow(
    /`origin\/main` and HEAD have no commit in common in this shallow clone\. .*--unshallow.*fetch-depth: 0/,
  );
  await expect(sidesOf(join(clone, 'flags'), 'v1')).rejects.toThrow(
    /no commit `v1` here\. This is a shallow clone/,
  );
  await rm(clone, { recursive: true });
});

test('a clone without files says how to get them', async () => {
  await using repository = await forked();
  await repository.git('config', 'uploadpack.allowFilter', 'true');
  const clone = await temporaryFolder('halyard-partial-');
  const from = `file://${repository.folder}`;
  await repository.git('clone', '--quiet', '--filter=blob:none', '--branch=feature', from, clone);
  await expect(sidesOf(join(clone, 'flags'), 'origin/main')).rejects.toThrow(
    'this is a partial clone, which lacks files of other commits. Fetch them: `git fetch --refetch --no-filter`.',
  );
  await repository.git('-C', clone, 'fetch', '--quiet', '--refetch', '--no-filter');
  expect(await compared(join(clone, 'flags'), 'origin/main')).toEqual([{ checkout: 10 }, { checkout: 25 }]);
  await rm(clone, { recursive: true });
});

test('histories that never met are no two sides', async () => {
  await using repository = await forked();
  await repository.git('checkout', '--quiet', '--orphan', 'other');
  await repository.commit('other');
  await expect(sidesOf(join(repository.folder, 'flags'), 'main')).rejects.toThrow(
    '`main` and HEAD have no commit in common, so there is nothing to compare.',
  );
});

test('a base without definitions is compared as nothing', async () => {
  await using repository = await GitRepository.create();
  await repository.commit('readme', { 'README.md': 'Hello.\n' });
  await repository.git('checkout', '--quiet', '-b', 'feature');
  await repository.commit('flags', sampleFiles());
  const { base, before, after } = await sidesOf(join(repository.folder, 'flags'), 'main');
  expect(base).toEqual({
    revision: 'main',
    note: '`main` has no definitions in `flags`, so everything is new.',
  });
  expect([before, percents(after.definitions)]).toEqual([undefined, { checkout: 10 }]);
});

test('a base with errors is passed over for the state before it that sync still serves', async () => {
  await using repository = await GitRepository.create();
  const good = await repository.commit('10', sampleFiles());
  await repository.commit('a test', { 'flags/checkout.test.yaml': 'test: checkout\n' });
  await repository.commit('broken', { [CHECKOUT]: BROKEN });
  await repository.commit('still broken', { [CHECKOUT]: `${BROKEN}more: true\n` });
  await repository.git('checkout', '--quiet', '-b', 'feature');
  await repository.commit('mended', { [CHECKOUT]: flagYaml('checkout', 25) });
  const { base, before, after } = await sidesOf(join(repository.folder, 'flags'), 'main');
  expect([percents(before), percents(after.definitions)]).toEqual([{ checkout: 10 }, { checkout: 25 }]);
  expect(base.note).toMatch(
    /^`main` has definitions with \d+ errors, which sync rejects\. Compared with [0-9a-f]{10}, the last state before it without errors: that is what is served\.$/,
  );
  // The test of a flag changes no definition, so the state with it is as good.
  expect(await repository.git('diff', '--name-only', good, base.commit ?? '')).toBe(
    'flags/checkout.test.yaml',
  );
});

test('a base that never was without errors does not stand in the way of the change that mends it', async () => {
  await using repository = await GitRepository.create();
  await repository.commit('broken', { 'flags/project.yaml': PROJECT_YAML, [CHECKOUT]: BROKEN });
  await repository.git('checkout', '--quiet', '-b', 'feature');
  await repository.commit('mended', { [CHECKOUT]: flagYaml('checkout', 25) });
  const { base, before, after } = await sidesOf(join(repository.folder, 'flags'), 'main');
  expect(base.note).toMatch(/which sync rejects, so everything is new\.$/);
  expect([before, after.ok]).toEqual([undefined, true]);
});

test('a good state is looked for no further back than is quick', async () => {
  await using repository = await GitRepository.create();
  await repository.commit('10', sampleFiles());
  for (let n = 0; n < 21; n++) await repository.commit(`broken ${n}`, { [CHECKOUT]: `${BROKEN}n: ${n}\n` });
  const { base, before } = await sidesOf(join(repository.folder, 'flags'), 'main');
  expect([before, base.commit]).toEqual([undefined, undefined]);
  expect(base.note).toMatch(
    /so everything is new\. Nor is any of the last 20 states before it without errors\.$/,
  );
});

test('a head with errors has its problems, and a link is one as it is for sync', async () => {
  await using repository = await forked();
  await repository.commit('broken', { [CHECKOUT]: BROKEN });
  await symlink('checkout.yaml', join(repository.folder, 'flags/link.yaml'));
  await repository.commit('link');
  const flags = join(repository.folder, 'flags');
  const codes = async (head?: string) =>
    (await sidesOf(flags, 'main', head)).after.problems.map(({ file, code }) => `${file} ${code}`);
  expect(await codes('feature')).toContain('link.yaml link-refused');
  expect(await codes('feature')).toEqual(await codes());
});

test('files that are the same on both sides are parsed once', async () => {
  await using repository = await forked();
  await repository.commit('other', { 'flags/other.yaml': flagYaml('other') });
  const { before, after } = await sidesOf(join(repository.folder, 'flags'), 'feature');
  expect(before?.all.length).toBe(3);
  const bodies = new Set(before?.all.map(({ body }) => body));
  expect(after.definitions?.all.every(({ body }) => bodies.has(body))).toBe(true);
});

test('definitions may be the whole repository, or lie deep in it, or behind a link to their folder', async () => {
  await using repository = await GitRepository.create();
  const files = (folder: string, percent: number) => ({
    [`${folder}project.yaml`]: PROJECT_YAML,
    [`${folder}checkout.yaml`]: flagYaml('checkout', percent),
  });
  await repository.commit('first', { ...files('', 1), ...files('a/b c/', 2) });
  await repository.commit('second', { ...files('', 3), ...files('a/b c/', 4) });
  await symlink('a/b c', join(repository.folder, 'linked'));
  const at = (path: string) => compared(join(repository.folder, path), 'HEAD~1');
  expect(await at('a/b c')).toEqual([{ checkout: 2 }, { checkout: 4 }]);
  expect(await at('linked')).toEqual([{ checkout: 2 }, { checkout: 4 }]);
  await rm(join(repository.folder, 'linked'));
  await repository.commit('third', { a: null });
  expect(await compared(join(repository.folder, 'a/b c'), 'HEAD~2', 'HEAD~1')).toEqual([
    { checkout: 2 },
    { checkout: 4 },
  ]);
  await repository.edit('checkout.yaml', flagYaml('checkout', 5));
  expect(await compared(repository.folder, 'HEAD')).toEqual([{ checkout: 3 }, { checkout: 5 }]);
});

test('a linked work tree and a bare repository are repositories too', async () => {
  await using repository = await forked();
  const place = await temporaryFolder('halyard-places-');
  await repository.git('worktree', 'add', '--quiet', join(place, 'linked'), 'main');
  await repository.git('clone', '--quiet', '--bare', '.', join(place, 'bare'));
  expect(await compared(join(place, 'linked/flags'), 'feature')).toEqual([
    { checkout: 10 },
    { checkout: 50 },
  ]);
  expect(await compared(join(place, 'bare/flags'), 'main', 'feature')).toEqual([
    { checkout: 10 },
    { checkout: 25 },
  ]);
  await rm(place, { recursive: true });
});

test('reading runs nothing that the repository names, and writes nothing', async () => {
  await using repository = await forked();
  const place = await temporaryFolder('halyard-hostile-');
  const trap = join(place, 'trap.sh');
  await writeFile(trap, `#!/bin/sh\ntouch ${place}/sprung\n`);
  await chmod(trap, 0o755);
  for (const name of ['core.fsmonitor', 'core.sshCommand', 'core.pager', 'diff.external', 'filter.x.smudge'])
    await repository.git('config', name, trap);
  await repository.git('config', 'core.hooksPath', place);
  await repository.git('config', 'alias.rev-parse', `!${trap}`);
  const before = await repository.git('for-each-ref');
  const status = await readdir(join(repository.folder, '.git'));
  expect(await compared(join(repository.folder, 'flags'), 'main')).toEqual([
    { checkout: 10 },
    { checkout: 25 },
  ]);
  expect(await readdir(place)).toEqual(['trap.sh']);
  expect(await repository.git('for-each-ref')).toBe(before);
  expect(await readdir(join(repository.folder, '.git'))).toEqual(status);
  await rm(place, { recursive: true });
});

test.skipIf(process.getuid?.() !== 0)(
  'a repository of another user is read, since it was named',
  async () => {
    await using repository = await forked();
    await chown(join(repository.folder, '.git'), 12_345, 12_345);
    await chown(repository.folder, 12_345, 12_345);
    expect(await compared(join(repository.folder, 'flags'), 'main')).toEqual([
      { checkout: 10 },
      { checkout: 25 },
    ]);
  },
);
