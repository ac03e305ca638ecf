// Posts: one request each, whose answer is what it is, and no redirect is shown the token.
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { httpPost } from '../../src/io/http.ts';

async function serve(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/events`),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('the body arrives as it was given, with its headers, and any status is an answer', async () => {
  const seen: unknown[] = [];
  await using server = await serve(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    seen.push(request.method, request.url, request.headers['x-kind'], Buffer.concat(chunks).toString('hex'));
    response.writeHead(202).end('{"accepted":2}');
  });
  const body = Buffer.from([0x1f, 0x8b, 0, 255]);
  const answer = await httpPost(server.url, { headers: { 'x-kind': 'events' }, body });
  expect(answer).toMatchObject({ status: 202, text: '{"accepted":2}' });
  expect(seen).toEqual(['POST', '/v1/events', 'events', '1f8b00ff']);
});

test.each([
  ['a gateway that fails', 503],
  ['a redirect', 307],
])('%s is answered as it is, and not asked again', async (_title, status) => {
  let calls = 0;
  await using server = await serve((request, response) => {
    calls++;
    request.resume();
    response.writeHead(status, { location: '/elsewhere', 'retry-after': '1' }).end();
  });
  const answer = await httpPost(server.url, { headers: {}, body: 'x' });
  expect([answer.status, answer.headers['retry-after'], calls]).toEqual([status, '1', 1]);
});

test('one that never answers ends at its deadline, and one that is lost is not sent again', async () => {
  await using silent = await serve(() => undefined);
  await expect(httpPost(silent.url, { headers: {}, body: 'x', deadlineMs: 100 })).rejects.toMatchObject({
    name: 'UnreachableError',
    code: 'http',
  });
  let calls = 0;
  await using cutting = await serve((request) => {
    calls++;
    request.socket.destroy();
  });
  await expect(httpPost(cutting.url, { headers: {}, body: 'x' })).rejects.toMatchObject({ code: 'http' });
  expect(calls).toBe(1);
});

test('a signal ends it with its reason', async () => {
  await using silent = await serve(() => undefined);
  const stop = new AbortController();
  const posted = httpPost(silent.url, { headers: {}, body: 'x', signal: stop.signal });
  stop.abort(new Error('stopped'));
  await expect(posted).rejects.toThrow('stopped');
});
