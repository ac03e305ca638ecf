// The door to HTTP: every question has an end, whatever the other side does.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { httpGet, httpStream } from '../../src/io/http.ts';

const servers: Server[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  // The agent with the proxy of one test is not for the next file.
  vi.resetModules();
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

test.each([
  ['gzip', gzipSync('x'.repeat(2_000))],
  ['br', brotliCompressSync('x'.repeat(2_000))],
])('what came compressed with %s is unpacked, within the same bounds', async (encoding, body) => {
  const { url } = await serve((_, response) =>
    response.writeHead(200, { 'content-encoding': encoding }).end(body),
  );
  expect((await httpGet(url, { headers: {}, mostBytes: 2_000 })).text).toHaveLength(2_000);
  await expect(httpGet(url, { headers: {}, mostBytes: 1_999 })).rejects.toMatchObject({
    name: 'TooLargeError',
  });
});

test('silence ends a question before its deadline, and drops of a body do not', async () => {
  const { url } = await serve((_, response) => response.write('a beginning'));
  const question = { headers: {}, silenceMs: 200, deadlineMs: 60_000 };
  await expect(httpGet(url, question)).rejects.toMatchObject({
    message: `${url.origin} does not answer: not a byte for 200 ms`,
  });
  let drops = 0;
  const { url: slow } = await serve((_, response) => {
    const timer = setInterval(() => {
      if (++drops < 30) return void response.write('.');
      clearInterval(timer);
      response.end();
    }, 100);
  });
  expect((await httpGet(slow, { ...question, silenceMs: 2_000 })).text).toHaveLength(29);
});

test('who tries again himself is told of the first failure', async () => {
  let asked = 0;
  const { url } = await serve((_, response) => {
    asked++;
    response.writeHead(503).end();
  });
  expect((await httpGet(url, { headers: {}, attempts: 1 })).status).toBe(503);
  expect(asked).toBe(1);
});

describe('a stream', () => {
  const listen = (url: URL, signal = new AbortController().signal, silenceMs = 10_000) => {
    const texts: string[] = [];
    return { texts, ended: httpStream(url, { headers: {}, signal, silenceMs }, (text) => texts.push(text)) };
  };

  test('is handed over as it comes, until the other side ends it', async () => {
    const { url } = await serve((_, response) => {
      response.write('one');
      setTimeout(() => response.end('two'), 50);
    });
    const { texts, ended } = listen(url);
    await ended;
    expect(texts.join()).toBe('one,two');
  });

  test('that is silent is dead', async () => {
    const { url } = await serve((_, response) => response.write('one'));
    const { texts, ended } = listen(url, undefined, 200);
    await expect(ended).rejects.toMatchObject({
      code: 'http',
      message: expect.stringContaining('not a byte'),
    });
    expect(texts).toEqual(['one']);
  });

  test('that is refused says so, and ends nobody else', async () => {
    const { url } = await serve((_, response) => response.writeHead(503).end('{"errorCode":"GENERAL"}'));
    await expect(listen(url).ended).rejects.toMatchObject({ message: expect.stringContaining('status 503') });
  });

  test('is ended by an abort, with its reason', async () => {
    const controller = new AbortController();
    const { url } = await serve((_, response) => {
      response.write('one');
      setTimeout(() => controller.abort(new Error('stopped')), 50);
    });
    await expect(listen(url, controller.signal).ended).rejects.toThrow('stopped');
  });
});
