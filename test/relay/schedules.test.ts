// Schedules in a relay: answers follow the clock without any event, and those who listen for OFREP's are woken in time.
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { compile } from '../../src/engine/compile.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import type { FlagBody } from '../../src/model/snapshot.ts';
import { Alarm } from '../../src/relay/alarm.ts';
import { DiskCache } from '../../src/relay/disk-cache.ts';
import { SnapshotStore } from '../../src/relay/snapshot-store.ts';
import { createFolder, flagFile, shop } from './folder.ts';
import { relay } from './start.ts';
import { serve, snapshotAt, until } from './support.ts';

const SECOND = 1_000;
const DAY = 86_400 * SECOND;
const iso = (ms: number) => new Date(ms).toISOString();
const context = { targetingKey: 'alice' };

/** Everyone from an instant on. */
const everyoneFrom = (ms: number) => ({ serve: 'on', ramp: [{ at: iso(ms), percent: 100 }] });

describe('a relay over a folder', () => {
  it('follows a ramp and a rule’s window by its clock alone, to the millisecond', async () => {
    const at = Date.now() + 1_500;
    const ramp = `serve: on\n    ramp: [{ at: ${iso(at)}, percent: 100 }]`;
    const rule = `rules: [{ name: early, until: ${iso(at)}, then: { serve: on } }]\n    serve: off`;
    const files = {
      ...shop,
      'ramp.yaml': flagFile('ramp', 'on').replace('serve: on', ramp),
      'window.yaml': flagFile('window', 'on').replace('serve: on', rule),
    };
    await using folder = await createFolder(files);
    await using served = await relay({ source: `directory:${folder.path}` });
    await served.ready;
    const tags = new Set<string>();
    let wasAfter = false;
    for (const end = at + 10_000; !wasAfter; await wait(20)) {
      expect(Date.now()).toBeLessThan(end);
      const before = Date.now();
      const [ramped, windowed, bulk] = await Promise.all([
        served.evaluate('ramp', context),
        served.evaluate('window', context),
        bulkOf(served.url),
      ]);
      wasAfter = before >= at;
      // What was under way at the instant itself may be either.
      if (!wasAfter && Date.now() >= at) continue;
      expect([ramped.value, windowed.value]).toEqual([wasAfter, !wasAfter]);
      tags.add(bulk.headers.get('etag') ?? '');
    }
    const [first = '', last = ''] = [[...tags][0], [...tags].at(-1)];
    expect((await bulkOf(served.url, last)).status).toBe(304);
    if (tags.size > 1) expect((await bulkOf(served.url, first)).status).toBe(200);
    expect(served.statusNow()).toMatchObject({ revision: 1 });
  });
});

function bulkOf(url: string, tag?: string): Promise<Response> {
  return fetch(`${url}/ofrep/v1/evaluate/flags`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(tag !== undefined && { 'if-none-match': tag }) },
    body: JSON.stringify({ context }),
  });
}

describe('GET /ofrep/v1/events', () => {
  const open: AbortController[] = [];
  afterEach(() => {
    for (const controller of open.splice(0)) controller.abort();
  });

  async function listen(url: string, headers: Record<string, string> = {}) {
    const controller = new AbortController();
    open.push(controller);
    const response = await fetch(url, { headers, signal: controller.signal });
    const seen = { text: '' };
    const reading = (async () => {
      for await (const chunk of response.body ?? []) seen.text += Buffer.from(chunk as Uint8Array).toString();
    })();
    reading.catch(() => undefined);
    return seen;
  }

  it('wakes clients when a step passes, and leaves those alone who follow changes of definitions', async () => {
    const snapshot = snapshotAt(1, { flags: { a: { fallthrough: everyoneFrom(Date.now() + 700) } } });
    await using server = await serve(snapshot);
    const web = await listen(`${server.url}/ofrep/v1/events`);
    const native = await listen(`${server.url}/v1/stream`);
    await until(() => web.text.includes('refetchEvaluation') && native.text.includes('event: ready'));
    const answer = await server.post('/ofrep/v1/evaluate/flags/a', { context });
    expect(await answer.json()).toMatchObject({ value: true, reason: 'SPLIT' });
    expect(native.text).not.toMatch(/event: change|refetch/);
  });

  it('sends a client asking that evaluated just before a step, and opens its first stream just after it', async () => {
    const at = Date.now() + 500;
    await using server = await serve(snapshotAt(1, { flags: { a: { fallthrough: everyoneFrom(at) } } }));
    const early = await listen(`${server.url}/ofrep/v1/events`);
    await until(() => early.text.includes('refetchEvaluation'));
    const late = await listen(`${server.url}/ofrep/v1/events`);
    await until(() => late.text.includes('id: '));
    expect(late.text).toContain('refetchEvaluation');
  });

  it('sends a client that comes back asking, since time has passed; but not where time has no say', async () => {
    await using server = await serve(snapshotAt(1, { flags: { a: { fallthrough: everyoneFrom(0) } } }));
    const place = async (headers = {}) => {
      const seen = await listen(`${server.url}/ofrep/v1/events`, headers);
      await until(() => seen.text.includes('id: '));
      return { text: seen.text, 'last-event-id': /id: (\S+)/.exec(seen.text)?.[1] ?? '' };
    };
    const { text, ...first } = await place();
    expect(text).not.toContain('refetchEvaluation');
    expect((await place(first)).text).toContain('refetchEvaluation');
    await server.store.offer(snapshotAt(2, { flags: { a: {} } }));
    const { text: _, ...second } = await place();
    expect((await place(second)).text).not.toContain('refetchEvaluation');
  });
});

describe('the alarm', () => {
  const start = Date.parse('2026-12-01T00:00:00Z');

  /** Rings, as seconds after the start, when so many seconds have passed. */
  async function ringsOf(flags: { [key: string]: Partial<FlagBody> }, seconds: number) {
    const store = new SnapshotStore();
    await store.offer(snapshotAt(1, { flags }));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: start });
    try {
      const rings: number[] = [];
      const alarm = new Alarm({ store, now: Date.now }, () => rings.push((Date.now() - start) / SECOND));
      vi.advanceTimersByTime(seconds * SECOND);
      const waiting = vi.getTimerCount();
      alarm.close();
      expect(vi.getTimerCount()).toBe(0);
      return { rings, waiting };
    } finally {
      vi.useRealTimers();
    }
  }

  const steps = (...seconds: number[]) => ({
    serve: 'on',
    ramp: seconds.map((second, i) => ({ at: iso(start + second * SECOND), percent: i + 1 })),
  });

  it('rings at each step, at the bounds of rules and at the end of an override, and then waits no more', async () => {
    const rules = [{ from: iso(start + 5 * SECOND), until: iso(start + 6 * SECOND), then: { serve: 'on' } }];
    const override = { serve: 'on', until: iso(start + 9 * SECOND) };
    const flags = {
      ramp: { fallthrough: steps(-10, 2, 7, 200) },
      rules: { rules },
      overridden: { override },
    };
    expect(await ringsOf(flags, 300)).toEqual({ rings: [2, 5, 6, 7, 9, 200], waiting: 0 });
  });

  it('rings once a minute while a linear ramp goes on, and at its end', async () => {
    const ramp = [
      { at: iso(start), percent: 0 },
      { at: iso(start + 290 * SECOND), percent: 100 },
    ];
    const linear = { linear: { fallthrough: { serve: 'on', ramp, linear: true as const } } };
    expect(await ringsOf(linear, 1000)).toEqual({ rings: [60, 120, 180, 240, 290], waiting: 0 });
  });

  it('I10: rings at most once a second, however close the steps are', async () => {
    const close = steps(...Array.from({ length: 1_000 }, (_, i) => 1 + i / 100));
    expect(await ringsOf({ close: { fallthrough: close } }, 60)).toEqual({
      rings: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
      waiting: 0,
    });
  });

  it('waits for a step that is further away than timers can count', async () => {
    expect(await ringsOf({ far: { fallthrough: steps((60 * DAY) / SECOND) } }, 7200)).toEqual({
      rings: [],
      waiting: 1,
    });
  });

  it('sets no timer where time has no say', async () => {
    const disabled = { enabled: false, fallthrough: steps(5) };
    expect(await ringsOf({ plain: {}, disabled }, 60)).toEqual({ rings: [], waiting: 0 });
  });

  it('snapshots that change no flag put nothing off', async () => {
    const ramp = [
      { at: iso(start), percent: 0 },
      { at: iso(start + DAY), percent: 100 },
    ];
    const flags = { a: { fallthrough: { serve: 'on', ramp, linear: true as const } } };
    const store = new SnapshotStore();
    await store.offer(snapshotAt(1, { flags }));
    const rings: number[] = [];
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: start });
    try {
      const alarm = new Alarm({ store, now: Date.now }, () => rings.push((Date.now() - start) / SECOND));
      for (const revision of [2, 3, 4]) {
        vi.advanceTimersByTime(50 * SECOND);
        await store.offer(snapshotAt(revision, { flags }));
      }
      expect(rings).toEqual([60, 120]);
      alarm.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it('begins anew with each snapshot, and sees a clock that is set', async () => {
    const store = new SnapshotStore();
    await store.offer(snapshotAt(1, { flags: { a: { fallthrough: steps(100) } } }));
    let offset = 0;
    let rings = 0;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: start });
    try {
      const alarm = new Alarm({ store, now: () => Date.now() + offset }, () => rings++);
      offset = 90 * SECOND;
      vi.advanceTimersByTime(60 * SECOND);
      expect(rings).toBe(1);
      await store.offer(snapshotAt(2, { flags: { a: { fallthrough: steps(200, 300) } } }));
      vi.advanceTimersByTime(50 * SECOND);
      expect(rings).toBe(2);
      offset = -DAY;
      vi.advanceTimersByTime(60 * SECOND);
      expect(rings).toBe(3);
      offset = -2 * DAY;
      await store.offer(
        snapshotAt(3, { flags: { a: { fallthrough: steps((-2 * DAY) / SECOND + 200, 900) } } }),
      );
      vi.advanceTimersByTime(60 * SECOND);
      expect(rings).toBe(4);
      expect(vi.getTimerCount()).toBe(1);
      alarm.close();
      await store.offer(snapshotAt(4, { flags: { a: { fallthrough: steps(900) } } }));
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

it('I8: a relay that starts from its disk cache follows the same schedule', async () => {
  await using folder = await createFolder({});
  const at = Date.parse('2026-12-01T00:00:00Z');
  const rules = [{ name: 'r', from: iso(at - DAY), until: iso(at), then: { serve: 'on' } }];
  const fallthrough = { ...everyoneFrom(at + DAY), linear: true as const };
  const snapshot = snapshotAt(1, { flags: { a: { rules, fallthrough } } });
  const cache = new DiskCache(folder.path, 'prod', 'acme/shop');
  await cache.load();
  await cache.save(snapshot);
  const loaded = (await new DiskCache(folder.path, 'prod', 'acme/shop').load()).snapshot;
  expect(loaded).toEqual(snapshot);
  const ruleset = compile(loaded ?? snapshotAt(1));
  const valueAt = (ms: number) => evaluate(ruleset, 'a', context, ms).value;
  expect([at - DAY - 1, at - DAY, at - 1, at, at + DAY - 1, at + DAY].map(valueAt)).toEqual([
    false,
    true,
    true,
    false,
    false,
    true,
  ]);
});
