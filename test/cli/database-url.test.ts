// Which database a command means.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { databaseUrl } from '../../src/cli/database-url.ts';
import { takeLock } from '../../src/io/lock-file.ts';

let folder: string;
const UP = { pid: 1, databaseUrl: 'postgres://up@127.0.0.1:1/postgres', relay: 'http://127.0.0.1:2' };
const HALYARD_DATABASE_URL = 'postgres://env@db/flags';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halyard-database-url-'));
  await mkdir(join(folder, '.halyard'));
  await mkdir(join(folder, 'below'));
  await writeFile(join(folder, '.halyard/up.json'), JSON.stringify(UP));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

it('the option comes first, then the environment', async () => {
  const environment = { HALYARD_DATABASE_URL };
  expect(await databaseUrl({ databaseUrl: 'postgresql://option@db/flags', environment })).toBe(
    'postgresql://option@db/flags',
  );
  expect(await databaseUrl({ environment, folder })).toBe(HALYARD_DATABASE_URL);
});

it('then the server of an `up` that runs for the folder or one above it, and not of one that was killed', async () => {
  await expect(databaseUrl({ environment: {}, folder })).rejects.toThrow(
    /no PostgreSQL is named.*run `halyard up`/,
  );
  await takeLock(join(folder, '.halyard/up.lock'));
  expect(await databaseUrl({ environment: {}, folder })).toBe(UP.databaseUrl);
  expect(await databaseUrl({ environment: {}, folder: join(folder, 'below') })).toBe(UP.databaseUrl);
});

it('what is no PostgreSQL URL is refused without being repeated', async () => {
  const refused = databaseUrl({ databaseUrl: 'mysql://root:hush@db/flags', environment: {} });
  await expect(refused).rejects.toThrow('--database-url is no PostgreSQL URL');
  await expect(refused).rejects.not.toThrow('hush');
  await expect(databaseUrl({ environment: { HALYARD_DATABASE_URL: 'db' } })).rejects.toThrow(
    'HALYARD_DATABASE_URL is no',
  );
});
