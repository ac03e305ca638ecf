// `halyard fmt` as a process: which files it rewrites, and what it leaves alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { requireWritten, writeAll } from '../../src/cli/fmt/write.ts';
import { type Ended, halyard } from '../support/command.ts';
import { MAIN } from '../support/main-file.ts';
import { until } from '../support/until.ts';

let folder = '';
const fmt = (...args: string[]): Promise<Ended> => halyard(['fmt', ...args], folder);
const write = (path: string, text: string): Promise<void> => writeFile(join(folder, path), text);
const read = (path: string): Promise<string> => readFile(join(folder, path), 'utf8');

const UNTIDY = "# Why.\ntype:  boolean\nflag: 'a'\npermanent: true\n";
const TIDY = 'flag: "a"\npermanent: true\n# Why.\ntype: boolean\n';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halyard-fmt-'));
  await mkdir(join(folder, 'flags/shop'), { recursive: true });
  await write('flags/project.yaml', 'project: a/b\nenvironments:\n  prod: { salt: "1" }\n');
  await write('flags/shop/a.yaml', UNTIDY);
  await write('flags/shop/a.test.yaml', 'environment: prod\ntest: a\ncases: []\n');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('all files of the folder are rewritten, tests too, and a second time none', async () => {
  expect(await fmt()).toEqual({
    code: 0,
    stdout: 'flags/shop/a.test.yaml\nflags/shop/a.yaml\n2 of 3 files formatted.\n',
    stderr: '',
  });
  expect(await read('flags/shop/a.yaml')).toBe(TIDY);
  expect(await read('flags/shop/a.test.yaml')).toBe('test: a\nenvironment: prod\ncases: []\n');
  expect(await fmt()).toMatchObject({ code: 0, stdout: '0 of 3 files formatted.\n' });
  expect(await readdir(join(folder, 'flags/shop'))).toEqual(['a.test.yaml', 'a.yaml']);
});

test('--check lists files that are not formatted, writes nothing and exits with 1', async () => {
  expect(await fmt('--check')).toMatchObject({
    code: 1,
    stdout:
      'flags/shop/a.test.yaml\nflags/shop/a.yaml\n2 of 3 files not formatted. Run it without --check to format them.\n',
  });
  expect(await read('flags/shop/a.yaml')).toBe(UNTIDY);
  await fmt();
  expect(await fmt('--check')).toMatchObject({ code: 0 });
});

test('files and folders can be named, more than once, and are named as they were in what is printed', async () => {
  const { code, stdout } = await fmt('flags/shop/a.yaml', join(folder, 'flags/shop'));
  expect([code, stdout]).toEqual([
    0,
    `flags/shop/a.yaml\n${folder}/flags/shop/a.test.yaml\n2 of 2 files formatted.\n`,
  ]);
});

test('--path names another folder', async () => {
  expect(await fmt('--path', 'flags/shop', '--check')).toMatchObject({ code: 1 });
  expect(await fmt('--path', 'nowhere')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('nowhere'),
  });
});

test('a file that is not well-formed is left alone and reported, the others are formatted', async () => {
  await write('flags/bad.yaml', 'flag: bad\ntags: [a\n');
  const { code, stdout } = await fmt();
  expect(code).toBe(1);
  expect(stdout).toMatch(/^flags\/bad\.yaml:3:1 {2}error {2}invalid-yaml {2}This is not valid YAML\./);
  expect(stdout).toMatch(/\n2 of 4 files formatted, 1 problem\.\n$/);
  expect(await read('flags/bad.yaml')).toBe('flag: bad\ntags: [a\n');
  expect(await read('flags/shop/a.yaml')).toBe(TIDY);
});

test('as JSON', async () => {
  const { code, stdout } = await fmt('--format', 'json', '--check');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual({
    ok: false,
    files: 3,
    unformatted: ['flags/shop/a.test.yaml', 'flags/shop/a.yaml'],
    problems: [],
  });
});

test('a symbolic link is refused, and what it leads to is not touched', async () => {
  await write('elsewhere.yaml', UNTIDY);
  await symlink(join(folder, 'elsewhere.yaml'), join(folder, 'flags/link.yaml'));
  for (const args of [[], ['flags/link.yaml']]) {
    const { code, stdout } = await fmt(...args);
    expect([code, stdout]).toEqual([1, expect.stringContaining('flags/link.yaml:1:1  error  link-refused')]);
  }
  expect(await read('elsewhere.yaml')).toBe(UNTIDY);
});

test('what cannot be written does not keep the others from it', async () => {
  await write('flags/b.yaml', UNTIDY);
  const files = ['flags/b.yaml', 'flags/shop/a.yaml', 'flags/gone.yaml'].map((path) => ({
    path: join(folder, path),
    content: Buffer.from(path === 'flags/b.yaml' ? 'what it was before' : UNTIDY),
    text: TIDY,
  }));
  const written = await writeAll(files);
  expect(written.paths).toEqual([join(folder, 'flags/shop/a.yaml')]);
  expect([await read('flags/b.yaml'), await read('flags/shop/a.yaml')]).toEqual([UNTIDY, TIDY]);
  expect(() => requireWritten(written)).toThrow(/b\.yaml" was changed by someone else .* \(and 1 more\)$/);
});

test('who ends it in the midst finds every file whole, and no other', async () => {
  const names = Array.from({ length: 300 }, (_, n) => `flags/f${n}.yaml`);
  await Promise.all(names.map((name) => write(name, UNTIDY)));
  const child = spawn(process.execPath, [MAIN, 'fmt'], { cwd: folder, stdio: 'ignore' });
  const ended = once(child, 'exit');
  await until(async () => (await Promise.all(names.map(read))).includes(TIDY), 60_000);
  child.kill('SIGINT');
  await ended;
  for (const name of names) expect([TIDY, UNTIDY]).toContain(await read(name));
  expect((await readdir(join(folder, 'flags'))).filter((name) => !name.endsWith('.yaml'))).toEqual(['shop']);
});

test('what is named must be a definition', async () => {
  await write('README.md', '# Ours\n');
  for (const path of ['README.md', '/dev/null']) {
    const stderr = `halyard: "${path}" is no file of a definition: expected one whose name ends in .yaml\n`;
    expect(await fmt(path)).toMatchObject({ code: 2, stderr });
  }
  await write('flags/big.yaml', `# ${'x'.repeat(300_000)}\nflag: big\n`);
  expect(await fmt('flags/big.yaml')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('file-too-large'),
  });
});

test('permissions stay', async () => {
  await chmod(join(folder, 'flags/shop/a.yaml'), 0o640);
  await fmt();
  expect((await stat(join(folder, 'flags/shop/a.yaml'))).mode & 0o777).toBe(0o640);
});

test('- formats standard input to standard output, for editors', async () => {
  expect(await halyard(['fmt', '-'], folder, UNTIDY)).toEqual({ code: 0, stdout: TIDY, stderr: '' });
  expect(await halyard(['fmt', '-', '--check'], folder, UNTIDY)).toMatchObject({ code: 1, stdout: '' });
  expect(await halyard(['fmt', '-', '--check'], folder, TIDY)).toMatchObject({ code: 0, stdout: '' });
  const { code, stdout, stderr } = await halyard(['fmt', '-'], folder, 'flag: [\n');
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^-:2:1 {2}error {2}invalid-yaml/);
  expect(await fmt('-', 'flags')).toMatchObject({ code: 2 });
});
