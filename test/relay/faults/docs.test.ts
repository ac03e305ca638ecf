// docs/faults.md lists what is played, and nothing else.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FAULT_CODES } from '../../../src/relay/source.ts';
import { faultTables, groups } from './groups.ts';

const PAGE = join(import.meta.dirname, '../../../docs/faults.md');
const [BEGIN, END] = ['<!-- faults -->\n', '\n<!-- /faults -->'];

test('docs/faults.md has the tables of all faults that are played', async () => {
  const page = await readFile(PAGE, 'utf8');
  const [before = '', rest = ''] = page.split(BEGIN);
  const [, after = ''] = rest.split(END);
  const made = `${before}${BEGIN}\n${faultTables()}\n${END}${after}`;
  if (process.env.HALYARD_REWRITE_GOLDEN) await writeFile(PAGE, made);
  // To rewrite it: HALYARD_REWRITE_GOLDEN=1 npx vitest run test/relay/faults/docs.test.ts
  else expect(page).toBe(made);
});

test('every file of the matrix is in the table, and every row has a name of its own', async () => {
  const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith('.pg.test.ts'));
  expect(groups.map(({ file }) => file).sort()).toEqual(files.sort());
  for (const { rows } of groups) expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
});

test('docs/faults.md says what each code means, and names no other', async () => {
  const [, rows = ''] = (await readFile(PAGE, 'utf8')).split('| code | what it means |\n');
  const [table = ''] = rows.split('\n\n');
  const named = table.split('\n').flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([a-z-]+)`/g)]);
  expect(named.map(([, code]) => code).sort()).toEqual([...FAULT_CODES].sort());
});
