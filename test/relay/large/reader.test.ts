// The thread that reads large bodies: what comes back of them, what cannot be read, and a thread that fails.
import { deserialize } from 'node:v8';
import { create, toBinary } from '@bufbuild/protobuf';
import { expect, it } from 'vitest';
import { ResolveAllRequestSchema } from '../../../src/relay/grpc/gen/flagd/evaluation/v1/evaluation_pb.ts';
import type { Form, FromThread } from '../../../src/relay/large/messages.ts';
import { ReaderThread } from '../../../src/relay/large/reader.ts';
import { snapshotOfCondition } from '../../support/snapshot.ts';
import { asking } from '../grpc/wire.ts';
import { readableLog } from '../support.ts';

const snapshot = snapshotOfCondition({ attribute: 'plan', operator: 'eq', value: 'pro' });
const other = snapshotOfCondition({ attribute: 'country', operator: 'eq', value: 'DE' });
const context = { targetingKey: 'user-1', plan: 'pro', country: 'DE', seats: 7 };
const slim = { targetingKey: 'user-1', plan: 'pro' };

function reader() {
  const { log, lines } = readableLog();
  const thread = new ReaderThread(log);
  const read = (form: Form, bytes: Uint8Array, of = snapshot) =>
    new Promise<FromThread | undefined>((hear) =>
      thread.read({ form, parts: [bytes.subarray(0, 9), bytes.subarray(9)], snapshot: of }, hear),
    );
  const left = async (...asked: Parameters<typeof read>) => {
    const answer = await read(...asked);
    return answer?.read.type === 'read' ? deserialize(answer.read.slim) : answer?.read;
  };
  return { thread, read, left, lines };
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

it('gives back what evaluating reads, by whatever snapshot is asked for', async () => {
  const { left } = reader();
  const body = { context, flags: ['a', 'b', 'a'], default: { x: [1] }, more: 1 };
  const asked = { flags: ['a', 'b'], default: { x: [1] } };
  expect(await left('http', json(body))).toEqual({ ...asked, context: slim });
  expect(await left('http', json(body), other)).toEqual({
    ...asked,
    context: { targetingKey: 'user-1', country: 'DE' },
  });
  expect(await left('http', json({ context, flags: null }))).toEqual({ context: slim, flags: null });
  for (const none of [[], 'text', null]) {
    expect(await left('http', json({ context: none }))).toEqual({ context: null });
    expect(await left('http', json(none))).toBe(null);
  }
});

it('removes what could reach a prototype, as from a small body', async () => {
  const { left } = reader();
  const text =
    '{"context":{"__proto__":{"plan":"pro"},"plan":{"__proto__":1}},"default":{"__proto__":{"a":1}}}';
  const body = (await left('http', Buffer.from(text))) as { default: object };
  expect(body).toEqual({ context: { plan: {} }, default: {} });
  expect(Object.hasOwn(body.default, '__proto__')).toBe(false);
});

it("reads flagd's calls in each codec", async () => {
  const { left } = reader();
  const one = { flagKey: 'a', context: slim };
  expect(await left({ codec: 'proto', asks: 'one' }, asking('a', context))).toEqual(one);
  expect(await left({ codec: 'json', asks: 'one' }, json({ flagKey: 'a', context }))).toEqual(one);
  const all = toBinary(ResolveAllRequestSchema, create(ResolveAllRequestSchema, { context }));
  for (const [codec, bytes] of [
    ['proto', all],
    ['json', json({ context })],
  ] as const) {
    expect(await left({ codec, asks: 'All' }, bytes)).toEqual({ flagKey: '', context: slim });
  }
});

it('says why a body cannot be read', async () => {
  const { left } = reader();
  const unreadable = (why: string) => ({ type: 'unreadable', why });
  expect(await left('http', Buffer.from('{"context":'))).toEqual(unreadable('malformed'));
  expect(await left('http', Buffer.from('['.repeat(200)))).toEqual(unreadable('deep'));
  expect(await left({ codec: 'proto', asks: 'one' }, Buffer.alloc(9, 255))).toEqual(unreadable('malformed'));
  expect(await left({ codec: 'json', asks: 'All' }, json([]))).toEqual(unreadable('malformed'));
});

it('says what it costs to take over what it gives back: little, but for a default that is large', async () => {
  const { read } = reader();
  const costOf = async (body: object) => {
    const answer = await read('http', json(body));
    return answer?.read.type === 'read' ? answer.read.mostMs : undefined;
  };
  const [flags, members] = [
    Array.from({ length: 8_000 }, (_, at) => `flag-${at}`),
    {} as { [name: string]: 1 },
  ];
  for (const name of flags) members[name] = 1;
  expect(await costOf({ context: { ...context, ...members } })).toBeLessThan(0.1);
  expect(await costOf({ flags: flags.slice(0, 1_000) })).toBeLessThan(0.1);
  expect(await costOf({ default: members })).toBeGreaterThan(2);
});

it('gives back no more flags than there are and may be unknown', async () => {
  const { left } = reader();
  const flags = Array.from({ length: 1_001 }, (_, at) => `flag-${at}`);
  // There is one, and a thousand may be unknown.
  expect(await left('http', json({ flags: [...flags, 'flag-0'] }))).toEqual({ flags });
  expect(await left('http', json({ flags: [...flags, 'flag-x'] }))).toEqual({
    type: 'unreadable',
    why: 'many',
  });
});

it('leaves bytes alone that are a part of others', async () => {
  const { left } = reader();
  const whole = Buffer.from(`before${JSON.stringify({ context })}after`);
  expect(await left('http', whole.subarray(6, -5))).toEqual({ context: slim });
  expect(whole.toString()).toContain('before{');
});

it('goes on in another thread where one failed, and says so', async () => {
  const { thread, read, left, lines } = reader();
  expect(await read(null as unknown as Form, json({ context }))).toBe(undefined);
  expect(thread.isBusy).toBe(false);
  expect(lines().join()).toContain('the thread that reads large bodies failed');
  expect(await left('http', json({ context }))).toEqual({ context: slim });
});

it('a body that cannot be handed over fails alone', async () => {
  const { thread, left, lines } = reader();
  const parts = [null as unknown as Uint8Array];
  const answer = await new Promise((hear) => thread.read({ form: 'http', parts, snapshot }, hear));
  expect(answer).toBe(undefined);
  expect(lines()).toHaveLength(1);
  expect(await left('http', json({ context }))).toEqual({ context: slim });
});
