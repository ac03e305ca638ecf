// The door to HTTP: every question has an end, whatever the other side does.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { httpGet } from '../../src/io/http.ts';

const servers: Server[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<{ url: URL; server: Server }> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`), server };
}

test('any status is an answer, and headers that came twice are joined', async () => {
  const { url } = await serve((_, response) => {
    response.writeHead(418, { link: ['<a>; rel="x"', '<b>; rel="next"'] }).end('grün');
  });
  expect(await httpGet(url, { headers: {} })).toMatchObject({
    status: 418,
    text: 'grün',
    headers: { link: '<a>; rel="x", <b>; rel="next"' },
  });
});

const endless: RequestListener = (_, response) => {
  const timer = setInterval(() => response.write(' '), 5);
  response.on('close', () => clearInterval(timer));
};
const gateway: RequestListener = (_, response) => response.writeHead(503).end();

describe('a deadline ends', () => {
  test.each([
    ['a server that says nothing', () => {}],
    ['a body that never ends', endless],
    ['a gateway that is always about to come back', gateway],
  ])('%s', async (_, listener) => {
    const { url } = await serve(listener);
    await expect(httpGet(url, { headers: {}, deadlineMs: 150 })).rejects.toMatchObject({
      name: 'UnreachableError',
      code: 'http',
      message: `${url.origin} does not answer: not within its deadline`,
    });
  });
});

test('an abort ends it with its reason', async () => {
  const { url } = await serve(() => controller.abort(new Error('stopped')));
  const controller = new AbortController();
  await expect(httpGet(url, { headers: {}, signal: controller.signal })).rejects.toThrow('stopped');
});

test('nobody who listens is nobody who answers', async () => {
  const { url, server } = await serve(() => {});
  await new Promise((resolve) => server.close(resolve));
  await expect(httpGet(url, { headers: { authorization: 'Bearer hunter2' } })).rejects.toMatchObject({
    code: 'http',
    message: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+ does not answer: .*ECONNREFUSED/),
  });
});

test('what is larger than is read ends the reading', async () => {
  const { url } = await serve((_, response) => response.end('x'.repeat(2_000)));
  const question = { headers: {}, mostBytes: 1_999 };
  await expect(httpGet(url, question)).rejects.toMatchObject({ name: 'TooLargeError' });
  expect((await httpGet(url, { ...question, mostBytes: 2_000 })).text).toHaveLength(2_000);
});

test('a proxy of the environment is gone through', async () => {
  const { url: proxy } = await serve((request, response) => response.end(`asked for ${request.url}`));
  vi.stubEnv('http_proxy', proxy.href);
  vi.resetModules();
  const fresh = await import('../../src/io/http.ts');
  const { text } = await fresh.httpGet(new URL('http://forge.invalid/one'), { headers: {} });
  expect(text).toBe('asked for http://forge.invalid/one');
});
