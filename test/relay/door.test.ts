// The doors of a relay: how many connections they let in, and what becomes of those that are too many.
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { createFolder } from './folder.ts';
import { relay } from './start.ts';

function connections(url: string, count: number): { sockets: Socket[]; open: () => number } {
  const sockets = Array.from({ length: count }, () => {
    return connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
  });
  let closed = 0;
  for (const socket of sockets) socket.resume().once('close', () => closed++);
  return { sockets, open: () => count - closed };
}

describe('I10: connections', () => {
  it('beyond the bound are closed and counted, and there is room again when others go', async () => {
    await using folder = await createFolder();
    await using served = await relay({
      source: `directory:${folder.path}`,
      maxConnections: 3,
      probeListen: '127.0.0.1:0',
    });
    await served.ready;
    const crowd = connections(served.url, 8);
    await until(() => crowd.open() === 3);
    // Probes have room of their own.
    const metrics = await (await fetch(`${served.probeUrl}/metrics`)).text();
    expect(metrics).toMatch(/^halyard_connections_dropped_total 5$/m);
    for (const socket of crowd.sockets) socket.destroy();
    await until(async () => (await served.evaluate('truth').catch(() => undefined))?.value === true);
  });

  it('that say nothing are no obstacle to stopping', async () => {
    await using folder = await createFolder();
    const served = await relay({ source: `directory:${folder.path}` });
    const silent = connections(served.url, 50);
    await until(async () =>
      /^halyard_connections 5\d$/m.test(await (await fetch(`${served.url}/metrics`)).text()),
    );
    await served.stop();
    await until(() => silent.open() === 0);
  });
});
