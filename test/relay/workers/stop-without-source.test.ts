// A relay that is told to stop while its source is a black hole: it takes connections and says nothing.
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { DiskCache } from '../../../src/relay/disk-cache.ts';
import { until } from '../../support/until.ts';
import { createFolder } from '../folder.ts';
import { RelayProcess } from '../relay-process.ts';
import { snapshotAt } from '../support.ts';
import { clientsOf } from './clients.ts';

/** Takes every connection, and answers none. */
async function blackHole(): Promise<AsyncDisposable & { port: number; taken: () => number }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as { port: number }).port,
    taken: () => sockets.length,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe('I8: with PostgreSQL a black hole, a relay that serves its cache', () => {
  it.each(['1', '2'])(
    'loses no request when it stops, and exits 0 in time, with --workers %s',
    async (workers) => {
      await using folder = await createFolder({});
      await using hole = await blackHole();
      const cache = new DiskCache(folder.path, 'prod', 'acme/shop');
      await cache.load();
      await cache.save(snapshotAt(12, { flags: { truth: {} } }));
      await using relay = await RelayProcess.start({
        source: `postgres://halyard:secret@127.0.0.1:${hole.port}/halyard`,
        args: ['--cache', folder.path, '--workers', workers],
      });
      const clients = clientsOf({ url: relay.url });
      await until(() => hole.taken() > 0 && clients.every(({ answers }) => answers > 20));
      expect(await relay.stop()).toBe(0);
      await Promise.all(clients.map(({ ended }) => ended));
      expect(clients.flatMap(({ faults }) => faults)).toEqual([]);
      expect(relay.errors).toBe('');
    },
  );
});
