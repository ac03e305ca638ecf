// A context that is large for what no definition reads is answered as it is without that, on every route that evaluates.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { snapshotOfBodies } from '../../support/snapshot.ts';
import { serve, snapshotAt, type TestServer } from '../support.ts';

const rules = [
  {
    name: 'pro',
    if: { attribute: 'company.plan', operator: 'eq', value: 'pro' },
    then: { serve: 'on' },
  } as const,
];
const flags = {
  ruled: { rules, fallthrough: { serve: 'off' } },
  split: { fallthrough: { serve: 'on', percent: 50 } },
  bySeat: { unit: 'seat', fallthrough: { serve: 'on', percent: 50 } },
};

let server: TestServer;
beforeAll(async () => {
  server = await serve(snapshotOfBodies({ flags }));
});
afterAll(() => server[Symbol.asyncDispose]());

const padding = { notes: Array.from({ length: 5_000 }, (_, at) => ({ at })) };

const contexts: [string, unknown][] = [
  ['a rule holds, and units are there', { targetingKey: 'user-1', seat: 7, company: { plan: 'pro' } }],
  ['units are missing', { company: { plan: 'free' } }],
  ['nothing', {}],
];

const routes = [
  '/v1/evaluate/ruled',
  '/v1/evaluate/nope',
  '/v1/evaluate',
  '/ofrep/v1/evaluate/flags/ruled',
  '/ofrep/v1/evaluate/flags/split',
  '/ofrep/v1/evaluate/flags',
  '/v1/explain/ruled',
];

it.each(routes.flatMap((route) => contexts.map((context) => [route, ...context] as const)))(
  '%s: %s',
  async (route, _, context) => {
    const answers = [];
    for (const more of [{}, padding]) {
      const response = await server.post(route, { context: { ...(context as object), ...more } });
      const { status, headers } = response;
      answers.push({ status, tag: headers.get('etag'), body: await response.json() });
    }
    expect(answers[1]).toEqual(answers[0]);
  },
);

it.each([
  ['flags that are asked for, one twice', '/v1/evaluate', { flags: ['split', 'nope', 'split'], context: {} }],
  ['flags that are no list', '/v1/evaluate', { flags: 'split', context: {} }],
  ['a default of its own', '/v1/evaluate/nope', { default: { a: [null, 1e3] }, context: {} }],
  ['a context that is a list', '/v1/evaluate/split', { context: [] }],
  ['a context that is null', '/v1/evaluate/split', { context: null }],
  ['no context', '/ofrep/v1/evaluate/flags', {}],
])('beside it: %s', async (_, route, body) => {
  const answers = [];
  for (const more of [{}, { padding }]) {
    const response = await server.post(route, { ...body, ...more });
    answers.push({ status: response.status, body: await response.json() });
  }
  expect(answers[1]).toEqual(answers[0]);
});

it('a list that is no body', async () => {
  const response = await server.post('/v1/evaluate/split', [padding]);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errorCode: 'PARSE_ERROR' });
});

it('is answered 503 before the first snapshot, as small ones are', async () => {
  await using early = await serve(undefined);
  const { status } = await early.post('/ofrep/v1/evaluate/flags', { context: padding });
  expect(status).toBe(503);
});

it('I7: what a later snapshot reads is not read for it: it is answered from the one with which it came', async () => {
  await using swapped = await serve(snapshotAt(1, { flags: { ruled: {} } }));
  const context = { company: { plan: 'pro' }, ...padding };
  const ask = async () => {
    const answer = await swapped.post('/v1/evaluate/ruled', { context });
    const { metadata, reason } = (await answer.json()) as { metadata: { revision: number }; reason: string };
    return [metadata.revision, reason];
  };
  const early = Array.from({ length: 30 }, ask);
  // When the first one has come, the thread that reads them is started, and the others wait.
  await early[0];
  await swapped.store.offer(snapshotAt(2, { flags }));
  for (const [revision, reason] of await Promise.all(early)) {
    expect(reason).toBe(revision === 1 ? 'STATIC' : 'TARGETING_MATCH');
  }
  expect(await ask()).toEqual([2, 'TARGETING_MATCH']);
});

it('that asks for thousands of flags that there are not is refused; for as many as may be unknown it is answered', async () => {
  const flags = Array.from({ length: 9_000 }, (_, at) => `flag-${at}`);
  const many = await server.post('/v1/evaluate', { context: {}, flags });
  expect(many.status).toBe(400);
  expect(await many.json()).toMatchObject({
    errorDetails: '"flags" names more than 1000 flags that this environment does not have.',
  });
  const most = await server.post('/v1/evaluate', { context: {}, flags: [...flags.slice(0, 1_000), 'split'] });
  const { flags: answers } = (await most.json()) as { flags: object };
  expect(Object.keys(answers)).toHaveLength(1_001);
});
