// The native API over real HTTP.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snapshotOfBodies } from '../../support/snapshot.ts';
import { costly, serve, snapshotAt, type TestServer, until } from '../support.ts';

const snapshot = snapshotOfBodies({
  flags: {
    plain: {},
    killed: { enabled: false },
    bare: {
      type: 'json',
      variations: { a: { deep: [1, null] } },
      off: undefined as never,
      enabled: false,
      fallthrough: { serve: 'a' },
    },
    settings: {
      off: undefined as never,
      type: 'json',
      variations: { a: { deep: [1, null, 'ü'] } },
      fallthrough: { serve: 'a' },
    },
    half: {
      fallthrough: {
        rollout: {
          variations: [
            { key: 'on', weight: 50 },
            { key: 'off', weight: 50 },
          ],
        },
      },
    },
    'a.b-c_d': { variations: { on: true, off: false } },
  },
});
const where = { environment: 'prod', revision: 7, commit: 'c0ffee' };

let server: TestServer;
beforeAll(async () => {
  server = await serve(snapshot);
});
afterAll(() => server[Symbol.asyncDispose]());

async function one(flag: string, body: unknown = { context: {} }): Promise<unknown> {
  const response = await server.post(`/v1/evaluate/${flag}`, body);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  return response.json();
}

describe('POST /v1/evaluate/:flag', () => {
  it('answers value, variation, reason and where it comes from', async () => {
    expect(await one('plain')).toEqual({
      flag: 'plain',
      value: true,
      variation: 'on',
      reason: 'STATIC',
      metadata: where,
    });
    expect(await one('settings')).toMatchObject({ value: { deep: [1, null, 'ü'] } });
  });

  it('answers an unknown flag with 200 and FLAG_NOT_FOUND', async () => {
    expect(await one('nope')).toEqual({
      flag: 'nope',
      reason: 'ERROR',
      errorCode: 'FLAG_NOT_FOUND',
      metadata: where,
    });
  });

  it('an error carries the off variation', async () => {
    expect(await one('half')).toMatchObject({
      value: false,
      reason: 'ERROR',
      errorCode: 'TARGETING_KEY_MISSING',
    });
  });

  it('leaves the value out where there is none, and the default fills only that', async () => {
    expect(await one('bare')).toEqual({ flag: 'bare', reason: 'DISABLED', metadata: where });
    expect(await one('bare', { context: {}, default: { mine: 1 } })).toEqual({
      flag: 'bare',
      value: { mine: 1 },
      reason: 'DISABLED',
      metadata: where,
    });
    expect(await one('killed', { context: {}, default: true })).toMatchObject({ value: false });
    expect(await one('nope', { context: {}, default: 'x' })).toMatchObject({ value: 'x', reason: 'ERROR' });
    expect(await one('nope', { context: {}, default: null })).not.toHaveProperty('value');
  });

  it('a default beyond what a number can hold fills nothing: a value is never null', async () => {
    const response = await fetch(`${server.url}/v1/evaluate/nope`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"context":{},"default":1e999}',
    });
    expect(await response.json()).not.toHaveProperty('value');
  });

  it('a default that fills a value is not kept for the next caller', async () => {
    await one('bare', { context: {}, default: 'first' });
    expect(await one('bare')).not.toHaveProperty('value');
  });

  it('a body without a context has an empty one', async () => {
    expect(await one('plain', {})).toMatchObject({ value: true });
  });

  it.each(['a.b-c_d', 'a%2Eb%2Dc%5Fd'])('reads the percent-encoded key %s', async (key) => {
    expect(await one(key)).toMatchObject({ flag: 'a.b-c_d', value: true });
  });

  it.each(['a%2Fb', '%F0%9F%92%A5', '__proto__', 'constructor', 'toString', '%00', 'a%20b'])(
    'the odd key %s is an unknown flag',
    async (key) => {
      expect(await one(key)).toMatchObject({ flag: decodeURIComponent(key), errorCode: 'FLAG_NOT_FOUND' });
    },
  );
});

describe('POST /v1/evaluate', () => {
  it('answers many flags of one revision, in the order asked, each once', async () => {
    const response = await server.post('/v1/evaluate', {
      context: {},
      flags: ['nope', 'plain', 'nope', '__proto__'],
    });
    const text = await response.text();
    const body = JSON.parse(text) as { revision: number; commit: string; flags: object };
    expect(body).toMatchObject({ revision: 7, commit: 'c0ffee' });
    expect(Object.keys(body.flags)).toEqual(['nope', 'plain', '__proto__']);
    expect(body.flags).toMatchObject({ plain: { value: true }, nope: { errorCode: 'FLAG_NOT_FOUND' } });
  });

  it('answers every flag, as one call each does, where none is named', async () => {
    const context = { targetingKey: 'u1' };
    const { flags } = (await (await server.post('/v1/evaluate', { context })).json()) as { flags: object };
    expect(Object.keys(flags)).toEqual(['plain', 'killed', 'bare', 'settings', 'half', 'a.b-c_d']);
    for (const [flag, decision] of Object.entries(flags))
      expect(await one(flag, { context })).toEqual(decision);
  });

  it('an empty list of flags is an empty answer', async () => {
    const response = await server.post('/v1/evaluate', { context: {}, flags: [] });
    expect(await response.json()).toEqual({ revision: 7, commit: 'c0ffee', flags: {} });
  });

  it('I10: names at most 1,000 flags that there are not, beside all that there are', async () => {
    const unknown = Array.from({ length: 1_001 }, (_, at) => `no-${at}`);
    const most = await server.post('/v1/evaluate', { flags: ['plain', ...unknown.slice(1), 'half'] });
    expect(most.status).toBe(200);
    const { flags } = (await most.json()) as { flags: object };
    expect(Object.keys(flags)).toHaveLength(1_002);
    const more = await server.post('/v1/evaluate', { flags: ['plain', ...unknown] });
    expect([more.status, await more.json()]).toMatchObject([400, { errorCode: 'PARSE_ERROR' }]);
  });

  it.each([['a'], [{}], [[1]], [null]])('refuses flags = %j', async (flags) => {
    const response = await server.post('/v1/evaluate', { context: {}, flags });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errorCode: 'PARSE_ERROR' });
  });
});

describe('a large body', () => {
  const { flags, context } = costly;

  it('is answered as one call for each flag is, from one revision, while others are answered', async () => {
    await using server = await serve(snapshotOfBodies({ flags }));
    const asked: unknown[] = [
      server.post('/v1/evaluate', { context }),
      server.post('/v1/evaluate', { context, flags: ['flag-1', 'nope', 'flag-0'] }),
      server.post('/v1/evaluate', { context: { targetingKey: 'user-2' } }),
    ];
    const [every, some, small] = (await Promise.all(
      asked.map(async (answer) => (await (answer as Promise<Response>)).json()),
    )) as { revision: number; flags: Record<string, unknown> }[];
    expect(Object.keys(every?.flags ?? {}).sort()).toEqual(Object.keys(flags).sort());
    for (const flag of ['flag-0', 'flag-1', 'flag-59']) {
      const one = await (await server.post(`/v1/evaluate/${flag}`, { context })).json();
      expect(every?.flags[flag]).toEqual(one);
    }
    expect(some).toEqual({
      ...every,
      flags: {
        'flag-1': every?.flags['flag-1'],
        nope: expect.objectContaining({ errorCode: 'FLAG_NOT_FOUND' }),
        'flag-0': every?.flags['flag-0'],
      },
    });
    expect(small?.flags['flag-1']).toMatchObject({ value: false });
  });

  it('I7: is answered from the snapshot with which it began, and counted, whatever comes meanwhile', async () => {
    await using server = await serve(snapshotAt(1, { flags }));
    const { store, counters } = server;
    store.onSwap(({ before }) => before && void counters.evaluations.catchUp(before.answers));
    const asked = ['/v1/evaluate', '/ofrep/v1/evaluate/flags'].map(async (path) => {
      const body = (await (await server.post(path, { context })).json()) as {
        revision?: number;
        metadata?: { revision: number };
        flags: Record<string, { metadata: { revision: number } }>;
      };
      return { revision: body.revision ?? body.metadata?.revision, decisions: Object.values(body.flags) };
    });
    // Small ones are answered between the steps, by whichever snapshot is served then.
    const swaps = 5;
    for (let revision = 2; revision <= 1 + swaps; revision++) {
      await store.offer(snapshotAt(revision, { flags }));
      expect((await server.post('/v1/evaluate/flag-1', { context: {} })).status).toBe(200);
    }
    const answers = await Promise.all(asked);
    for (const { revision, decisions } of answers) {
      expect(revision).toBeLessThanOrEqual(swaps);
      expect(decisions.length).toBe(60);
      expect(new Set(decisions.map(({ metadata }) => metadata.revision))).toEqual(new Set([revision]));
    }
    await counters.evaluations.catchUp(store.served?.answers);
    const counted = [...counters.evaluations.all()].reduce((sum, { count }) => sum + count, 0);
    expect(counted).toBe(2 * 60 + swaps);
  });

  it('I10: where too much is under way, one that takes long is answered 503, and small ones as ever', async () => {
    await using server = await serve(snapshotOfBodies({ flags }));
    const statuses = new Set<number>();
    const costly = Array.from({ length: 120 }, async () => {
      const { status, headers } = await server.post('/ofrep/v1/evaluate/flags', { context });
      statuses.add(status);
      if (status === 503) expect(headers.get('retry-after')).toBe('1');
    });
    for (let at = 0; at < 20; at++) {
      expect((await server.post('/v1/evaluate/flag-1', { context: {} })).status).toBe(200);
    }
    await Promise.all(costly);
    expect([...statuses].filter((status) => status !== 200)).toEqual([503]);
    expect(server.counters.refusedRequests.get('too_many')).toBeGreaterThan(0);
    await until(async () => (await server.post('/ofrep/v1/evaluate/flags', { context })).status === 200);
  });
});

describe('POST /v1/explain/:flag', () => {
  it('holds the decision that evaluate gives, and the steps to it', async () => {
    const context = { targetingKey: 'u1' };
    const explanation = await (await server.post('/v1/explain/half', { context })).json();
    expect(explanation).toMatchObject({ decision: await one('half', { context }) });
    expect(JSON.stringify(explanation)).toContain('"bucket":');
  });
});

describe('before the first snapshot', () => {
  it('evaluate answers PROVIDER_NOT_READY with 200, and the rest 503', async () => {
    await using empty = await serve(undefined);
    const decision = {
      flag: 'a',
      reason: 'ERROR',
      errorCode: 'PROVIDER_NOT_READY',
      metadata: { environment: 'prod' },
    };
    const single = await empty.post('/v1/evaluate/a', { context: {}, default: 3 });
    expect([single.status, await single.json()]).toEqual([200, { ...decision, value: 3 }]);
    const many = await empty.post('/v1/evaluate', { context: {}, flags: ['a'] });
    expect(many.status).toBe(200);
    expect(await many.json()).toMatchObject({ errorCode: 'PROVIDER_NOT_READY', flags: { a: decision } });
    for (const response of [
      await empty.post('/v1/explain/a', {}),
      await empty.post('/ofrep/v1/evaluate/flags', { context: {} }),
      await empty.post('/ofrep/v1/evaluate/flags/a', { context: {} }),
      await empty.get('/v1/flags'),
      await empty.get('/v1/snapshot'),
    ]) {
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('1');
      expect(await response.json()).toMatchObject({ errorCode: 'PROVIDER_NOT_READY' });
    }
  });
});
