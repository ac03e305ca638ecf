// `POST /v1/track`: each item is judged by itself, and what is wrong is said without a word of the request.
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/engine/compile.ts';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { scopeOf } from '../../../src/relay/events/scope.ts';
import { readItem } from '../../../src/relay/events/track.ts';
import { Units } from '../../../src/relay/events/units.ts';
import { snapshotOfBodies } from '../../support/snapshot.ts';
import { until } from '../../support/until.ts';
import { relay } from '../start.ts';
import { readableLog, serve } from '../support.ts';
import { place, told } from './support.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const DAY = 86_400_000;
const SECRET = 'so-secret-that-nobody-may-see-it';

function shopSnapshot(): Snapshot {
  const snapshot = snapshotOfBodies({
    experiments: { a: {}, b: { unit: 'account.id' }, c: { unit: 'email', status: 'draft' } },
  });
  const [project] = snapshot.definitions;
  if (project?.kind !== 'project') throw new Error('the project comes first');
  project.body.attributes = { email: { type: 'string', personal: true }, plan: { type: 'string' } };
  return snapshot;
}

const snapshot = shopSnapshot();
const scope = scopeOf({ snapshot, ruleset: compile(snapshot) });
const units = await Units.open(undefined, readableLog().log);
const read = (item: unknown) => readItem(item, scope, units, NOW);

describe('an item', () => {
  it.each<[title: string, item: object, event: object]>([
    ['of a unit alone', { event: 'purchase', unit: 'u' }, { units: { targetingKey: 'u' } }],
    ['of a unit that is a number', { event: 'purchase', unit: 7 }, { units: { targetingKey: '7' } }],
    [
      'of a context, of which only units are taken',
      { event: 'purchase', context: { targetingKey: 'u', account: { id: 4 }, plan: 'pro', secret: SECRET } },
      { units: { targetingKey: 'u', 'account.id': '4' } },
    ],
    [
      'whose personal unit is left out, where there is no key and another unit',
      { event: 'purchase', context: { targetingKey: 'u', email: 'a@b.example' } },
      { units: { targetingKey: 'u' } },
    ],
    ['with a value', { event: 'purchase', unit: 'u', value: -1.5 }, { value: -1.5 }],
    [
      'with properties of each kind',
      { event: 'purchase', unit: 'u', properties: { amount: 1e300, gift: false, 'shipping method': '' } },
      { properties: { amount: 1e300, gift: false, 'shipping method': '' } },
    ],
    [
      'with its value twice, alike',
      { event: 'purchase', unit: 'u', value: 2, properties: { value: 2 } },
      { value: 2 },
    ],
    ['with an id of its own', { event: 'purchase', unit: 'u', id: 'order/4711#1' }, { id: 'order/4711#1' }],
    ['without a time: now', { event: 'purchase', unit: 'u' }, { atMs: NOW }],
    [
      'of the last moment that is allowed',
      { event: 'e', unit: 'u', at: NOW + 300_000 },
      { atMs: NOW + 300_000 },
    ],
    ['of the first one', { event: 'e', unit: 'u', at: NOW - 30 * DAY }, { atMs: NOW - 30 * DAY }],
    [
      'of an instant with an offset',
      { event: 'e', unit: 'u', at: '2026-11-21T13:00:00.25+01:00' },
      { atMs: NOW + 250 },
    ],
    ['named in another script', { event: 'Заказ: оформлен/1', unit: 'u' }, { event: 'Заказ: оформлен/1' }],
    ['named as others name theirs', { event: '$pageview_2', unit: 'u' }, { event: '$pageview_2' }],
    ['of a name of 100 characters', { event: 'e'.repeat(100), unit: 'u' }, { event: 'e'.repeat(100) }],
  ])('%s', (_title, item, event) => {
    expect(read(item)).toMatchObject({
      type: 'event',
      event: { type: 'track', environment: 'prod', ...event },
    });
  });

  it('that is taken has no other member than an event has', () => {
    const found = read({ event: 'purchase', context: { targetingKey: 'u', plan: 'pro' } });
    if (found.type !== 'event') throw new Error(found.type);
    expect(Object.keys(found.event).sort()).toEqual(['atMs', 'environment', 'event', 'id', 'type', 'units']);
    expect(found.event.units).toEqual({ targetingKey: 'u' });
  });

  it.each<[code: string, item: unknown]>([
    ['item', null],
    ['item', SECRET],
    ['item', [1]],
    ['item', { event: 'e', unit: 'u', [SECRET]: 1 }],
    ['event', { unit: 'u' }],
    ['event', { event: '', unit: 'u' }],
    ['event', { event: 7, unit: 'u' }],
    ['event', { event: 'e'.repeat(101), unit: 'u' }],
    ['event', { event: `${SECRET}\n`, unit: 'u' }],
    ['event', { event: ' padded', unit: 'u' }],
    ['event', { event: 'a\u0000b', unit: 'u' }],
    ['event', { event: 'a\ud800', unit: 'u' }],
    ['event', { event: '<script>', unit: 'u' }],
    ['unit', { event: 'e' }],
    ['unit', { event: 'e', unit: 'u', context: { targetingKey: 'u' } }],
    ['unit', { event: 'e', context: SECRET }],
    ['unit', { event: 'e', context: {} }],
    ['unit', { event: 'e', context: { plan: SECRET } }],
    ['unit', { event: 'e', unit: '' }],
    ['unit', { event: 'e', unit: 1.5 }],
    ['unit', { event: 'e', unit: null }],
    ['unit', { event: 'e', unit: SECRET.repeat(20) }],
    ['unit', { event: 'e', unit: 'a\u0000b' }],
    ['unit', { event: 'e', unit: 'a\udc00b' }],
    ['value', { event: 'e', unit: 'u', value: '7' }],
    ['value', { event: 'e', unit: 'u', value: Number.POSITIVE_INFINITY }],
    ['value', { event: 'e', unit: 'u', value: Number.NaN }],
    ['value', { event: 'e', unit: 'u', value: null }],
    ['value', { event: 'e', unit: 'u', value: 1, properties: { value: 2 } }],
    ['properties', { event: 'e', unit: 'u', properties: [1] }],
    ['properties', { event: 'e', unit: 'u', properties: { a: null } }],
    ['properties', { event: 'e', unit: 'u', properties: { a: { b: 1 } } }],
    ['properties', { event: 'e', unit: 'u', properties: { a: Number.NaN } }],
    ['properties', { event: 'e', unit: 'u', properties: { a: 'x'.repeat(501) } }],
    ['properties', { event: 'e', unit: 'u', properties: { a: 'x\u0000' } }],
    ['properties', { event: 'e', unit: 'u', properties: { 'a\u0007': 1 } }],
    ['properties', { event: 'e', unit: 'u', properties: { ['k'.repeat(101)]: 1 } }],
    [
      'properties',
      {
        event: 'e',
        unit: 'u',
        properties: Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`k${at}`, 1])),
      },
    ],
    ['personal', { event: 'e', unit: 'u', properties: { email: SECRET } }],
    ['id', { event: 'e', unit: 'u', id: '' }],
    ['id', { event: 'e', unit: 'u', id: 7 }],
    ['id', { event: 'e', unit: 'u', id: 'a b' }],
    ['id', { event: 'e', unit: 'u', id: 'x'.repeat(101) }],
    ['at', { event: 'e', unit: 'u', at: 'yesterday' }],
    ['at', { event: 'e', unit: 'u', at: '2026-02-30T00:00:00Z' }],
    ['at', { event: 'e', unit: 'u', at: NOW + 300_001 }],
    ['at', { event: 'e', unit: 'u', at: NOW - 30 * DAY - 1 }],
    ['at', { event: 'e', unit: 'u', at: Number.NaN }],
    ['at', { event: 'e', unit: 'u', at: null }],
  ])('is refused for its %s: %j', (code, item) => {
    const found = read(item);
    expect(found).toEqual({ type: 'refused', code, reason: expect.stringMatching(/\.$/) });
    expect(JSON.stringify(found)).not.toContain(SECRET);
  });

  it('is dropped where its only unit is personal and there is no key', () => {
    expect(read({ event: 'e', context: { email: SECRET } })).toEqual({ type: 'dropped', reason: 'personal' });
  });
});

describe('a call', () => {
  it('takes what is well-formed, names the others by index, and delivers what it took', async () => {
    await using shop = await told();
    const items = [
      { event: 'purchase', unit: 'a', id: 'one' },
      { event: '' },
      { event: 'purchase', unit: 'b', id: 'two' },
      5,
    ];
    const response = await shop.post('/v1/track', items);
    expect([response.status, await response.json()]).toEqual([
      202,
      {
        accepted: 2,
        refused: [
          { index: 1, code: 'event', reason: expect.any(String) },
          { index: 3, code: 'item', reason: expect.any(String) },
        ],
      },
    ]);
    await until(() => shop.collector.events.length === 2);
    expect(shop.collector.tracks.map(({ id, units: said }) => [id, said.targetingKey])).toEqual([
      ['one', 'a'],
      ['two', 'b'],
    ]);
  });

  it('takes one event without a list, and an empty list', async () => {
    await using shop = await told();
    const one = await shop.post('/v1/track', { event: 'purchase', unit: 'a' });
    expect([one.status, await one.json()]).toEqual([202, { accepted: 1 }]);
    const none = await shop.post('/v1/track', []);
    expect([none.status, await none.json()]).toEqual([202, { accepted: 0 }]);
  });

  it.each<[title: string, body: string, headers: Record<string, string>, status: number, code: string]>([
    ['nothing in it is well-formed', '[{"event":""},7]', {}, 400, 'PARSE_ERROR'],
    ['it is no JSON', '{', {}, 400, 'PARSE_ERROR'],
    ['it is a text', '"purchase"', {}, 400, 'PARSE_ERROR'],
    ['it is null', 'null', {}, 400, 'PARSE_ERROR'],
    ['it has 1,001 items', JSON.stringify(Array(1_001).fill(0)), {}, 400, 'PARSE_ERROR'],
    ['it is too long', `"${'x'.repeat(256 * 1024)}"`, {}, 413, 'GENERAL'],
    ['it is packed', '[]', { 'content-encoding': 'gzip' }, 415, 'GENERAL'],
    ['it is of another type', '[]', { 'content-type': 'text/plain' }, 415, 'GENERAL'],
  ])('is refused where %s', async (_title, body, headers, status, code) => {
    await using shop = await told();
    const response = await shop.post('/v1/track', body, headers);
    expect([response.status, await response.json()]).toEqual([
      status,
      expect.objectContaining({ errorCode: code }),
    ]);
    expect(shop.status().accepted).toEqual({});
  });

  it('says why each of many is refused, where all are', async () => {
    await using shop = await told();
    const response = await shop.post(
      '/v1/track',
      Array(1_000).fill({ event: SECRET, unit: `${SECRET}\u0000` }),
    );
    const text = await response.text();
    expect([response.status, (JSON.parse(text) as { refused: [] }).refused.length]).toEqual([400, 1_000]);
    expect(text).not.toContain(SECRET);
  });

  it('is answered 404 where there is no collector, whatever it holds', async () => {
    await using server = await serve(snapshotOfBodies({}));
    for (const body of [{ event: 'e', unit: 'u' }, 7]) {
      const response = await server.post('/v1/track', body);
      expect([response.status, await response.json()]).toEqual([
        404,
        { errorCode: 'GENERAL', errorDetails: expect.stringContaining('--collector') },
      ]);
    }
  });

  it('is answered 503 before there is a snapshot, which says what is personal', async () => {
    await using empty = await place();
    await using started = await relay({
      source: `directory:${empty.path}/none`,
      collector: 'http://127.0.0.1:9',
    });
    const response = await fetch(`${started.url}/v1/track`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"event":"e","unit":"u"}',
    });
    expect([response.status, response.headers.get('retry-after'), await response.json()]).toEqual([
      503,
      '1',
      expect.objectContaining({ errorCode: 'PROVIDER_NOT_READY' }),
    ]);
  });

  it('needs a token where others do, and counts for no limit of evaluate calls', async () => {
    await using files = await place();
    const tokenFile = await files.file('tokens', 'right\n');
    await using shop = await told({ tokenFile, rateLimit: 1 });
    const item = { event: 'e', unit: 'u' };
    expect((await shop.post('/v1/track', item)).status).toBe(401);
    expect((await shop.post('/v1/track', item, { authorization: 'Bearer wrong' })).status).toBe(401);
    for (let again = 0; again < 5; again++) {
      expect((await shop.post('/v1/track', item, { authorization: 'Bearer right' })).status).toBe(202);
    }
  });
});

describe('options', () => {
  it.each<[title: string, options: object, message: string]>([
    ['a spool without a collector', { spool: '/tmp/x' }, '--spool is for events, which need a --collector.'],
    ['a key without a collector', { unitKeyFile: '/tmp/x' }, '--unit-key-file is for events'],
    ['an address that is none', { collector: 'collector:8017x' }, '--collector '],
    [
      'an address with a password',
      { collector: 'http://user:pass@collector:8017' },
      '--collector http://collector:8017/ is no address',
    ],
    [
      'a token file that is not there',
      { collector: 'http://c', collectorTokenFile: '/nowhere' },
      '--collector-token-file /nowhere cannot be read',
    ],
    [
      'a spool too small for its workers',
      { collector: 'http://c', spool: '/tmp/x', spoolBytes: 8 * 1024 * 1024, workers: 3 },
      '--spool-bytes 8388608 is too few for 3 workers: it takes 12582912.',
    ],
  ])('%s are refused at the start', async (_title, options, message) => {
    await using empty = await place();
    const started = relay({ source: `directory:${empty.path}`, ...options });
    await expect(started).rejects.toThrow(message);
    await expect(started).rejects.toThrow(expect.objectContaining({ name: 'UsageError' }));
  });
});
