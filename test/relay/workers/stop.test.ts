// A relay that is told to stop while apps ask it as fast as they can: no request is lost, whoever answers, and by whichever door it came.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { createFolder, type Folder } from '../folder.ts';
import { RelayProcess } from '../relay-process.ts';
import { clientsOf } from './clients.ts';

async function relayOf(folder: Folder, ...args: string[]) {
  const socketPath = join(folder.path, 'relay.sock');
  const source = `directory:${folder.path}`;
  const relay = await RelayProcess.start({ source, args: ['--socket', socketPath, ...args] });
  return { relay, socketPath };
}

/** Every worker's and the primary's process, as a terminal's Ctrl-C finds them. */
function processesOf(relay: RelayProcess): number[] {
  const workers = relay.lines.filter(({ message }) => message === 'a worker answers');
  return [relay.pid, ...workers.map(({ pid }) => Number(pid))];
}

describe('a relay that is told to stop under load loses no request', () => {
  const signals: { [how: string]: (relay: RelayProcess) => void } = {
    SIGTERM: (relay) => relay.signal('SIGTERM'),
    'SIGTERM twice': (relay) => {
      relay.signal('SIGTERM');
      relay.signal('SIGTERM');
    },
    'Ctrl-C, which every process of it gets': (relay) => {
      for (const pid of processesOf(relay)) process.kill(pid, 'SIGINT');
    },
  };
  const cases = Object.keys(signals).flatMap((how) => ['1', '2'].map((workers) => [how, workers] as const));

  it.each(cases)('on %s, with --workers %s', async (how, workers) => {
    await using folder = await createFolder();
    const { relay, socketPath } = await relayOf(folder, '--workers', workers);
    await using _relay = relay;
    const clients = [...clientsOf({ url: relay.url }), ...clientsOf({ socketPath })];
    await until(() => clients.every(({ answers }) => answers > 20));
    if (workers === '2') await until(() => processesOf(relay).length === 3);
    signals[how]?.(relay);
    expect(await relay.ended()).toBe(0);
    await Promise.all(clients.map(({ ended }) => ended));
    expect(clients.flatMap(({ kind, faults }) => faults.map((fault) => `${kind}: ${fault}`))).toEqual([]);
    expect(relay.errors).toBe('');
  });
});
