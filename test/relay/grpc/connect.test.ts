// What Connect's protocol demands of a server, beyond what its clients ask for.
// Source: connectrpc.com/docs/protocol.
import { createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Service as V1 } from '../../../src/relay/grpc/gen/flagd/evaluation/v1/evaluation_pb.ts';
import { Service as V2 } from '../../../src/relay/grpc/gen/flagd/evaluation/v2/evaluation_pb.ts';
import { snapshotOfBodies } from '../../support/snapshot.ts';
import { serve, type TestService } from './serve.ts';
import { asking, call, envelop, PATH } from './wire.ts';

let server: TestService;
beforeAll(async () => {
  server = await serve(snapshotOfBodies({ flags: { plain: {} } }));
});
afterAll(() => server[Symbol.asyncDispose]());

it('a call by GET is answered 405 and POST, since no method says that it has no side effects', async () => {
  const query = new URLSearchParams({ connect: 'v1', encoding: 'json', message: '{"flagKey":"plain"}' });
  const response = await fetch(`${server.url}${PATH}?${query}`);
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  expect(await response.json()).toMatchObject({ code: 'unknown' });
});

it('a client that would call by GET where it may calls by POST, and is answered', async () => {
  for (const httpVersion of ['1.1', '2'] as const) {
    const transport = createConnectTransport({ baseUrl: server.url, httpVersion, useHttpGet: true });
    expect(await createClient(V1, transport).resolveBoolean({ flagKey: 'plain' })).toMatchObject({
      value: true,
    });
    expect(await createClient(V2, transport).resolveBoolean({ flagKey: 'plain' })).toMatchObject({
      value: true,
    });
  }
});

const STREAM = '/flagd.evaluation.v2.Service/EventStream';
const OTHER_VERSION = {
  code: 'invalid_argument',
  message: 'Connect is spoken in version 1 here: send connect-protocol-version: 1, or leave it out.',
};

it.each(['2', '', '01', '1.0', 'v1'])(
  'another version of Connect (%j) is refused with 400',
  async (version) => {
    const headers = { 'connect-protocol-version': version };
    const response = await server.post(PATH, { flagKey: 'plain' }, headers);
    expect([response.status, response.headers.get('content-type')]).toEqual([400, 'application/json']);
    expect(await response.json()).toEqual(OTHER_VERSION);
  },
);

it('for a stream, the refusal is the end of the stream', async () => {
  const headers = { 'content-type': 'application/connect+json', 'connect-protocol-version': '2' };
  const body = envelop(Buffer.from('{}'));
  const signal = AbortSignal.timeout(10_000);
  const response = await fetch(`${server.url}${STREAM}`, { method: 'POST', headers, body, signal });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/connect+json']);
  const told = Buffer.from(await response.arrayBuffer());
  expect([told[0], told.readUInt32BE(1)]).toEqual([2, told.length - 5]);
  expect(JSON.parse(told.subarray(5).toString())).toEqual({ error: OTHER_VERSION });
});

it('a call of version 1 is answered, as is one that does not say; gRPC knows no such header', async () => {
  const one = await server.post(PATH, { flagKey: 'plain' }, { 'connect-protocol-version': '1' });
  expect([one.status, (await server.post(PATH, { flagKey: 'plain' })).status]).toEqual([200, 200]);
  const grpc = await call(server.url, envelop(asking('plain')), { 'connect-protocol-version': '2' });
  expect(grpc.grpc).toBe('0');
});

it('nothing is not unpacked, whatever is said of how it is packed', async () => {
  const all = `${server.url}/flagd.evaluation.v1.Service/ResolveAll`;
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const response = await fetch(all, { method: 'POST', headers, body: '' });
  expect([response.status, Object.keys(((await response.json()) as { flags: object }).flags)]).toEqual([
    200,
    ['plain'],
  ]);
  const told = await call(server.url, envelop(Buffer.alloc(0), 1), { 'grpc-encoding': 'gzip' });
  // It is read: there is no flag of the empty name.
  expect(told.grpc).toBe('5');
});
