// The streams of events: what they tell, when, and that a slow reader is dropped instead of waited for.
import { connect, constants } from 'node:http2';
import { afterEach, describe, expect, it } from 'vitest';
import { timeoutMsOf } from '../../../src/relay/grpc/deadline.ts';
import { Service as V2 } from '../../../src/relay/grpc/gen/flagd/evaluation/v2/evaluation_pb.ts';
import { within } from '../../support/until.ts';
import { snapshotAt, until } from '../support.ts';
import { clientOf, serve, type TestService } from './serve.ts';
import { call } from './wire.ts';

const EVENTS = '/flagd.evaluation.v2.Service/EventStream';

const iso = (ms: number) => new Date(ms).toISOString();

const open: AbortController[] = [];
afterEach(() => {
  for (const controller of open.splice(0)) controller.abort();
});

/** What a stream has told so far. */
async function listen(server: TestService, transport?: string) {
  const controller = new AbortController();
  open.push(controller);
  const heard: { type: string; flags?: unknown }[] = [];
  const stream = clientOf(V2, server.url, transport).eventStream({}, { signal: controller.signal });
  const ended = (async () => {
    for await (const { type, data } of stream) heard.push({ type, ...(data && { flags: data.flags }) });
  })().catch((error: Error) => error.message);
  await until(() => heard.length > 0);
  return { heard, ended };
}

describe.each(['gRPC', 'gRPC-Web over HTTP/1.1', 'Connect in JSON over HTTP/2'])('over %s', (transport) => {
  it('a change names the flags that are new, changed or gone', async () => {
    await using server = await serve(snapshotAt(1, { flags: { a: {}, b: {}, c: {} } }));
    const { heard } = await listen(server, transport);
    await server.store.offer(
      snapshotAt(2, { flags: { a: {}, b: { fallthrough: { serve: 'off' } }, d: {} } }),
    );
    await until(() => heard.length === 2);
    expect(heard).toEqual([
      { type: 'provider_ready' },
      {
        type: 'configuration_change',
        flags: { b: { type: 'update' }, c: { type: 'delete' }, d: { type: 'write' } },
      },
    ]);
    // A revision that changes no flag tells nothing.
    await server.store.offer(
      snapshotAt(3, { flags: { a: {}, b: { fallthrough: { serve: 'off' } }, d: {} } }),
    );
    await server.store.offer(snapshotAt(4, { flags: {} }));
    await until(() => heard.length === 3);
    expect(heard[2]?.flags).toEqual({ a: { type: 'delete' }, b: { type: 'delete' }, d: { type: 'delete' } });
  });

  it('the end at a stop is an error, after which providers connect anew', async () => {
    await using server = await serve(snapshotAt(1));
    const { ended } = await listen(server, transport);
    expect(server.service.streams.size).toBe(1);
    server.service.streams.close();
    expect(await ended).toBe('[unavailable] The relay is stopping.');
    expect(server.service.streams.size).toBe(0);
  });
});

it('what the passing of time changes is named too, with the flags that require it', async () => {
  const ramp = [{ at: iso(Date.now() + 1_000), percent: 100 }];
  const flags = {
    ramped: { fallthrough: { serve: 'on', ramp } },
    user: { requires: [{ flag: 'ramped', variation: 'on' }] },
    'user-of-user': { requires: [{ flag: 'user', variation: 'on' }] },
    still: {},
  };
  await using server = await serve(snapshotAt(1, { flags }));
  const { heard } = await listen(server);
  await until(() => heard.length === 2);
  const update = { type: 'update' };
  expect(heard[1]).toEqual({
    type: 'configuration_change',
    flags: { ramped: update, user: update, 'user-of-user': update },
  });
});

it('ends when the time is over that the call gave, and not before', async () => {
  await using server = await serve(snapshotAt(1));
  const ask = (timeout: string) =>
    within(20_000, call(server.url, Buffer.alloc(5), { ':path': EVENTS, 'grpc-timeout': timeout }));
  expect((await ask('50m')).grpc).toBe('4');
  expect((await ask('1n')).grpc).toBe('4');
  const answer = await fetch(`${server.url}${EVENTS}`, {
    method: 'POST',
    headers: { 'content-type': 'application/connect+json', 'connect-timeout-ms': '50' },
    body: Buffer.from('\0\0\0\0\x02{}'),
  });
  expect(await answer.text()).toContain('{"error":{"code":"deadline_exceeded"');
  await until(() => server.service.streams.size === 0);
  const read = (text: string) => timeoutMsOf({ 'grpc-timeout': text });
  expect(['10S', '1H', '99999999H', 'soon'].map(read)).toEqual([10_000, 3_600_000, undefined, undefined]);
  expect(timeoutMsOf({})).toBeUndefined();
});

it('says now and then that a stream is alive', async () => {
  await using server = await serve(snapshotAt(1), { keepAliveMs: 10 });
  const { heard } = await listen(server);
  await until(() => heard.length > 2);
  expect(heard.slice(0, 3).map(({ type }) => type)).toEqual(['provider_ready', 'keep_alive', 'keep_alive']);
});

it('I10: a reader that does not read is dropped and counted; the others go on', async () => {
  await using server = await serve(snapshotAt(1));
  const { heard } = await listen(server);
  const session = connect(server.url, { settings: { initialWindowSize: 1 } });
  session.on('error', () => undefined);
  const slow = session.request({
    ':method': 'POST',
    ':path': EVENTS,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  slow.on('error', () => undefined);
  slow.end(Buffer.alloc(5));
  slow.pause();
  await until(() => server.service.streams.size === 2);
  const many = (on: boolean) =>
    Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`flag-${i}`, { enabled: on }]));
  // The other one reads each event before the next one comes, however little time there is to read.
  const offer = async (...snapshot: Parameters<typeof snapshotAt>) => {
    const sofar = heard.length;
    await server.store.offer(snapshotAt(...snapshot));
    await until(() => heard.length > sofar);
  };
  for (let revision = 2; server.service.streams.size === 2; revision++) {
    await offer(revision, { flags: many(revision % 2 === 0) });
    expect(revision).toBeLessThan(100);
  }
  expect(server.counters.streamsDropped).toBe(1);
  await offer(1_000);
  session.close(() => undefined);
  session.destroy(undefined, constants.NGHTTP2_CANCEL);
});

it('I10: streams are bounded in number', async () => {
  await using server = await serve(snapshotAt(1));
  const session = connect(server.url);
  const sessions = [session];
  try {
    const request = (at: number) => {
      if (at % 200 === 0) sessions.push(connect(server.url));
      const stream = (sessions.at(-1) as typeof session).request({
        ':method': 'POST',
        ':path': EVENTS,
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      stream.on('error', () => undefined);
      stream.end(Buffer.alloc(5));
      return new Promise<unknown>((resolve) =>
        stream.once('response', (headers) => resolve(headers['grpc-status'])),
      );
    };
    const statuses = await Promise.all(Array.from({ length: 1_001 }, (_, at) => request(at)));
    expect(statuses.filter((status) => status === undefined)).toHaveLength(1_000);
    expect(statuses.filter((status) => status === '14')).toHaveLength(1);
    expect(server.counters.refusedRequests.get('too_many')).toBe(1);
  } finally {
    for (const each of sessions) each.destroy();
  }
  await until(() => server.service.streams.size === 0);
});
