// What Connect's protocol demands of a server, beyond what its clients ask for.
// Source: connectrpc.com/docs/protocol.
import { createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Service as V1 } from '../../../src/relay/grpc/gen/flagd/evaluation/v1/evaluation_pb.ts';
import { Service as V2 } from '../../../src/relay/grpc/gen/flagd/evaluation/v2/evaluation_pb.ts';
import { snapshotOfBodies } from '../../support/snapshot.ts';
import { serve, type TestService } from './serve.ts';
import { PATH } from './wire.ts';

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
