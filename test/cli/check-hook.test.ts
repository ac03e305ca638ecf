// The hook of docs/check.md in a real repository: what is about to be committed is checked, whatever lies in the folder.
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GitRepository } from '../support/git-repository.ts';
import { MAIN } from '../support/main-file.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
let repository: GitRepository;

beforeEach(async () => {
  repository = await GitRepository.create();
  const [, hook = ''] = /```sh\n(.*?)```/s.exec(await readFile(join(root, 'docs/check.md'), 'utf8')) ?? [];
  await program(join(repository.folder, '.git/hooks/pre-commit'), hook);
  // Where npm puts the program of a package, which is on nobody's PATH.
  await program(
    join(repository.folder, 'node_modules/.bin/halyard'),
    `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`,
  );
  await writeFile(join(repository.folder, '.git/info/exclude'), 'node_modules/\n');
  await cp(join(root, 'flags'), join(repository.folder, 'flags'), { recursive: true });
  await repository.commit('The sample project');
  await repository.git('config', 'user.name', 'Ada Author');
  await repository.git('config', 'user.email', 'ada@example.com');
});

afterEach(() => repository[Symbol.asyncDispose]());

async function program(path: string, text: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
  await chmod(path, 0o755);
}

/** `git commit` as a person runs it: with hooks. Resolves to what the hook says. */
async function commit(...args: string[]): Promise<{ committed: boolean; said: string }> {
  const before = await repository.head();
  const said = await run('git', ['commit', '-m', 'An edit', ...args], {
    cwd: repository.folder,
  }).then(
    ({ stdout, stderr }) => stdout + stderr,
    ({ stdout, stderr }) => stdout + stderr,
  );
  return { committed: (await repository.head()) !== before, said };
}

const FLAG = 'flags/checkout/new-cart.yaml';
const edited = async (change: (text: string) => string) =>
  repository.edit(FLAG, change(await readFile(join(repository.folder, FLAG), 'utf8')));
const broken = (text: string) => text.replace('serve: on', 'serve: onn');

test('a broken flag is not committed, and the hook says where it is broken', async () => {
  await edited(broken);
  await repository.git('add', '-A');
  const { committed, said } = await commit();
  expect(committed).toBe(false);
  expect(said).toMatch(/^flags\/checkout\/new-cart\.yaml:\d+:\d+ {2}error {2}unknown-variation/m);
});

test('what is staged counts, not what lies in the folder', async () => {
  await edited((text) => `# A comment.\n${text}`);
  await repository.git('add', '-A');
  await edited(broken);
  expect(await commit()).toMatchObject({ committed: true });
  await repository.git('add', '-A');
  await edited((text) => text.replace('serve: onn', 'serve: on'));
  expect(await commit()).toMatchObject({ committed: false });
  expect(await commit('-a')).toMatchObject({ committed: false });
});

test('removing what others refer to is found out; other files are not the hook’s business', async () => {
  await repository.edit('README.md', '# Shop\n');
  await repository.git('add', '-A');
  expect(await commit()).toMatchObject({ committed: true });
  await repository.edit('flags/segments/staff.yaml', null);
  await repository.git('add', '-A');
  const { committed, said } = await commit();
  expect(committed).toBe(false);
  expect(said).toContain('unknown-segment');
});
