// What docs/testing.md shows is so: its tests pass on the sample project, and its limits are those that hold.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadDefinitions } from '../../src/definitions/load.ts';
import { caseLimits } from '../../src/flag-tests/limits.ts';
import { loadTests } from '../../src/flag-tests/load.ts';
import { runCases } from '../../src/flag-tests/run.ts';
import { readFolder } from '../../src/io/folder.ts';
import { failuresOf } from './support.ts';

const root = join(import.meta.dirname, '../..');
const page = await readFile(join(root, 'docs/testing.md'), 'utf8');

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

test('the limits that it names are those that hold', () => {
  expect(page).toContain(`${caseLimits.ofFile.cases.toLocaleString('en')} cases`);
  expect(page).toContain(`together to ${caseLimits.ofFolder.cases.toLocaleString('en')}`);
});
