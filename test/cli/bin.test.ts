// What the package installs as `halyard`, on the Node that it needs and on an older one.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { VERSION } from '../../src/lib/version.ts';

const root = join(import.meta.dirname, '../..');
const bin = (...args: string[]) =>
  promisify(execFile)(process.execPath, [...args, join(root, 'src/cli/bin.ts'), '--version']);

test('it is the command', async () => {
  expect((await bin()).stdout).toBe(`${VERSION}\n`);
});

test('an older Node is told which one is needed', async () => {
  const older = "Object.defineProperty(process, 'versions', { value: { node: '20.20.2' } })";
  await expect(bin('--import', `data:text/javascript,${older}`)).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('this is Node 20.20.2, and Halyard needs 24 or newer.'),
  });
});

test('the Node that it needs is that of the package', async () => {
  const { bin, engines } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  expect([bin.halyard, engines.node]).toEqual(['dist/command/halyard.js', '>=24']);
});
