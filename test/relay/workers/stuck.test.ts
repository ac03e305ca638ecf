// Workers that do nothing any more: the primary process ends them, while the relay runs and when it stops.
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isAlive } from '../../support/processes.ts';
import { until } from '../../support/until.ts';
import { createFolder } from '../folder.ts';
import { RelayProcess } from '../relay-process.ts';

const QUICK_SECONDS = join(import.meta.dirname, 'quick-seconds.mjs');

it('a worker that says nothing for 15 s is ended and replaced, and workers that are stuck keep no relay from stopping', async () => {
  await using folder = await createFolder();
  await using relay = await RelayProcess.start({
    source: `directory:${folder.path}`,
    args: ['--workers', '2'],
    environment: { NODE_OPTIONS: `--import=${QUICK_SECONDS}` },
  });
  const said = (message: string) => relay.lines.filter((line) => line.message === message);
  const workers = () => said('a worker answers').map(({ pid }) => Number(pid));
  await until(() => workers().length >= 2, 30_000);
  const [stuck = 0] = workers();
  process.kill(stuck, 'SIGSTOP');
  await until(() => said('a worker has ended; another one is started').length > 0, 30_000);
  expect(isAlive(stuck)).toBe(false);
  expect(said('a worker is stuck, so it is ended')).toMatchObject([{ level: 'error' }]);
  await until(() => workers().length === 3, 30_000);
  const others = workers().slice(1);
  for (const pid of others) process.kill(pid, 'SIGSTOP');
  expect(await relay.stop()).toBe(0);
  expect(others.filter(isAlive)).toEqual([]);
  expect(relay.errors).toBe('');
});
