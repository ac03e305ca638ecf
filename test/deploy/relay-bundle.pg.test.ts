// The relay's bundle over a real PostgreSQL, run where no package is installed.
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bundleRelay } from '../../scripts/bundle-relay.ts';
import { Pool } from '../../src/db/pool.ts';
import { applyCommit, type Wanted } from '../audit/writing.ts';
import { RelayProcess } from '../relay/relay-process.ts';
import { createDatabase } from '../support/database.ts';
import { flagBody } from '../support/snapshot.ts';
import { PROJECT } from '../support/sync-project.ts';
import { until } from '../support/until.ts';

const environment = 'prod';
const flag = (serve: 'on' | 'off'): Wanted => ({
  key: 'truth',
  environment,
  body: flagBody({ fallthrough: { serve } }),
});

it('follows what is applied to PostgreSQL', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'halyard-bundle-'));
  await bundleRelay(folder.path);
  await using database = await createDatabase();
  await using pool = new Pool(database.url, { maxConnections: 1 });
  await applyCommit(pool, PROJECT, [
    { kind: 'project', key: PROJECT, environment, body: { salt: 'c07d2e' } },
    flag('on'),
  ]);
  await using relay = await RelayProcess.start({ main: join(folder.path, 'main.js'), source: database.url });
  const value = async () => {
    const answer = await relay.post('/v1/evaluate/truth', { context: {} });
    return ((await answer.json()) as { value: unknown }).value;
  };
  expect(await value()).toBe(true);
  await applyCommit(pool, PROJECT, [flag('off')]);
  await until(async () => (await value()) === false, 20_000);
  expect(await relay.stop()).toBe(0);
});
