// Exposures: offered for every decision that gives an arm, by every protocol, as often as the experiment says.
import { describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { told } from './support.ts';

type Ask = (url: string, grpcUrl: string, unit: string) => Promise<Response>;

const json = { 'content-type': 'application/json' };
const send = (url: string, body: object) =>
  fetch(url, { method: 'POST', headers: json, body: JSON.stringify(body) });

const PROTOCOLS: [name: string, ask: Ask][] = [
  [
    'POST /v1/evaluate/{flag}',
    (url, _, unit) => send(`${url}/v1/evaluate/layout`, { context: { targetingKey: unit } }),
  ],
  [
    'POST /v1/evaluate of some flags',
    (url, _, unit) =>
      send(`${url}/v1/evaluate`, { context: { targetingKey: unit }, flags: ['plain', 'layout'] }),
  ],
  [
    'POST /v1/evaluate of all flags',
    (url, _, unit) => send(`${url}/v1/evaluate`, { context: { targetingKey: unit } }),
  ],
  [
    'OFREP, one flag',
    (url, _, unit) => send(`${url}/ofrep/v1/evaluate/flags/layout`, { context: { targetingKey: unit } }),
  ],
  [
    'OFREP, all flags',
    (url, _, unit) => send(`${url}/ofrep/v1/evaluate/flags`, { context: { targetingKey: unit } }),
  ],
  [
    'gRPC, one flag',
    (_, url, unit) =>
      send(`${url}/flagd.evaluation.v2.Service/ResolveBoolean`, {
        flagKey: 'layout',
        context: { targetingKey: unit },
      }),
  ],
  [
    'gRPC, all flags',
    (_, url, unit) =>
      send(`${url}/flagd.evaluation.v1.Service/ResolveAll`, { context: { targetingKey: unit } }),
  ],
];

describe('every protocol', () => {
  it('offers the first exposure of a unit, also where the answer comes from memory', async () => {
    await using shop = await told({ grpc: '127.0.0.1:0' });
    const { relay, collector } = shop;
    for (const [name, ask] of PROTOCOLS) {
      for (let again = 0; again < 3; again++) {
        const response = await ask(relay.url, relay.grpcUrl as string, `unit of ${name}`);
        expect([name, response.status]).toEqual([name, 200]);
        await response.arrayBuffer();
      }
    }
    const ofLayout = () => collector.exposures.filter(({ experiment }) => experiment === 'layout');
    await until(() => ofLayout().length >= PROTOCOLS.length);
    await shop.relay.stop();
    expect(
      ofLayout()
        .map(({ unit }) => unit)
        .sort(),
    ).toEqual(PROTOCOLS.map(([name]) => `unit of ${name}`).sort());
  });
});

it('an exposure says who was given which arm of which experiment, when, and at which revision', async () => {
  await using shop = await told();
  const before = Date.now();
  const { metadata } = (await shop.relay.evaluate('layout', { targetingKey: 'user-1' })) as {
    metadata: { arm: string; revision: number };
  };
  await until(() => shop.collector.events.length === 1);
  const [exposure] = shop.collector.exposures;
  expect(exposure).toEqual({
    type: 'exposure',
    id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
    environment: 'prod',
    atMs: expect.any(Number),
    experiment: 'layout',
    arm: metadata.arm,
    unitAttribute: 'targetingKey',
    unit: 'user-1',
    revision: metadata.revision,
  });
  expect(exposure?.atMs).toBeGreaterThanOrEqual(before);
  expect(exposure?.atMs).toBeLessThanOrEqual(Date.now());
});

it('first offers once, all each time, off never; a draft gives no arm, and explain offers none', async () => {
  await using shop = await told();
  const context = { targetingKey: 'user-1', account: 7 };
  for (const flag of ['layout', 'each', 'silent', 'draft', 'plain', 'nowhere']) {
    for (let again = 0; again < 3; again++) await shop.relay.evaluate(flag, context);
  }
  for (let again = 0; again < 3; again++) await shop.post('/v1/explain/each', { context });
  await shop.relay.stop();
  expect(shop.collector.exposures.map(({ experiment }) => experiment).sort()).toEqual([
    'each',
    'each',
    'each',
    'layout',
  ]);
});

it('a call that is refused is no exposure: the app shows its own default', async () => {
  await using shop = await told({ grpc: '127.0.0.1:0' });
  const response = await send(`${shop.relay.grpcUrl}/flagd.evaluation.v2.Service/ResolveString`, {
    flagKey: 'layout',
    context: { targetingKey: 'user-1' },
  });
  expect(response.status).toBe(400);
  await shop.relay.stop();
  expect(shop.collector.events).toEqual([]);
});

it('a unit that cannot be told of is counted, once an hour, and nothing of it is said', async () => {
  await using shop = await told();
  for (const unit of ['', 'x'.repeat(501), 'a\u0000b', 'a\ud800b']) {
    for (let again = 0; again < 2; again++) await shop.relay.evaluate('layout', { targetingKey: unit });
  }
  expect(shop.status()).toMatchObject({ accepted: {}, dropped: { unit: 4 } });
});
