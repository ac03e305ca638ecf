// A relay that was killed beside a full disk: the next one can take over the spool there, and deliver it.
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { Tmpfs } from '../faults/tmpfs.ts';
import { createFolder } from '../folder.ts';
import { RelayProcess } from '../relay-process.ts';
import { refusing, TestCollector, taken } from './collector.ts';
import { experimentShop } from './shop.ts';

// Only root may mount.
it.skipIf(process.getuid?.() !== 0)(
  'what a killed relay left on a disk without a free byte is delivered by the next one',
  async () => {
    await using disk = await Tmpfs.mount('1m');
    await using folder = await createFolder(experimentShop);
    await using collector = await TestCollector.start(refusing(503));
    const run = {
      source: `directory:${folder.path}`,
      args: ['--collector', collector.url, '--spool', join(disk.folder, 'spool')],
    };
    const ids = Array.from({ length: 100 }, (_, at) => `event-${at}`);
    {
      await using killed = await RelayProcess.start(run);
      const items = ids.map((id) => ({ event: 'purchase', unit: 'u', id }));
      await until(async () => (await killed.post('/v1/track', items)).status === 202);
      await disk.fill();
      killed.signal('SIGKILL');
      await killed.ended();
    }
    collector.answer = taken;
    await using next = await RelayProcess.start(run);
    await until(() => ids.every((id) => collector.ids.has(id)));
    expect(await next.stop()).toBe(0);
  },
);
