// Server-sent events: what listeners are told, what they get back after a break, and what becomes of slow ones.
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { serve, snapshotAt, type TestServer, until } from '../support.ts';

const two = { a: {}, b: {} };
const at = (revision: number, flags: Parameters<typeof snapshotAt>[1] = {}): Snapshot =>
  snapshotAt(revision, { flags: { ...two, ...flags.flags } });
/** A snapshot in which flag `a` has changed since the revision before. */
const changedAt = (revision: number) =>
  at(revision, { flags: { a: { description: `revision ${revision}` } } });

interface Event {
  id?: string;
  event?: string;
  data?: unknown;
}

const open: AbortController[] = [];
afterEach(() => {
  for (const controller of open.splice(0)) controller.abort();
});

/** Listens with a plain fetch, and collects what comes. */
async function listen(server: TestServer, path: string, headers: Record<string, string> = {}) {
  const controller = new AbortController();
  open.push(controller);
  const response = await fetch(`${server.url}${path}`, { headers, signal: controller.signal });
  const events: Event[] = [];
  const seen = { text: '', ended: false };
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      seen.text += decoder.decode(chunk as Uint8Array, { stream: true });
      events.splice(0, events.length, ...parse(seen.text));
    }
  })();
  reading
    .catch(() => undefined)
    .finally(() => {
      seen.ended = true;
    });
  return { response, events, seen };
}

function parse(text: string): Event[] {
  const blocks = text.split('\n\n').slice(0, -1);
  return blocks.map((block) => {
    const fields = block.split('\n').map((line) => /^(\w+): (.*)$/.exec(line));
    const event: Event = {};
    for (const field of fields) {
      if (field?.[1] === 'data') event.data = JSON.parse(field[2] ?? '');
      else if (field?.[1] === 'id' || field?.[1] === 'event') event[field[1]] = field[2] as string;
    }
    return event;
  });
}

const named = (events: Event[]) => events.filter(({ event }) => event !== undefined);

describe('GET /v1/stream', () => {
  it('tells what is served, then each change with the flags that may answer anew', async () => {
    await using server = await serve(at(1));
    const { response, events } = await listen(server, '/v1/stream');
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    await until(() => named(events).length === 1);
    await server.store.offer(changedAt(2));
    await until(() => named(events).length === 2);
    expect(named(events)).toMatchObject([
      { event: 'ready', data: { revision: 1 } },
      { event: 'change', data: { revision: 2, commit: 'c0ffee', flags: ['a'] } },
    ]);
  });

  it('opens before there is a snapshot', async () => {
    await using server = await serve(undefined);
    const { events } = await listen(server, '/v1/stream');
    await server.store.offer(at(1));
    await until(() => named(events).length === 1);
    expect(named(events)).toMatchObject([{ event: 'change', data: { revision: 1, all: true } }]);
  });

  it('gives a client that comes back exactly what it missed', async () => {
    await using server = await serve(at(1));
    const first = await listen(server, '/v1/stream');
    await until(() => named(first.events).length === 1);
    const lastEventId = named(first.events)[0]?.id ?? '';
    for (const revision of [2, 3, 4]) await server.store.offer(changedAt(revision));
    const again = await listen(server, '/v1/stream', { 'last-event-id': lastEventId });
    await until(() => named(again.events).length === 4);
    expect(
      named(again.events).map(({ event, data }) => [event, (data as { revision: number }).revision]),
    ).toEqual([
      ['change', 2],
      ['change', 3],
      ['change', 4],
      ['ready', 4],
    ]);
    const upToDate = await listen(server, '/v1/stream', {
      'last-event-id': named(again.events)[3]?.id ?? '',
    });
    await until(() => named(upToDate.events).length > 0);
    expect(named(upToDate.events)).toMatchObject([{ event: 'ready' }]);
  });

  it('tells a client from before what is remembered that anything may have changed', async () => {
    await using server = await serve(at(5));
    const { events } = await listen(server, '/v1/stream', { 'last-event-id': '3-0123456789abcdef' });
    await until(() => named(events).length === 2);
    expect(named(events)).toMatchObject([
      { event: 'change', data: { revision: 5, all: true } },
      { event: 'ready', data: { revision: 5 } },
    ]);
  });

  it('I10: remembers a bounded number of changes', async () => {
    await using server = await serve(at(1));
    const first = await listen(server, '/v1/stream');
    await until(() => named(first.events).length === 1);
    for (let revision = 2; revision <= 300; revision++) await server.store.offer(changedAt(revision));
    const again = await listen(server, '/v1/stream', { 'last-event-id': named(first.events)[0]?.id ?? '' });
    await until(() => named(again.events).length === 2);
    expect(named(again.events)).toMatchObject([{ data: { revision: 300, all: true } }, { event: 'ready' }]);
  });

  it('says `all` instead of naming hundreds of flags', async () => {
    await using server = await serve(at(1));
    const { events } = await listen(server, '/v1/stream');
    const flags = Object.fromEntries(Array.from({ length: 600 }, (_, number) => [`flag-${number}`, {}]));
    await server.store.offer(at(2, { flags }));
    await until(() => named(events).length === 2);
    expect(named(events)[1]?.data).toMatchObject({ revision: 2, all: true });
  });

  it('sends heartbeats', async () => {
    await using server = await serve(at(1), { heartbeatMs: 20 });
    const { seen } = await listen(server, '/v1/stream');
    await until(() => (seen.text.match(/\n:\n/g) ?? []).length >= 3);
  });

  it('I10: a client that does not read is dropped and counted, and the others go on', async () => {
    await using server = await serve(at(1), { heartbeatMs: 10_000 });
    const { port } = new URL(server.url);
    const slow = connect(Number(port), '127.0.0.1');
    slow.on('error', () => undefined).pause();
    slow.write('GET /v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const { events, seen } = await listen(server, '/v1/stream');
    await until(() => server.streams.size === 2);
    const flags = Object.fromEntries(
      Array.from({ length: 500 }, (_, number) => [`flag-${'x'.repeat(90)}-${number}`, {}]),
    );
    const lastSeen = () => (named(events).at(-1)?.data as { revision?: number } | undefined)?.revision;
    const end = Date.now() + 50_000;
    for (let revision = 2; server.counters.streamsDropped === 0 && Date.now() < end; revision++) {
      const marked = Object.keys(flags).map((key) => [key, { description: String(revision) }]);
      await server.store.offer(snapshotAt(revision, { flags: Object.fromEntries(marked) }));
      await until(() => lastSeen() === revision);
    }
    expect(server.counters.streamsDropped).toBe(1);
    expect(server.streams.size).toBe(1);
    expect(seen.ended).toBe(false);
    slow.destroy();
  });

  it('ends when the relay closes its streams, and none is opened any more', async () => {
    await using server = await serve(at(1));
    const { seen } = await listen(server, '/v1/stream');
    server.streams.close();
    await until(() => seen.ended);
    const late = await server.get('/v1/stream');
    expect([late.status, late.headers.get('retry-after')]).toEqual([503, '5']);
    expect(server.streams.size).toBe(0);
  });

  it('a client that leaves is forgotten', async () => {
    await using server = await serve(at(1));
    await listen(server, '/v1/stream');
    await until(() => server.streams.size === 1);
    for (const controller of open.splice(0)) controller.abort();
    await until(() => server.streams.size === 0);
  });
});

describe('GET /ofrep/v1/events', () => {
  it('tells clients to evaluate again, in the words of OFREP', async () => {
    await using server = await serve(at(1));
    const { events } = await listen(server, '/ofrep/v1/events');
    await until(() => server.streams.size === 1);
    expect(named(events)).toEqual([]);
    await server.store.offer(changedAt(2));
    await until(() => named(events).length === 1);
    expect(named(events)[0]).toMatchObject({ event: 'message', data: { type: 'refetchEvaluation' } });
  });

  it('tells a client that comes back at once if it missed something, and only then', async () => {
    await using server = await serve(at(1));
    const first = await listen(server, '/ofrep/v1/events');
    const id = await until(() => first.events.find((event) => event.id)?.id);
    const same = await listen(server, '/ofrep/v1/events', { 'last-event-id': id ?? '' });
    await until(() => same.events.some((event) => event.id));
    expect(named(same.events)).toEqual([]);
    await server.store.offer(changedAt(2));
    const late = await listen(server, '/ofrep/v1/events', { 'last-event-id': id ?? '' });
    await until(() => named(late.events).length === 1);
  });

  it('a revision that changes no flag sends nobody asking', async () => {
    await using server = await serve(at(1));
    const { events, seen } = await listen(server, '/ofrep/v1/events');
    await server.store.offer(at(2));
    await until(() => seen.text.includes('id: 2-'));
    expect(named(events)).toEqual([]);
  });
});
