// The sample project: it passes without a warning and shows every feature.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { overdue } from '../../src/definitions/expiry.ts';
import { loadDefinitions } from '../../src/definitions/load.ts';
import { isTestFile } from '../../src/definitions/triage.ts';
import { readFolder } from '../../src/io/folder.ts';

const root = join(import.meta.dirname, '../../flags');
const entries = await readFolder(root);
const loaded = loadDefinitions(entries);

test('it has no problem, for years', () => {
  expect(loaded.problems).toEqual([]);
  expect(overdue(loaded, '2030-01-01')).toEqual([]);
});

test('every file begins with the schema that its editor needs', () => {
  for (const entry of entries) {
    const kind = isTestFile(entry.path) ? 'test' : loaded.files.get(entry.path)?.definition?.kind;
    const up = '../'.repeat(entry.path.split('/').length);
    const text = entry.kind === 'file' ? new TextDecoder().decode(entry.content) : '';
    expect(text.split('\n')[0]).toBe(`# yaml-language-server: $schema=${up}schemas/${kind}.schema.json`);
  }
});

test('it shows every kind, every type and every way to decide', () => {
  const all = loaded.definitions?.all ?? [];
  const bodies = JSON.stringify(all.map(({ body }) => body));
  expect(new Set(all.map(({ kind }) => kind)).size).toBe(5);
  expect(new Set(all.flatMap(({ kind, body }) => (kind === 'flag' ? [body.type] : []))).size).toBe(4);
  for (const feature of [
    'targets',
    'requires',
    'percent',
    'rollout',
    'experiment',
    'segment',
    'and',
    'or',
    'not',
    'include',
    'exclude',
    'unit',
    'expires',
    'permanent',
    'enabled',
    'metrics',
  ]) {
    expect(bodies).toContain(`"${feature}"`);
  }
});

test('the quick start finds the US ramp at 10 percent in prod', () => {
  const flag = loaded.definitions?.all.find(({ key }) => key === 'one-page-checkout');
  expect(flag?.body).toMatchObject({
    environments: {
      prod: {
        rules: expect.arrayContaining([
          expect.objectContaining({ name: 'US ramp', then: { serve: 'on', percent: 10 } }),
        ]),
      },
    },
  });
});
