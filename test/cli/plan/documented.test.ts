// docs/reviewing.md against the tables that it repeats.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_BASES } from '../../../src/cli/plan/revisions.ts';
import { warningCodes } from '../../../src/plan/warning-codes.ts';

const page = await readFile(join(import.meta.dirname, '../../../docs/reviewing.md'), 'utf8');

test('it lists every warning, as the table of codes has it', () => {
  const rows = Array.from(page.matchAll(/^\| `([a-z-]+)` \| (.*) \|$/gm), ([, code, summary]) => [
    code,
    summary,
  ]);
  const codes = new Set<unknown>(Object.keys(warningCodes));
  expect(rows.filter(([code]) => codes.has(code))).toEqual(Object.entries(warningCodes));
});

test('it names the bases that are tried, in their order', () => {
  const [before, last] = [DEFAULT_BASES.slice(0, -1), DEFAULT_BASES.at(-1)];
  expect(page).toContain(`${before.map((name) => `\`${name}\``).join(', ')} and \`${last}\``);
});
