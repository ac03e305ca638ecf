// `halyard check` as a process: what it prints and how it exits.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

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
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(root, 'src/cli/main.ts'), 'check', ...args],
      { cwd: root },
      (error, stdout, stderr) => {
        resolve({ code: Number(error?.code ?? 0), stdout, stderr });
      },
    );
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
