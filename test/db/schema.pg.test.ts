// The schema that the migrations make, compared with goldens. `npm run test:golden` rewrites them after a new migration.
import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { guardFault, readGuards } from '../../src/db/guards.ts';
import { Pool } from '../../src/db/pool.ts';
import { createDatabase } from '../support/database.ts';
import { describeSchema } from '../support/describe-schema.ts';

const REWRITE = process.env.HALYARD_REWRITE_GOLDEN === '1';
const SCHEMA = new URL('./schema.golden.txt', import.meta.url);
const GUARDS = new URL('../../src/db/guards.gen.ts', import.meta.url);

test('the schema is the one in the golden', async () => {
  await using database = await createDatabase();
  await using pool = new Pool(database.url);
  const schema = await describeSchema(pool);
  if (REWRITE) await writeFile(SCHEMA, schema);
  expect(schema).toBe(await readFile(SCHEMA, 'utf8'));
});

test('the guards that verify expects are those of the migrations', async () => {
  await using database = await createDatabase();
  await using pool = new Pool(database.url);
  const guards = await readGuards(pool);
  const source = guardsSource(guards);
  if (REWRITE) await writeFile(GUARDS, source);
  expect(await readFile(GUARDS, 'utf8')).toBe(source);
  expect(guardFault(guards, guards)).toBeUndefined();
});

test('every table refuses truncation, and every guard fires for replication roles too', async () => {
  await using database = await createDatabase();
  await using pool = new Pool(database.url);
  const guards = await readGuards(pool);
  const tables = guards.filter(({ name }) => name.startsWith('table ')).map(({ name }) => name.slice(6));
  const triggers = guards.filter(({ name }) => name.startsWith('trigger '));
  expect(triggers.map(({ name }) => name)).toEqual(
    expect.arrayContaining(tables.map((table) => `trigger refuse_truncate on ${table}`)),
  );
  expect(triggers.filter(({ state }) => !state.startsWith('always: '))).toEqual([]);
});

function guardsSource(guards: { name: string; state: string }[]): string {
  const lines = guards.map(({ name, state }) => `  [${quoted(name)}, ${quoted(state)}],\n`);
  return `// Generated from the migrations by \`npm run test:golden\`: every guard of the schema. Do not edit.

const guards: [name: string, state: string][] = [
${lines.join('')}];

export const expectedGuards = guards.map(([name, state]) => ({ name, state }));
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
