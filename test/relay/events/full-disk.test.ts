// A spool on a disk that is full: what is acknowledged is delivered, the counters add up, and the fault is said once.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { Tmpfs } from '../faults/tmpfs.ts';
import { refusing, taken } from './collector.ts';
import { told } from './support.ts';

const CALLS = 10;
const ITEMS = 25;

// Only root may mount.
it.skipIf(process.getuid?.() !== 0)(
  'beside a disk that takes some writes and not others, the spool is faulty until it takes all',
  async () => {
    await using disk = await Tmpfs.mount('1m');
    const ballast = join(disk.folder, 'ballast');
    await writeFile(ballast, Buffer.alloc(900 * 1024));
    await using shop = await told({ spool: join(disk.folder, 'spool') }, refusing(503));
    const acknowledged: string[] = [];
    const call = async (name: string, note: number, events = ITEMS) => {
      const ids = Array.from({ length: events }, (_, at) => `${name}-${at}`);
      const items = ids.map((id) => ({
        event: 'purchase',
        unit: 'u',
        id,
        properties: { note: 'x'.repeat(note) },
      }));
      const { status } = await shop.post('/v1/track', items);
      if (status === 202) acknowledged.push(...ids);
      return status;
    };
    await until(async () => (await call(`fill-${acknowledged.length}`, 400)) === 503);
    for (let turn = 0; turn < CALLS; turn++) {
      await call(`small-${turn}`, 1);
      await call(`large-${turn}`, 400);
      expect(shop.status().spool).toMatchObject({ state: 'faulty', lastError: { code: 'disk' } });
    }
    await rm(ballast);
    await until(async () => {
      await call(`after-${acknowledged.length}`, 1, 1);
      await sleep(100);
      return shop.status().spool?.state === 'well';
    });
    shop.collector.answer = taken;
    await until(() => acknowledged.every((id) => shop.collector.ids.has(id)));
    await until(() => shop.status().delivered === acknowledged.length);
    expect(shop.status().accepted.track).toBe(acknowledged.length);
    const said = shop.relay.lines().filter((line) => line.includes('spool'));
    expect(said.map((line) => JSON.parse(line).level)).toEqual(['error', 'info']);
  },
);
