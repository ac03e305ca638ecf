// `halyard check` as a process: what it prints and how it exits.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAIN } from '../support/main-file.ts';

const root = join(import.meta.dirname, '../..');
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halyard-check-'));
  await writeFile(join(folder, 'project.yaml'), 'project: a/b\nenvironments:\n  prod: { salt: "1" }\n');
  await writeFile(
    join(folder, 'f.yaml'),
    'flag: f\ndescription: d\npermanent: true\ntype: boolean\nenvironments:\n  prod: { serve: onn }\n',
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function check(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return checkIn(root, ...args);
}

function checkIn(cwd: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, 'check', ...args], { cwd }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

test('the sample project has no problem, also when warnings count', async () => {
  const { code, stdout } = await check('--strict');
  expect(stdout).toMatch(/^\d+ definitions, no problems\.\n$/);
  expect(code).toBe(0);
});

test('problems are printed with file, line, column, code and hint, and exit with 1', async () => {
  const { code, stdout } = await check('--path', folder);
  expect(stdout).toBe(
    `${folder}/f.yaml:1:1  warning  flag-without-owner  Nobody answers for the flag.
    Add \`owner:\` with a team or a person.
${folder}/f.yaml:6:18  error  unknown-variation  The flag has no variation \`onn\`.
    Did you mean \`on\`?
1 error, 1 warning in 2 definitions.
`,
  );
  expect(code).toBe(1);
});

test('as JSON', async () => {
  const { code, stdout } = await check('--path', folder, '--format', 'json');
  expect(JSON.parse(stdout)).toEqual({
    ok: false,
    path: folder,
    definitions: 2,
    problems: [
      {
        file: 'f.yaml',
        line: 1,
        column: 1,
        code: 'flag-without-owner',
        severity: 'warning',
        message: expect.any(String),
        hint: expect.any(String),
      },
      {
        file: 'f.yaml',
        line: 6,
        column: 18,
        code: 'unknown-variation',
        severity: 'error',
        message: 'The flag has no variation `onn`.',
        hint: 'Did you mean `on`?',
      },
    ],
  });
  expect(code).toBe(1);
});

test('for GitHub and as SARIF, files are named from the root of the repository, wherever the command runs', async () => {
  const repository = await mkdtemp(join(tmpdir(), 'halyard-check-'));
  await mkdir(join(repository, '.git'));
  await cp(folder, join(repository, 'services/shop/flags'), { recursive: true });
  const github = await checkIn(join(repository, 'services'), '--path', 'shop/flags', '--format', 'github');
  expect(github.stdout).toMatch(/^::error file=services\/shop\/flags\/f\.yaml,line=6,/);
  const sarif = await checkIn(join(repository, 'services/shop/flags'), '--path', '.', '--format', 'sarif');
  expect(sarif.stdout).toMatch(/"uri": "services\/shop\/flags\/f\.yaml"/);
  expect([github.code, sarif.code]).toEqual([1, 1]);
  await rm(repository, { recursive: true });
});

test('every format exits with 1 for warnings where they fail', async () => {
  await writeFile(
    join(folder, 'w.yaml'),
    'flag: w\ndescription: d\npermanent: true\ntype: boolean\nenvironments: {}\n',
  );
  await rm(join(folder, 'f.yaml'));
  for (const format of ['text', 'json', 'github', 'sarif']) {
    expect((await check('--path', folder, '--format', format)).code).toBe(0);
    expect((await check('--path', folder, '--format', format, '--strict')).code).toBe(1);
  }
  await rm(join(folder, 'w.yaml'));
});

test('a file that is no whole definition counts as one', async () => {
  const broken = join(folder, 'broken.yaml');
  await writeFile(broken, 'flag: broken\n');
  expect((await check('--path', folder)).stdout).toMatch(/ in 2 definitions\.\n$/);
  await rm(broken);
});

test('a code is explained with an example; an unknown one is wrong use', async () => {
  const { code, stdout } = await check('--explain', 'unknown-variation');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^unknown-variation \(error\)\n\n.*\n {4}- {4}serve: onn\n {4}\+ {4}serve: on\n$/s);
  const unknown = await check('--explain', 'unknown-variatoin');
  expect([unknown.code, unknown.stdout]).toEqual([2, '']);
  expect(unknown.stderr).toMatch(/Did you mean `unknown-variation`\?/);
});

test('a reader that has seen enough ends it without a word', async () => {
  const files = Array.from({ length: 1_500 }, (_, i) =>
    writeFile(join(folder, `bad-${i}.yaml`), 'flag: [\n'),
  );
  await Promise.all(files);
  const script = `"${process.execPath}" "${MAIN}" check --no-cache --format json --path "${folder}" | head -c 1`;
  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', script], { cwd: root });
  expect([stdout, stderr]).toEqual(['{', '']);
  await Promise.all(files.map((_, i) => rm(join(folder, `bad-${i}.yaml`))));
});

test('warnings alone fail only where that is asked for', async () => {
  await writeFile(
    join(folder, 'f.yaml'),
    'flag: f\ndescription: d\npermanent: true\ntype: boolean\nenvironments: {}\n',
  );
  expect((await check('--path', folder)).code).toBe(0);
  expect((await check('--path', folder, '--strict')).code).toBe(1);
});

test('a folder that is not there is wrong use', async () => {
  const { code, stdout, stderr } = await check('--path', join(folder, 'nowhere'));
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/there is no folder/);
});
