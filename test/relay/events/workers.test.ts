// Events of a relay with workers: SIGHUP reaches each of them, and the folder of the spool is the relay's.
import { expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { createFolder } from '../folder.ts';
import { RelayProcess } from '../relay-process.ts';
import { TestCollector } from './collector.ts';
import { experimentShop } from './shop.ts';
import { place } from './support.ts';

it('SIGHUP has every worker read the key anew; a key that is no good is refused, and the old one stays', async () => {
  await using folder = await createFolder(experimentShop);
  await using files = await place();
  await using collector = await TestCollector.start();
  const key = await files.file('key', 'a'.repeat(32));
  await using relay = await RelayProcess.start({
    source: `directory:${folder.path}`,
    args: ['--collector', collector.url, '--unit-key-file', key, '--workers', '2'],
  });
  // Each call on a connection of its own, so that both workers are asked.
  const ask = async () => {
    const before = collector.tracks.length;
    for (let call = 0; call < 6; call++) {
      const item = { event: 'purchase', context: { email: 'ada@b.example' } };
      await relay.post('/v1/track', item, { connection: 'close' });
    }
    await until(() => collector.tracks.length === before + 6);
  };
  /** The pseudonyms of the last calls. */
  const asked = async () => {
    await ask();
    return [...new Set(collector.tracks.slice(-6).map(({ units }) => units.email))];
  };
  const [old, ...others] = await asked();
  expect(others).toEqual([]);
  await files.file('key', 'b'.repeat(32));
  relay.signal('SIGHUP');
  await relay.says('reloaded');
  let now: unknown[] = [];
  await until(async () => {
    now = await asked();
    return now.length === 1 && now[0] !== old;
  });
  await files.file('key', 'short');
  relay.signal('SIGHUP');
  await relay.says('not reloaded');
  expect(await asked()).toEqual(now);
  expect(await relay.stop()).toBe(0);
});

it('a second relay is refused the folder of the first, with one sentence', async () => {
  await using folder = await createFolder(experimentShop);
  await using spool = await place();
  await using collector = await TestCollector.start();
  const run = {
    source: `directory:${folder.path}`,
    args: ['--collector', collector.url, '--spool', spool.path, '--workers', '2'],
  };
  await using first = await RelayProcess.start(run);
  await using second = new RelayProcess(run);
  expect(await second.ended()).toBe(2);
  expect(second.errors).toContain(`is in use by process ${first.pid}.`);
});
