// Plain clients of every protocol of the family: the same answers, the same errors, whichever way a call is written.
import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { Service as V1 } from '../../../src/relay/grpc/gen/flagd/evaluation/v1/evaluation_pb.ts';
import { Service as V2 } from '../../../src/relay/grpc/gen/flagd/evaluation/v2/evaluation_pb.ts';
import { Tokens } from '../../../src/relay/http/tokens.ts';
import { type Bodies, snapshotOfBodies } from '../../support/snapshot.ts';
import { clientOf, serve, type TestService, TRANSPORTS } from './serve.ts';

const json = (value: object) => ({ type: 'json' as const, variations: { v: value as never }, off: 'v' });
const number = (value: number) => ({ type: 'number' as const, variations: { v: value }, off: 'v' });
const serving = { fallthrough: { serve: 'v' } };
const rules = [
  {
    name: 'pro',
    if: { attribute: 'plan', operator: 'eq', value: 'pro' } as const,
    then: { serve: 'on' },
  },
];

const bodies: Bodies = {
  flags: {
    truth: {},
    lie: { fallthrough: { serve: 'off' } },
    text: { type: 'string', variations: { v: 'b ü' }, off: 'v', ...serving },
    empty: { type: 'string', variations: { v: '' }, off: 'v', ...serving },
    half: { ...number(0.5), ...serving },
    many: { ...number(42), ...serving },
    none: { ...number(0), ...serving },
    large: { ...number(Number.MAX_SAFE_INTEGER), ...serving },
    larger: { ...number(1e300), ...serving },
    object: { ...json({ a: [1, { b: null }], c: {} }), ...serving },
    list: { ...json([1, 'x']), ...serving },
    ruled: { rules, fallthrough: { serve: 'off' } },
    split: { fallthrough: { serve: 'on', percent: 50 } },
    off: { enabled: false },
    'off-bare': { enabled: false },
    bare: {},
    unmet: { requires: [{ flag: 'truth', variation: 'off' }] },
    overridden: { override: { serve: 'off', until: '2999-01-01T00:00:00Z' } },
  },
};
const snapshot = withoutOff(snapshotOfBodies(bodies), 'off-bare', 'bare');

/** These flags have no value for those whom nothing else takes. */
function withoutOff(from: Snapshot, ...keys: string[]): Snapshot {
  const definitions = from.definitions.map((row) => {
    if (row.kind !== 'flag' || !keys.includes(row.key)) return row;
    const { off, fallthrough, ...body } = row.body;
    return { ...row, body };
  });
  return { ...from, definitions };
}
const where = { environment: 'prod', revision: 7, commit: 'c0ffee' };

let server: TestService;
beforeAll(async () => {
  server = await serve(snapshot);
});
afterAll(() => server[Symbol.asyncDispose]());

/** What a client is told, or the code of its error. */
async function told(call: Promise<object>): Promise<object | string> {
  try {
    const { $typeName, $unknown, ...rest } = (await call) as { [member: string]: unknown };
    return rest;
  } catch (error) {
    return Code[ConnectError.from(error).code];
  }
}

describe.each(Object.keys(TRANSPORTS))('%s', (transport) => {
  const client = () => clientOf(V2, server.url, transport);
  const old = () => clientOf(V1, server.url, transport);

  it('reads every type of value', async () => {
    const found = await Promise.all([
      client().resolveBoolean({ flagKey: 'truth' }),
      client().resolveBoolean({ flagKey: 'lie' }),
      client().resolveString({ flagKey: 'text' }),
      client().resolveString({ flagKey: 'empty' }),
      client().resolveFloat({ flagKey: 'half' }),
      client().resolveFloat({ flagKey: 'many' }),
      client().resolveFloat({ flagKey: 'larger' }),
      client().resolveInt({ flagKey: 'many' }),
      client().resolveInt({ flagKey: 'none' }),
      client().resolveInt({ flagKey: 'large' }),
      client().resolveObject({ flagKey: 'object' }),
    ]);
    expect(found.map(({ value }) => value)).toEqual([
      true,
      false,
      'b ü',
      '',
      0.5,
      42,
      1e300,
      42n,
      0n,
      BigInt(Number.MAX_SAFE_INTEGER),
      { a: [1, { b: null }], c: {} },
    ]);
  });

  it('reads a context, and says why an answer is what it is', async () => {
    const context = { targetingKey: 'u', plan: 'pro', nested: { list: [1, true, null, 'x'] } };
    expect(await told(client().resolveBoolean({ flagKey: 'ruled', context }))).toEqual({
      value: true,
      variant: 'on',
      reason: 'TARGETING_MATCH',
      metadata: { ...where, rule: 'pro' },
    });
    expect(await told(client().resolveBoolean({ flagKey: 'ruled' }))).toMatchObject({
      value: false,
      reason: 'DEFAULT',
    });
    expect(await told(client().resolveBoolean({ flagKey: 'overridden' }))).toMatchObject({
      value: false,
      metadata: { ...where, override: '2999-01-01T00:00:00Z' },
    });
    expect(await told(client().resolveBoolean({ flagKey: 'unmet' }))).toMatchObject({
      value: false,
      reason: 'DISABLED',
      metadata: { requires: 'truth' },
    });
  });

  it('reads of a large context what matters', async () => {
    const context = { targetingKey: 'u', plan: 'pro', notes: Array.from({ length: 2_000 }, () => 'note') };
    expect(await told(client().resolveBoolean({ flagKey: 'ruled', context }))).toMatchObject({ value: true });
    const { flags } = await old().resolveAll({ context });
    expect(flags).toEqual((await old().resolveAll({ context: { targetingKey: 'u', plan: 'pro' } })).flags);
    expect(flags.ruled?.reason).toBe('TARGETING_MATCH');
  });

  it.each([
    ['an unknown flag', () => client().resolveBoolean({ flagKey: 'nope' }), 'NotFound'],
    ['no flag', () => client().resolveBoolean({}), 'NotFound'],
    ['text as boolean', () => client().resolveBoolean({ flagKey: 'text' }), 'InvalidArgument'],
    ['a boolean as text', () => client().resolveString({ flagKey: 'truth' }), 'InvalidArgument'],
    ['a boolean as number', () => client().resolveFloat({ flagKey: 'truth' }), 'InvalidArgument'],
    ['a fraction as whole number', () => client().resolveInt({ flagKey: 'half' }), 'InvalidArgument'],
    ['too large a whole number', () => client().resolveInt({ flagKey: 'larger' }), 'InvalidArgument'],
    ['a list as object', () => client().resolveObject({ flagKey: 'list' }), 'InvalidArgument'],
    ['a text as object', () => client().resolveObject({ flagKey: 'text' }), 'InvalidArgument'],
    ['a split without a unit', () => client().resolveBoolean({ flagKey: 'split' }), 'FailedPrecondition'],
  ])('refuses %s', async (_what, call, code) => {
    expect(await told(call())).toBe(code);
  });

  it('a disabled flag gives its `off` variation; one without any, silence in version 2 and an error in version 1', async () => {
    const off = { value: false, variant: 'off', reason: 'DISABLED' };
    expect(await told(client().resolveBoolean({ flagKey: 'off' }))).toMatchObject(off);
    expect(await told(old().resolveBoolean({ flagKey: 'off' }))).toMatchObject(off);
    for (const [flagKey, reason] of Object.entries({ 'off-bare': 'DISABLED', bare: 'DEFAULT' })) {
      expect(await told(client().resolveBoolean({ flagKey }))).toEqual({ reason, metadata: where });
      expect(await told(client().resolveInt({ flagKey }))).toEqual({ reason, metadata: where });
      expect(await told(old().resolveBoolean({ flagKey }))).toBe('NotFound');
    }
  });

  it('version 1 gives what version 2 gives', async () => {
    expect(await told(old().resolveBoolean({ flagKey: 'lie' }))).toEqual({
      value: false,
      variant: 'off',
      reason: 'STATIC',
      metadata: where,
    });
    expect(await told(old().resolveInt({ flagKey: 'many' }))).toMatchObject({ value: 42n });
    expect(await told(old().resolveObject({ flagKey: 'list' }))).toBe('InvalidArgument');
  });

  it('all flags at once leave out what gives no value, errs or cannot be said', async () => {
    const { flags, metadata } = await old().resolveAll({ context: { targetingKey: 'u', plan: 'pro' } });
    expect(metadata).toEqual({ project: 'acme/shop', ...where });
    expect(Object.keys(flags).sort()).toEqual(
      [
        ...[
          'empty',
          'half',
          'large',
          'larger',
          'lie',
          'many',
          'none',
          'object',
          'off',
          'overridden',
          'ruled',
        ],
        ...['split', 'text', 'truth', 'unmet'],
      ].sort(),
    );
    expect(flags.ruled).toMatchObject({
      reason: 'TARGETING_MATCH',
      variant: 'on',
      value: { case: 'boolValue', value: true },
      metadata: { ...where, rule: 'pro' },
    });
    const found = (key: string) => flags[key]?.value;
    expect(found('lie')).toEqual({ case: 'boolValue', value: false });
    expect(found('empty')).toEqual({ case: 'stringValue', value: '' });
    expect(found('half')).toEqual({ case: 'doubleValue', value: 0.5 });
    expect(found('none')).toEqual({ case: 'doubleValue', value: 0 });
    expect(found('object')).toEqual({ case: 'objectValue', value: { a: [1, { b: null }], c: {} } });
    expect(Object.keys((await old().resolveAll({})).flags)).not.toContain('split');
  });

  it('a stream of events begins with `provider_ready`', async () => {
    for await (const { type, data } of client().eventStream({})) {
      expect({ type, data }).toEqual({ type: 'provider_ready', data: undefined });
      break;
    }
  });

  it('needs a token where tokens are set', async () => {
    await using guarded = await serve(snapshot, { tokens: new Tokens('secret') });
    const guardedClient = clientOf(V2, guarded.url, transport);
    const ask = (headers: Record<string, string>) =>
      told(guardedClient.resolveBoolean({ flagKey: 'truth' }, { headers }));
    expect(await ask({})).toBe('Unauthenticated');
    expect(await ask({ authorization: 'Bearer wrong' })).toBe('Unauthenticated');
    expect(await ask({ authorization: 'Bearer secret' })).toMatchObject({ value: true });
    expect(await ask({ 'x-api-key': 'secret' })).toMatchObject({ value: true });
    expect(guarded.counters.refusedRequests.get('token')).toBe(2);
  });

  it('before the first snapshot, calls are refused for now, and streams wait to say that they are ready', async () => {
    await using early = await serve(undefined);
    const earlyClient = clientOf(V2, early.url, transport);
    expect(await told(earlyClient.resolveBoolean({ flagKey: 'truth' }))).toBe('Unavailable');
    const types: string[] = [];
    for await (const { type } of earlyClient.eventStream({})) {
      types.push(type);
      if (type === 'provider_ready') break;
      await early.store.offer(snapshot);
    }
    expect(types).toEqual(['keep_alive', 'provider_ready']);
  });
});

describe('Connect in JSON, as it is typed by hand or sent by the PHP provider', () => {
  it('answers schema.v1 as version 1', async () => {
    const response = await server.post('/schema.v1.Service/ResolveInt', { flagKey: 'many', context: {} });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ value: '42', variant: 'v', reason: 'STATIC', metadata: where });
  });

  it('says an error with its status', async () => {
    const response = await server.post('/flagd.evaluation.v1.Service/ResolveBoolean', { flagKey: 'nope' });
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      code: 'not_found',
      message: 'There is no flag of this key in this environment.',
    });
  });

  it('takes a key in either spelling, and no context', async () => {
    for (const body of [{ flagKey: 'truth' }, { flag_key: 'truth', context: null }]) {
      const response = await server.post('/flagd.evaluation.v2.Service/ResolveBoolean', body);
      expect(await response.json()).toMatchObject({ value: true });
    }
  });
});

describe('what is counted', () => {
  it('evaluations count as those of HTTP do, and take their time by API', async () => {
    await using counted = await serve(snapshot);
    const client = clientOf(V1, counted.url);
    for (let i = 0; i < 3; i++) await client.resolveBoolean({ flagKey: 'lie' });
    await told(client.resolveBoolean({ flagKey: 'nope' }));
    await told(client.resolveBoolean({ flagKey: 'text' }));
    await client.resolveAll({});
    const { counters, store } = counted;
    counters.evaluations.take((store.served as NonNullable<typeof store.served>).answers);
    const of = (flag: string) =>
      [...counters.evaluations.all()].filter((series) => series.flag === flag).map(({ count }) => count);
    expect([of('lie'), of('text'), of('')]).toEqual([[4], [2], [1]]);
    const observed = (api: 'grpc' | 'grpc_all') => counters.latency[api].counts.reduce((a, b) => a + b, 0);
    expect([observed('grpc'), observed('grpc_all')]).toEqual([5, 1]);
    expect(counters.requestsInFlight).toBe(0);
  });
});
