// The list of checks and of the tests that turn red without them is true: what it names is there. `node test/checks/prove.ts` shows the rest.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { PAIRS } from './checks/pairs.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFile(join(root, path), 'utf8');

test.each(PAIRS)('“$check” stands in $file, once', async ({ file, edits }) => {
  const text = await read(file);
  expect(edits.map(([from]) => [from, text.split(from).length - 1])).toEqual(
    edits.map(([from]) => [from, 1]),
  );
});

test.each(PAIRS)('“$check” has the tests that are named', async ({ tests }) => {
  for (const [file, ...titles] of tests) {
    const text = await withTables(file);
    expect(titles.filter((title) => !text.includes(title))).toEqual([]);
    expect(titles).not.toEqual([]);
  }
});

test('no check is listed twice', () => {
  const names = PAIRS.map(({ check }) => check);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

/** A test file with what it imports from beside it: titles may stand in a table there. */
async function withTables(file: string): Promise<string> {
  const text = await read(file);
  const tables = Array.from(text.matchAll(/from '\.\/([\w-]+\.ts)'/g), ([, name = '']) =>
    join(dirname(file), name),
  );
  return [text, ...(await Promise.all(tables.map(read)))].join('\n');
}
