// What docs/testing.md shows is so: its tests pass on the sample project, and its output is what the command prints.
import { execFile } from 'node:child_process';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadDefinitions } from '../../src/definitions/load.ts';
import { caseLimits } from '../../src/flag-tests/limits.ts';
import { loadTests } from '../../src/flag-tests/load.ts';
import { runCases } from '../../src/flag-tests/run.ts';
import { readFolder } from '../../src/io/folder.ts';
import { temporaryFolder } from '../support/git-repository.ts';
import { failuresOf } from './support.ts';

const root = join(import.meta.dirname, '../..');
const page = await readFile(join(root, 'docs/testing.md'), 'utf8');

let folder = '';
beforeAll(async () => {
  folder = await temporaryFolder('halyard-testing-');
  await cp(join(root, 'flags'), join(folder, 'flags'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What `halyard test` prints after a text of the sample project was changed, with another time. */
async function printed(file: string, from: string | RegExp, to: string, ...args: string[]): Promise<string> {
  const path = join(folder, 'flags', file);
  const before = await readFile(path, 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  await writeFile(path, after);
  const main = join(root, 'src/cli/main.ts');
  const stdout = await new Promise<string>((resolve) => {
    execFile(process.execPath, [main, 'test', ...args], { cwd: folder }, (_, text) => resolve(text));
  });
  await writeFile(path, before);
  return stdout.replace(/\d+\.\d\d s/, '0.20 s');
}

test('the tests that it shows have no problem and pass on the sample project', async () => {
  const loaded = loadDefinitions(await readFolder(join(root, 'flags')));
  if (!loaded.ok) throw new Error('the sample project has problems');
  const shown = Array.from(page.matchAll(/```yaml\n(.*?)```/gs), ([, text = ''], index) => ({
    path: `${index}.test.yaml`,
    kind: 'file' as const,
    content: new TextEncoder().encode(text),
  }));
  expect(shown).toHaveLength(4);
  const { cases, problems } = loadTests(shown, loaded.definitions);
  expect(problems).toEqual([]);
  expect(failuresOf([...runCases(cases, loaded.definitions, { clock: () => 0 })])).toEqual([]);
});

test('the failure that it shows is what a raised ramp prints', async () => {
  const [, output = ''] = /```console\n\$ halyard test\n(.*?)```/s.exec(page) ?? [];
  expect(await printed('checkout/one-page-checkout.yaml', 'percent: 10 ', 'percent: 25 ')).toBe(output);
});

test('the coverage that it shows is what a case less prints', async () => {
  const shown = page.split('\n').filter((line) => /^ {4}(flags\/.*no case|Coverage )/.test(line));
  const without = /\n {2}- name: customers outside the layout test.*?\n(?= {2}- name)/s;
  const alsoOut = (text: string) => text.split('\n').filter((line) => /no case|^Coverage/.test(line));
  const output = await printed('checkout/one-page-checkout.test.yaml', without, '\n', '--coverage');
  expect(alsoOut(output)).toEqual(shown.map((line) => line.trim()));
});

test('the limits that it names are those that hold', () => {
  expect(page).toContain(`${caseLimits.ofFile.cases.toLocaleString('en')} cases`);
  expect(page).toContain(`together to ${caseLimits.ofFolder.cases.toLocaleString('en')}`);
});
