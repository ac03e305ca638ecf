// The listening connection on a real server: wake-ups, and how soon a dead connection is seen.
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { type ListenOptions, openListener } from '../../src/db/listen.ts';
import { Pool } from '../../src/db/pool.ts';
import { UnreachableError, UsageError } from '../../src/lib/errors.ts';
import { createDatabase } from '../support/database.ts';
import { within } from '../support/until.ts';

const CHANNEL = 'halyard_snapshot';

function listening(options: Partial<ListenOptions> = {}) {
  const onNotify = vi.fn();
  const onLost = vi.fn();
  return { onNotify, onLost, options: { onNotify, onLost, ...options } };
}

test('a committed notify wakes the listener, and its own queries go on', async () => {
  await using database = await createDatabase();
  await using pool = new Pool(database.url);
  const { onNotify, onLost, options } = listening();
  await using listener = await openListener(database.url, CHANNEL, options);
  await pool.query(`select pg_notify($1, '')`, [CHANNEL]);
  await vi.waitFor(() => expect(onNotify).toHaveBeenCalledTimes(1));
  await pool.query(`select pg_notify('another_channel', '')`);
  expect((await listener.query<{ one: number }>('select 1 as one')).rows).toEqual([{ one: 1 }]);
  expect(onNotify).toHaveBeenCalledTimes(1);
  expect(onLost).not.toHaveBeenCalled();
});

test('a connection that the server ends is reported once', async () => {
  await using database = await createDatabase();
  await using pool = new Pool(database.url);
  const { onLost, options } = listening();
  await using listener = await openListener(database.url, CHANNEL, options);
  const { rows } = await listener.query<{ pid: number }>('select pg_backend_pid() as pid');
  await pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
  await vi.waitFor(() => expect(onLost).toHaveBeenCalledTimes(1));
  expect(onLost.mock.calls[0]?.[0]).toBeInstanceOf(UnreachableError);
  await expect(listener.query('select 1')).rejects.toBeInstanceOf(UnreachableError);
  expect(onLost).toHaveBeenCalledTimes(1);
});

test('a line that goes silent is seen by the deadline of the next query', async () => {
  await using database = await createDatabase();
  await using proxy = await startProxy(database.url);
  const { onLost, options } = listening({ silenceTimeoutMs: 300 });
  await using listener = await openListener(proxy.url, CHANNEL, options);
  proxy.freeze();
  const asked = listener.query('select 1');
  await within(10_000, expect(asked).rejects.toThrow(/does not answer: Connection terminated/));
  expect(onLost.mock.calls[0]?.[0]).toBeInstanceOf(UnreachableError);
  expect(onLost).toHaveBeenCalledTimes(1);
});

test('closing is no loss, with an abort as by hand, and it may come while the connection is still being made', async () => {
  await using database = await createDatabase();
  const stop = new AbortController();
  const { onLost, options } = listening({ signal: stop.signal });
  await using listener = await openListener(database.url, CHANNEL, options);
  stop.abort();
  await expect(listener.query('select 1')).rejects.toThrow();
  const early = new AbortController();
  const opening = openListener(database.url, CHANNEL, { ...options, signal: early.signal });
  early.abort();
  await expect(opening).rejects.toThrow();
  await sleep(50);
  expect(onLost).not.toHaveBeenCalled();
});

test('a server that is not there is unreachable, a database that is not there is wrong use', async () => {
  await using database = await createDatabase();
  const nowhere = new URL(database.url);
  nowhere.port = '1';
  await expect(openListener(nowhere.href, CHANNEL, listening().options)).rejects.toBeInstanceOf(
    UnreachableError,
  );
  const noDatabase = new URL(database.url);
  noDatabase.pathname = '/halyard_no_such_database';
  await expect(openListener(noDatabase.href, CHANNEL, listening().options)).rejects.toBeInstanceOf(
    UsageError,
  );
});

test.each(['?port=nine', '?port=99999', '?sslrootcert=/no/such/file', '%'])(
  'a URL that cannot be used is wrong use, and shows no password: %s',
  async (ending) => {
    const url = `postgres://user:hunter2@127.0.0.1:1/database${ending}`;
    const asked = [
      openListener(url, CHANNEL, listening().options),
      (async () => new Pool(url).query('select 1'))(),
    ];
    for (const { reason } of (await Promise.allSettled(asked)) as PromiseRejectedResult[]) {
      expect(reason).toBeInstanceOf(UsageError);
      expect(`${reason.message}`).not.toContain('hunter2');
    }
  },
);

test('an abort before the first byte ends it', async () => {
  const { options } = listening({ signal: AbortSignal.abort() });
  const opened = openListener('postgres://user@127.0.0.1:1/database', CHANNEL, options);
  await within(10_000, expect(opened).rejects.toThrow('aborted'));
});

/** A line to the server that can be made to swallow everything, as a firewall or a lost machine does. */
async function startProxy(target: string) {
  const { hostname, port } = new URL(target);
  const sockets: Socket[] = [];
  const server = createServer((inbound) => {
    const outbound = connect(Number(port || 5432), hostname);
    inbound.pipe(outbound).pipe(inbound);
    for (const socket of [inbound, outbound]) sockets.push(socket.on('error', () => {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.host = '127.0.0.1';
  url.port = String((server.address() as { port: number }).port);
  return {
    url: url.href,
    freeze: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
