// Work trees that are not as git would make them: pipes, devices, files without end, folders without bottom.
import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadDefinitions } from '../../src/definitions/load.ts';
import { readFolder } from '../../src/io/folder.ts';
import { UsageError } from '../../src/lib/errors.ts';
import { halyard } from '../support/command.ts';
import { GitRepository, temporaryFolder } from '../support/git-repository.ts';
import { flagYaml, PROJECT_YAML } from '../support/sync-project.ts';

let root = '';

beforeEach(async () => {
  root = await temporaryFolder('halyard-hostile-folder-');
  writeFileSync(join(root, 'project.yaml'), PROJECT_YAML);
  writeFileSync(join(root, 'a.yaml'), flagYaml('a'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

async function found(options?: Parameters<typeof readFolder>[1]): Promise<string[]> {
  const entries = await readFolder(root, options);
  return entries
    .map(({ path, kind }) => `${kind} ${path}`)
    .filter((entry) => !/ (project|a)\.yaml$/.test(entry));
}

async function problems(): Promise<string[]> {
  const { problems } = loadDefinitions(await readFolder(root));
  return problems.map(({ code, file }) => `${code} ${file}`);
}

/** Makes folders within folders, deeper than any path can name them at once. */
function makeDeep(levels: number): void {
  let top = join(root, 'd');
  mkdirSync(top);
  writeFileSync(join(top, 'deep.yaml'), flagYaml('deep'));
  for (let level = 1; level < levels; level++) {
    renameSync(top, join(root, 'below'));
    mkdirSync(top);
    renameSync(join(root, 'below'), join(top, 'd'));
    top = join(root, 'd');
  }
}

describe('a folder', () => {
  test('with a pipe that nobody writes to, a socket and a device is read without them', async () => {
    execFileSync('mkfifo', [join(root, 'pipe.yaml')]);
    if (process.getuid?.() === 0) execFileSync('mknod', [join(root, 'device.yaml'), 'c', '1', '5']);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(root, 'socket.yaml'), resolve));
    expect(await found()).toEqual([]);
    expect(await found({ followLinks: true })).toEqual([]);
    await new Promise((resolve) => server.close(resolve));
  });

  test('whose links lead to devices, out of it and to one another names them, and reads none', async () => {
    for (const [name, goal] of Object.entries({
      'zero.yaml': '/dev/zero',
      'shadow.yaml': '/etc/shadow',
      up: '..',
      loop: 'loop',
    }))
      await symlink(goal, join(root, name));
    expect(await found()).toEqual(['link loop', 'link shadow.yaml', 'link up', 'link zero.yaml']);
  });

  test('followed, with links that multiply, ends', async () => {
    for (let level = 0; level < 40; level++) {
      mkdirSync(join(root, `l${level}`));
      for (const name of ['x', 'y']) await symlink(`../l${level + 1}`, join(root, `l${level}`, name));
    }
    mkdirSync(join(root, 'l40'));
    writeFileSync(join(root, 'l40', 'b.yaml'), flagYaml('b'));
    const entries = await readFolder(root, { followLinks: true, maxFolders: 2_000 });
    expect(entries.some(({ kind }) => kind === 'unlisted')).toBe(true);
  });

  test('with a file that grows while it is read has what fits, or calls it too large', async () => {
    const place = join(root, 'growing.yaml');
    await writeFile(place, '#');
    let stopped = false;
    const growing = (async () => {
      while (!stopped) {
        appendFileSync(place, '# more and more\n'.repeat(4_000));
        await new Promise(setImmediate);
      }
    })();
    for (let round = 0; round < 20; round++) {
      const [entry] = (await readFolder(root)).filter(({ path }) => path === 'growing.yaml');
      if (entry?.kind === 'file') expect(entry.content.length).toBeLessThanOrEqual(256 * 1024);
      else expect(entry?.kind).toBe('oversized');
    }
    stopped = true;
    await growing;
  });

  test('with a sparse file of a terabyte names it, and reads nothing of it', async () => {
    await writeFile(join(root, 'huge.yaml'), '');
    await truncate(join(root, 'huge.yaml'), 2 ** 40);
    expect(await problems()).toEqual(['file-too-large huge.yaml']);
  });

  test('that goes deeper than a path can name has a problem', async () => {
    makeDeep(3_000);
    expect(await problems()).toEqual([`folder-not-listed ${Array(65).fill('d').join('/')}`]);
    execFileSync('rm', ['-rf', join(root, 'd')]);
  });

  test('as deep as may be is read', async () => {
    makeDeep(64);
    expect(await problems()).toEqual([]);
  });

  test.runIf(process.getuid?.() !== 0)('with a file that may not be read is wrong use', async () => {
    chmodSync(join(root, 'a.yaml'), 0);
    await expect(readFolder(root)).rejects.toThrow(UsageError);
  });
});

test('names of files move no cursor in what check prints', async () => {
  mkdirSync(join(root, 'a\n\x1b[2J\u202e'));
  writeFileSync(join(root, 'a\n\x1b[2J\u202e', 'b\x07.yml'), 'flag: [');
  for (const format of ['text', 'github']) {
    const { code, stdout } = await halyard(['check', '--path', root, '--format', format]);
    expect(code).toBe(1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f\u202e]/);
    expect(stdout).toContain('wrong-extension');
  }
});

test('plan and check run no program of the repository that they look at', async () => {
  await using repository = await GitRepository.create();
  const marker = join(root, 'a-program-was-run');
  const trap = join(root, 'trap');
  writeFileSync(trap, `#!/bin/sh\ntouch '${marker}'\n`, { mode: 0o755 });
  await repository.commit('one', { 'flags/project.yaml': PROJECT_YAML, 'flags/a.yaml': flagYaml('a') });
  await repository.edit('.gitattributes', '* filter=evil diff=evil\n');
  await repository.edit('flags/a.yaml', flagYaml('a', 20));
  const settings = [
    'core.fsmonitor',
    'core.pager',
    'core.sshCommand',
    'diff.external',
    'diff.evil.textconv',
    'filter.evil.clean',
    'filter.evil.process',
    'uploadpack.packObjectsHook',
  ];
  for (const name of settings) await repository.git('config', name, trap);
  const runs = [['plan', 'HEAD'], ['check'], ['codeowners'], ['list']];
  for (const args of runs) {
    const { code, stderr } = await halyard([...args, '--path', 'flags'], repository.folder);
    expect([args[0], code, stderr]).toEqual([args[0], 0, '']);
  }
  expect(await readFolder(root).then((entries) => entries.map(({ path }) => path))).not.toContain(
    'a-program-was-run',
  );
  expect(() => execFileSync('test', ['-e', marker])).toThrow();
});
