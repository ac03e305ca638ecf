// Emergency overrides in a relay: every answer changes at the very instant at which one ends, and none before.
import { afterEach, describe, expect, it } from 'vitest';
import type { FlagBody } from '../../src/model/snapshot.ts';
import { serve, snapshotAt, type TestServer, until } from './support.ts';

const END = Date.parse('2026-11-20T08:00:00Z');
const override = { serve: 'off', until: '2026-11-20T08:00:00Z' };
const flags: { [key: string]: Partial<FlagBody> } = {
  checkout: { override },
  /** Its override gives what it gives by itself. */
  alike: { override: { ...override, serve: 'on' } },
  /** On where `checkout` is. */
  guest: { requires: [{ flag: 'checkout', variation: 'on' }] },
  plain: {},
};

let now: number;
let server: TestServer;
async function serveAt(ms: number) {
  now = ms;
  server = await serve(snapshotAt(1, { flags }), { now: () => now });
}
afterEach(() => server[Symbol.asyncDispose]());

const post = async (path: string, body: object) => (await server.post(path, body)).json();
const bulk = async (tag?: string) => {
  const response = await server.post(
    '/ofrep/v1/evaluate/flags',
    { context: {} },
    tag === undefined ? {} : { 'if-none-match': tag },
  );
  return { status: response.status, tag: response.headers.get('etag') ?? '' };
};
const series = async (name: string) =>
  (await (await server.get('/metrics')).text()).split('\n').find((line) => line.startsWith(`${name} `));

describe('an override', () => {
  it('decides until the millisecond before its end, in every API, and from then on the flag does', async () => {
    await serveAt(END - 1);
    const during = {
      value: false,
      variation: 'off',
      reason: 'STATIC',
      metadata: { override: override.until },
    };
    const { value, variation: variant, ...rest } = during;
    expect(await post('/v1/evaluate/checkout', {})).toMatchObject(during);
    expect(await post('/v1/evaluate', {})).toMatchObject({
      flags: { checkout: during, guest: { value: false } },
    });
    expect(await post('/ofrep/v1/evaluate/flags/checkout', { context: {} })).toMatchObject({
      value,
      variant,
      ...rest,
    });
    expect(await post('/v1/explain/checkout', {})).toMatchObject({
      steps: [{ step: 'override', stands: true }],
    });
    expect(await (await server.get('/v1/status')).json()).toMatchObject({
      overrides: [
        { flag: 'checkout', ...override },
        { flag: 'alike', ...override, serve: 'on' },
      ],
    });
    expect(await series('halyard_overrides')).toBe('halyard_overrides 2');
    now = END;
    const after = { value: true, variation: 'on', reason: 'STATIC' };
    const decided = await post('/v1/evaluate/checkout', {});
    expect(decided).toMatchObject(after);
    expect(decided).not.toHaveProperty('metadata.override');
    expect(await post('/v1/evaluate', {})).toMatchObject({
      flags: { checkout: after, guest: { value: true } },
    });
    expect(await post('/ofrep/v1/evaluate/flags/checkout', { context: {} })).toMatchObject({ value: true });
    expect(await post('/v1/explain/checkout', {})).toMatchObject({
      steps: [{ step: 'override', stands: false }, { step: 'enabled' }, { step: 'fallthrough' }],
    });
    expect(await (await server.get('/v1/status')).json()).toMatchObject({ overrides: [] });
    expect(await series('halyard_overrides')).toBe('halyard_overrides 0');
  });

  it('has a part in the tag of bulk answers: it is another one while it stands, and when it is put off', async () => {
    await serveAt(END - 1);
    const { tag: during } = await bulk();
    expect(await bulk(during)).toMatchObject({ status: 304 });
    const later = { ...override, until: '2026-11-20T09:00:00Z' };
    await server.store.offer(
      snapshotAt(2, { flags: { ...flags, alike: { override: { ...later, serve: 'on' } } } }),
    );
    const { status, tag: putOff } = await bulk(during);
    expect(status).toBe(200);
    now = END;
    const { status: ended, tag: halfEnded } = await bulk(putOff);
    expect(ended).toBe(200);
    now = Date.parse(later.until);
    const { status: allEnded, tag: after } = await bulk(halfEnded);
    expect(allEnded).toBe(200);
    await server.store.offer(
      snapshotAt(3, { flags: { checkout: {}, alike: {}, guest: flags.guest ?? {}, plain: {} } }),
    );
    // Lifted when it had ended already: the results are what they were.
    expect(await bulk(after)).toMatchObject({ status: 304 });
  });

  it('has no say in the catalogue, whose tag is that of the definitions', async () => {
    await serveAt(END - 1);
    const before = await server.get('/v1/flags');
    now = END;
    const after = await server.get('/v1/flags', { 'if-none-match': before.headers.get('etag') ?? '' });
    expect(after.status).toBe(304);
    expect(await before.json()).toMatchObject({ flags: [{ key: 'checkout', enabled: true }, {}, {}, {}] });
  });

  it('tells who listens for OFREP to ask again at its end', async () => {
    const end = Math.ceil(Date.now() / 1_000) * 1_000 + 1_000;
    const ending = { serve: 'off', until: new Date(end).toISOString() };
    server = await serve(snapshotAt(1, { flags: { checkout: { override: ending } } }));
    const stop = new AbortController();
    const response = await fetch(`${server.url}/ofrep/v1/events`, { signal: stop.signal });
    let text = '';
    const reading = (async () => {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk as Uint8Array).toString();
    })().catch(() => undefined);
    await until(() => text.includes('refetchEvaluation'));
    expect(Date.now()).toBeGreaterThanOrEqual(end);
    expect(await post('/ofrep/v1/evaluate/flags/checkout', { context: {} })).toMatchObject({ value: true });
    stop.abort();
    await reading;
  });
});
