// `halyard new` as a process: what it writes where, and what it refuses.
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Ended, halyard } from '../support/command.ts';

const root = join(import.meta.dirname, '../..');
let folder = '';
const begin = (...args: string[]): Promise<Ended> => halyard(['new', ...args], folder);
const read = (path: string): Promise<string> => readFile(join(folder, path), 'utf8');
const OWNED = ['--owner', 'me', '--description', 'What it does.'];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halyard-new-'));
  // Where the search for schemas ends.
  await mkdir(join(folder, '.git'));
  await mkdir(join(folder, 'flags/shop'), { recursive: true });
  await writeFile(
    join(folder, 'flags/project.yaml'),
    'project: a/b\nenvironments:\n  dev: { salt: "1" }\n  prod: { salt: "2" }\n',
  );
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('from an empty folder to a project in which everything passes', async () => {
  await rm(join(folder, 'flags'), { recursive: true });
  expect(await begin('project', 'acme/shop')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^flags\/project\.yaml is written/),
  });
  for (const args of [
    ['flag', 'new-cart', ...OWNED, '--in', 'shop'],
    ['flag', 'ranking', ...OWNED, '--type', 'string', '--permanent'],
    ['metric', 'purchase', '--event', 'order-completed'],
    ['experiment', 'order', '--flag', 'ranking', '--owner', 'me'],
  ]) {
    expect(await begin(...args)).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.not.stringContaining('filled in'),
    });
  }
  expect(await halyard(['check', '--strict'], folder)).toMatchObject({ code: 0 });
  expect(await halyard(['fmt', '--check'], folder)).toMatchObject({ code: 0 });
  const salts = Array.from(
    (await read('flags/project.yaml')).matchAll(/salt: "([0-9a-f]{6})"/g),
    ([, salt]) => salt,
  );
  expect([salts.length, new Set(salts).size]).toEqual([3, 3]);
});

test('what has to be filled in is listed', async () => {
  const { code, stdout } = await begin('flag', 'new-cart', '--owner', 'me');
  expect(code).toBe(0);
  expect(stdout).toBe(`flags/new-cart.yaml is written.

To be filled in:
flags/new-cart.yaml:1:1  warning  flag-without-description  The flag does not say what it does.
    Add \`description:\` with a sentence.

Next: say who gets what, and see whom it reaches: halyard plan
`);
});

test('a flag expires in 90 days, or when it is said, or never', async () => {
  const day = () => new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10);
  const days = [day()];
  await begin('flag', 'a');
  days.push(day()); // midnight may pass
  const text = await read('flags/a.yaml');
  expect(days.some((each) => text.includes(`expires: ${each} `))).toBe(true);
  await begin('flag', 'b', '--expires', '2031-01-02');
  expect(await read('flags/b.yaml')).toContain('expires: 2031-01-02 ');
  await begin('flag', 'c', '--permanent');
  expect(await read('flags/c.yaml')).toContain('permanent: true\n');
});

test('as JSON', async () => {
  const { stdout } = await begin('segment', 'staff', '--format', 'json');
  expect(JSON.parse(stdout)).toMatchObject({
    file: 'flags/staff.yaml',
    kind: 'segment',
    key: 'staff',
    problems: [{ code: 'segment-not-used' }],
  });
});

test('the editor’s line leads to the schemas where there are some', async () => {
  await begin('flag', 'without', '--permanent');
  expect(await read('flags/without.yaml')).toMatch(/^flag: without\n/);
  await cp(join(root, 'schemas'), join(folder, 'node_modules/halyard/schemas'), { recursive: true });
  await begin('flag', 'with', '--permanent', '--in', 'shop/cart');
  const [line] = (await read('flags/shop/cart/with.yaml')).split('\n');
  expect(line).toBe('# yaml-language-server: $schema=../../../node_modules/halyard/schemas/flag.schema.json');
  await rm(join(folder, 'node_modules'), { recursive: true });
  await mkdir(join(folder, 'schemas'));
  await writeFile(join(folder, 'schemas/flag.schema.json'), '{"title":"of someone else"}');
  await begin('flag', 'foreign', '--permanent');
  expect(await read('flags/foreign.yaml')).toMatch(/^flag: foreign\n/);
});

test('a folder whose definitions would not be read gets none', async () => {
  await symlink(tmpdir(), join(folder, 'flags/link'));
  await mkdir(join(folder, 'flags/shop/module/.git'), { recursive: true });
  for (const [where, what] of [
    ['link', 'a symbolic link'],
    ['shop/module/deeper', 'of a git repository of its own'],
  ] as const) {
    const stderr = expect.stringContaining(`would not be read: it is ${what}\n`);
    expect(await begin('flag', 'lost', '--in', where)).toMatchObject({ code: 2, stderr });
  }
  expect(await begin('flag', 'kept', '--in', 'shop/deep/deeper')).toMatchObject({ code: 0 });
});

test('nothing is overwritten, and nothing defined twice', async () => {
  await begin('flag', 'a', '--in', 'shop');
  expect(await begin('flag', 'a')).toMatchObject({
    code: 1,
    stderr: 'halyard: the flag `a` is there already: flags/shop/a.yaml\n',
  });
  expect(await begin('segment', 'a', '--in', 'shop')).toMatchObject({
    code: 1,
    stderr: 'halyard: there is a file flags/shop/a.yaml already\n',
  });
  expect(await begin('segment', 'a')).toMatchObject({ code: 0 });
  expect(await begin('project', 'a/b')).toMatchObject({ code: 1 });
  expect(await read('flags/shop/a.yaml')).toMatch(/^flag: a\n/);
});

test('other files may have errors meanwhile', async () => {
  await writeFile(join(folder, 'flags/broken.yaml'), 'flag: broken\ntype: colour\n');
  expect(await begin('flag', 'a')).toMatchObject({ code: 0 });
  expect(await begin('flag', 'broken', '--in', 'shop')).toMatchObject({ code: 1 });
});

test.each([
  [['flag', 'onePage'], /Write `one-page`/],
  [['flag', 'a', '--in', '../elsewhere'], /--in names a folder within/],
  [['flag', 'a', '--in', 'shop/.git'], /would not be read: it is of a git repository of its own/],
  [['flag', 'a', '--path', 'nowhere'], /begin with `halyard new project organization\/name --path nowhere`/],
  [['metric', 'a', '--event', ''], /It is empty/],
  [['flag', 'a', '--type', 'colour'], /Allowed choices are boolean/],
  [['flag', 'a', '--expires', '2027-02-30'], /no day of the calendar/],
  [['flag', 'a', '--expires', '2027-02-20', '--permanent'], /cannot be used with/],
  [['experiment', 'x'], /--flag/],
  [['experiment', 'x', '--flag', 'ranking'], /there is no flag `ranking`/],
  [['project', 'shop'], /organization\/name/],
  [['project', 'Acme/shop', '--path', 'new'], /Write `acme`/],
  [['colour', 'a'], /unknown command/],
])('%j is wrong use', async (args, stderr) => {
  expect(await begin(...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(stderr) });
});

test('an experiment needs a metric: the only one, or one that is named', async () => {
  await begin('flag', 'ranking', '--permanent');
  const experiment = (...args: string[]) => begin('experiment', 'x', '--flag', 'ranking', ...args);
  expect(await experiment()).toMatchObject({ code: 2, stderr: expect.stringMatching(/there is no metric/) });
  await begin('metric', 'one');
  await begin('metric', 'two');
  expect(await experiment()).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/There are: `one`, `two`/),
  });
  expect(await experiment('--metric', 'three')).toMatchObject({ code: 2 });
  expect(await experiment('--metric', 'two', '--environment', 'prd')).toMatchObject({ code: 2 });
  expect(await experiment('--metric', 'two', '--environment', 'dev')).toMatchObject({ code: 0 });
  const text = await read('flags/x.yaml');
  expect(text).toContain('environments: [dev]\n');
  expect(text).toContain('primary: two ');
});
