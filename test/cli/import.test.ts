// `halyard import` as a process: what it writes, what it reports, how it exits.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAIN } from '../support/main-file.ts';

const root = join(import.meta.dirname, '../..');
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halyard-import-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function halyard(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

const fixture = (name: string) => join(root, 'test/import/fixtures', name);

async function flagd(name: string, flags: object): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify({ flags }));
  return path;
}

const BANNER = {
  state: 'ENABLED',
  variants: { on: true, off: false },
  defaultVariant: 'off',
  targeting: { if: [{ '===': [{ var: 'plan' }, 'pro'] }, 'on'] },
};

test('a new folder gets a project and a file for each definition, with their origin, and `check` accepts them', async () => {
  const file = await flagd('one.json', { banner: BANNER });
  const { code, stdout } = await halyard('import', 'flagd', file, '--out', 'new', '--project', 'acme/shop');
  expect(stdout).toBe(`From flagd to new: 1 flag.

Carried over, but not the same for everyone:
  context
    A condition holds for a list when it does for one of its elements, null is a missing attribute, and a unit is a text, a whole number or a boolean. flagd compares a list as a whole but for \`in\`, its \`missing\` finds null, and its splits are by texts, which \`cat\` makes of anything.

Next: \`halyard check --path new\`; give each flag an owner, and \`expires\` instead of \`permanent: true\`
to those that are to go one day.
`);
  expect(code).toBe(0);
  expect(await readFile(join(folder, 'new/banner.yaml'), 'utf8')).toBe(`# Imported from flagd: flags.banner
flag: banner
permanent: true
type: boolean
variations: { on: true, off: false }
environments:
  prod:
    rules:
      - if: { attribute: plan, operator: eq, value: pro }
        then: { serve: on }
    serve: off
`);
  expect(await readFile(join(folder, 'new/project.yaml'), 'utf8')).toMatch(
    /^project: acme\/shop\nenvironments:\n {2}prod: \{ salt: "[0-9a-f]{6}" \}\nattributes:\n {2}plan: \{ type: string \}\n$/,
  );
  expect((await halyard('check', '--path', 'new')).code).toBe(0);
});

test('where schemas are found, an editor is pointed at them', async () => {
  const place = join(folder, 'with-schemas');
  await cp(join(root, 'schemas'), join(place, 'schemas'), { recursive: true });
  const file = await flagd('edited.json', { banner: BANNER });
  await halyard('import', 'flagd', file, '--out', 'with-schemas/config/flags', '--project', 'acme/shop');
  const line = (name: string) => `# yaml-language-server: $schema=../../schemas/${name}.schema.json\n`;
  const read = (name: string) => readFile(join(place, 'config/flags', name), 'utf8');
  expect(await read('banner.yaml')).toContain(`${line('flag')}# Imported from flagd`);
  expect(await read('project.yaml')).toContain(`${line('project')}project: acme/shop`);
});

test('what is left out is listed with the reason, and exits with 1', async () => {
  const { code, stdout } = await halyard(
    'import',
    'flagd',
    fixture('flagd.json'),
    '--out',
    'left',
    '--project',
    'a/b',
    '--dry-run',
  );
  expect(stdout).toContain('From flagd to left: 14 flags, 1 segment (dry run).');
  expect(stdout).toContain('  flags.computed\n    It computes a value with `%`, which conditions cannot.\n');
  expect(code).toBe(1);
  expect(existsSync(join(folder, 'left'))).toBe(false);
});

test('a machine reads the whole report as JSON', async () => {
  const { stdout } = await halyard(
    'import',
    'flagd',
    fixture('flagd.json'),
    '--out',
    'json',
    '--project',
    'a/b',
    '--format',
    'json',
  );
  const printed = JSON.parse(stdout);
  expect(printed).toMatchObject({
    system: 'flagd',
    out: 'json',
    dryRun: false,
    environments: ['prod'],
    conflicts: [],
    problems: [],
    undeclared: [],
  });
  expect(printed.definitions).toHaveLength(15);
  expect(printed.written).toHaveLength(16);
  expect(printed.report).toContainEqual({
    what: 'flags.welcome',
    kind: 'kept',
    reason: 'It is the flag `welcome`.',
  });
});

test('no file is overwritten, and nothing is written beside a conflict', async () => {
  const file = await flagd('two.json', { banner: { ...BANNER, targeting: {} }, other: BANNER });
  await mkdir(join(folder, 'there'));
  await writeFile(
    join(folder, 'there/project.yaml'),
    'project: a/b\nenvironments:\n  dev: { salt: "1" }\n  prod: { salt: "2" }\n',
  );
  await writeFile(
    join(folder, 'there/banner.yaml'),
    'flag: banner\npermanent: true\ntype: boolean\nenvironments: {}\n',
  );
  const refused = await halyard('import', 'flagd', file, '--out', 'there');
  expect(refused.stderr).toContain('it names no environments: --environment says which its flags are for');
  expect(refused.code).toBe(2);
  const { code, stdout } = await halyard('import', 'flagd', file, '--out', 'there', '--environment', 'dev');
  expect(stdout).toContain(
    'There already, and not overwritten:\n  there/banner.yaml\n\nNothing is written.\n',
  );
  expect(code).toBe(1);
  expect(existsSync(join(folder, 'there/other.yaml'))).toBe(false);
  const alone = await flagd('three.json', { other: BANNER });
  expect(
    (
      await halyard(
        'import',
        'flagd',
        alone,
        '--out',
        'there',
        '--environment',
        'dev',
        '--environment',
        'prod',
      )
    ).code,
  ).toBe(0);
  expect(await readFile(join(folder, 'there/other.yaml'), 'utf8')).toContain('  dev:\n');
});

test('attributes that the project does not declare are named, to be declared first', async () => {
  const file = await flagd('four.json', { banner: BANNER });
  await mkdir(join(folder, 'declared'));
  const project =
    'project: a/b\nenvironments:\n  prod: { salt: "2" }\nattributes:\n  country: { type: string }\n';
  await writeFile(join(folder, 'declared/project.yaml'), project);
  const { code, stdout } = await halyard('import', 'flagd', file, '--out', 'declared');
  expect(stdout).toContain(
    'Declare in declared/project.yaml, under `attributes`:\n  plan: { type: string }\n',
  );
  expect(code).toBe(1);
});

test.each(['unleash.json', 'growthbook.json', 'goff.yaml', 'featurevisor.json'])(
  '%s is imported',
  async (name) => {
    const [system = ''] = name.split('.');
    const { stdout } = await halyard(
      'import',
      system,
      fixture(name),
      '--out',
      system,
      '--project',
      'acme/shop',
    );
    expect(stdout).toMatch(new RegExp(`^From ${system} to ${system}: \\d+ flags`));
    expect(existsSync(join(folder, system, 'project.yaml'))).toBe(true);
  },
);

test('the folder of a Featurevisor project is imported, and a folder is wrong use for others', async () => {
  await mkdir(join(folder, 'project/features'), { recursive: true });
  const rules = 'rules:\n  production:\n    - { key: all, segments: "*", percentage: 100 }\n';
  await writeFile(join(folder, 'project/features/banner.yml'), `bucketBy: userId\n${rules}`);
  const { stdout } = await halyard(
    'import',
    'featurevisor',
    'project',
    '--out',
    'from-folder',
    '--project',
    'a/b',
  );
  expect(stdout).toContain('From featurevisor to from-folder: 1 flag.');
  expect(await readFile(join(folder, 'from-folder/banner.yaml'), 'utf8')).toContain(
    '  production:\n    serve: on\n',
  );
  const wrong = await halyard('import', 'flagd', 'project', '--out', 'x', '--project', 'a/b');
  expect(wrong.stderr).toContain('project is a folder: flagd is imported from a file');
});

test('a file of another system is told, and a file of nothing writes nothing', async () => {
  const systems = ['flagd.json', 'unleash.json', 'growthbook.json', 'featurevisor.json', 'goff.yaml'];
  for (const [index, name] of systems.entries()) {
    const other = systems[(index + 1) % systems.length]?.split('.')[0] ?? '';
    const wrong = await halyard('import', other, fixture(name), '--out', 'other', '--project', 'a/b');
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringContaining(`\`halyard import ${name.split('.')[0]}\` reads it`),
    ]);
  }
  const nothing = await halyard(
    'import',
    'flagd',
    await flagd('nothing.json', {}),
    '--out',
    'other',
    '--project',
    'a/b',
  );
  expect([nothing.code, nothing.stdout]).toEqual([0, 'From flagd to other: 0 flags (not written).\n']);
  expect(existsSync(join(folder, 'other'))).toBe(false);
});

test('wrong use says what is wrong, and where', async () => {
  await writeFile(join(folder, 'broken.json'), '{\n  "flags": {,}\n}');
  const broken = await halyard('import', 'flagd', 'broken.json', '--out', 'x', '--project', 'a/b');
  expect(broken.stderr).toContain('broken.json: line 2, column 13: ');
  expect(broken.code).toBe(2);
  expect((await halyard('import', 'flagd', 'nowhere.json', '--project', 'a/b')).stderr).toContain(
    'cannot be read (ENOENT)',
  );
  expect((await halyard('import', 'flagd', 'broken.json', '--out', 'x')).stderr).toContain(
    '--project says whose it is',
  );
  const misnamed = await halyard('import', 'flagd', fixture('flagd.json'), '--out', 'x', '--project', 'nope');
  expect([misnamed.code, misnamed.stderr]).toEqual([2, expect.stringContaining('--project nope: ')]);
  expect((await halyard('import', 'launchdarkly', 'broken.json')).stderr).toContain('Allowed choices are');
});
