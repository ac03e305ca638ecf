// A connection on which nothing came in time: told so where a request had begun, closed without a word where none had.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { RefusalPace } from '../../../src/relay/http/refusal-pace.ts';
import { refuseConnection } from '../../../src/relay/http/unrouted.ts';

test.each([
  ['a part of a request is told that it is late', 'POST /v1/eval', /^HTTP\/1\.1 408 Request Timeout\r\n/],
  ['nothing, as pools open ahead, is closed without an answer', '', /^$/],
])('one with %s', async (_name, sent, answered) => {
  await using server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const client = connect(port, '127.0.0.1');
  const [socket] = (await once(server, 'connection')) as [Socket];
  if (sent !== '') {
    client.write(sent);
    await once(socket, 'data');
  }
  refuseConnection('ERR_HTTP_REQUEST_TIMEOUT', socket);
  expect(await text(client)).toMatch(answered);
});

test('one that waits to be refused is told what it was refused for, and counts once, though its time runs out', async () => {
  await using server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const client = connect(port, '127.0.0.1');
  const [socket] = (await once(server, 'connection')) as [Socket];
  client.write('no HTTP');
  await once(socket, 'data');
  const held: (() => void)[] = [];
  const pace = { answer: (refuse: () => void) => void held.push(refuse) } as unknown as RefusalPace;
  refuseConnection('HPE_INVALID_METHOD', socket, pace);
  refuseConnection('ERR_HTTP_REQUEST_TIMEOUT', socket, pace);
  // As the pace does, the newest first.
  for (const refuse of held.reverse()) refuse();
  const answer = await text(client);
  expect(held).toHaveLength(1);
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
});
