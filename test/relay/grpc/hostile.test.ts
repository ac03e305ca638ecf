// Calls that nobody should make: each is refused as designed, none brings the relay down, and nothing is left in flight.
import { connect, constants, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import { connect as connectTcp, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Service as V2 } from '../../../src/relay/grpc/gen/flagd/evaluation/v2/evaluation_pb.ts';
import { snapshotOfBodies } from '../../support/snapshot.ts';
import { within } from '../../support/until.ts';
import { until } from '../support.ts';
import { clientOf, serve, type TestService } from './serve.ts';
import { asking, call, envelop, PATH, type Told } from './wire.ts';

const ALL = '/flagd.evaluation.v1.Service/ResolveAll';
const rules = [{ if: { attribute: 'admin', operator: 'eq', value: true } as const, then: { serve: 'on' } }];

let server: TestService;
beforeAll(async () => {
  const flags = { plain: {}, admin: { rules, fallthrough: { serve: 'off' } } };
  server = await serve(snapshotOfBodies({ flags }), { maxInFlight: 1_100 });
});
afterAll(() => server[Symbol.asyncDispose]());
afterEach(async () => {
  // Whatever came before, the next app is answered, and nothing is left in flight or in the log.
  expect((await clientOf(V2, server.url).resolveBoolean({ flagKey: 'plain' })).value).toBe(true);
  await until(() => server.counters.requestsInFlight === 0);
  expect(server.lines()).toEqual([]);
});

/** A message whose context nests lists and objects by turns, so deep. */
function deepMessage(levels: number): Buffer {
  // From the inside out, each level a few bytes longer than what it holds.
  const parts: Buffer[] = [];
  let length = 0;
  const wrap = (head: Uint8Array) => {
    parts.push(Buffer.from(head));
    length += head.length;
  };
  for (let level = 0; level < levels; level++) {
    wrap(new BinaryWriter().uint32(50).uint32(length).finish()); // Value.list_value
    wrap(new BinaryWriter().uint32(10).uint32(length).finish()); // ListValue.values
  }
  const value = Buffer.concat(parts.reverse());
  const entry = Buffer.from(new BinaryWriter().uint32(10).string('a').uint32(18).bytes(value).finish());
  const struct = Buffer.from(new BinaryWriter().uint32(10).bytes(entry).finish());
  return Buffer.from(new BinaryWriter().uint32(10).string('plain').uint32(18).bytes(struct).finish());
}

const UNREADABLE = '15';
const EXHAUSTED = '8';
const UNIMPLEMENTED = '12';
const INTERNAL = '13';

describe('bodies over HTTP/2', () => {
  const cases: [what: string, body: Buffer, grpc: string][] = [
    ['no body', Buffer.alloc(0), UNREADABLE],
    ['half an envelope', Buffer.alloc(3), UNREADABLE],
    ['an envelope that promises more', Buffer.from([0, 0, 0, 0, 9, 1]), UNREADABLE],
    ['an envelope that promises less', envelop(asking('plain')).subarray(0, 8), UNREADABLE],
    ['two messages', Buffer.concat([envelop(asking('plain')), envelop(asking('plain'))]), UNREADABLE],
    ['unknown marks', envelop(asking('plain'), 6), UNREADABLE],
    ['what is no protobuf', envelop(Buffer.from([0xff, 0xff, 0xff])), UNREADABLE],
    ['a text that is no UTF-8', envelop(Buffer.from([10, 2, 0xc3, 0x28])), UNREADABLE],
    ['a context that is cut', envelop(Buffer.from([18, 200, 1, 10])), UNREADABLE],
    ['lists of 100 levels', envelop(deepMessage(100)), UNREADABLE],
    ['lists of 25,000 levels', envelop(deepMessage(25_000)), UNREADABLE],
    ['lists of 200,000 levels, over a megabyte', envelop(deepMessage(200_000)), EXHAUSTED],
    ['300 KB', envelop(asking('x'.repeat(300 * 1024))), EXHAUSTED],
    ['5 MB', envelop(asking('x'.repeat(5 * 1024 * 1024))), EXHAUSTED],
  ];
  it.each(cases)('%s', async (_what, body, grpc) => {
    expect(await call(server.url, body)).toMatchObject({ status: 200, grpc });
  });

  it('a message may nest 60 deep', async () => {
    expect(await call(server.url, envelop(deepMessage(60)))).toMatchObject({ grpc: '0' });
  });

  it('a message that is compressed to little is read to 256 KB', async () => {
    const gzip = { 'grpc-encoding': 'gzip' };
    const bomb = envelop(gzipSync(asking('x'.repeat(10 * 1024 * 1024))), 1);
    expect(bomb.length).toBeLessThan(100 * 1024);
    expect(await call(server.url, bomb, gzip)).toMatchObject({ grpc: EXHAUSTED });
    expect(await call(server.url, envelop(Buffer.from('no gzip'), 1), gzip)).toMatchObject({
      grpc: UNREADABLE,
    });
    const brotli = { 'grpc-encoding': 'br' };
    const accepts = 'identity,gzip';
    const compressed = envelop(asking('plain'), 1);
    expect(await call(server.url, compressed, brotli)).toMatchObject({ grpc: UNIMPLEMENTED, accepts });
    // What is marked as compressed is, whatever the headers lack.
    expect(await call(server.url, compressed)).toMatchObject({ grpc: INTERNAL });
    expect(await call(server.url, compressed, { 'grpc-encoding': 'identity' })).toMatchObject({
      grpc: INTERNAL,
    });
    expect(await call(server.url, envelop(asking('plain')), brotli)).toMatchObject({ grpc: '0' });
  });

  it('what is too large is refused before it has come whole', async () => {
    const half = envelop(Buffer.alloc(1024 * 1024)).subarray(0, 300 * 1024);
    expect(await within(20_000, call(server.url, half, {}, true))).toMatchObject({
      status: 200,
      grpc: EXHAUSTED,
    });
  });

  it('keys of a context that JavaScript knows are attributes, and nothing more', async () => {
    const context = JSON.parse('{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}');
    const client = clientOf(V2, server.url);
    expect((await client.resolveBoolean({ flagKey: 'admin', context })).value).toBe(false);
    const asked = await server.post(PATH, { flagKey: 'admin', context });
    expect(await asked.json()).toMatchObject({ value: false });
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
    for (const flagKey of ['__proto__', 'constructor', 'toString']) {
      expect(await call(server.url, envelop(asking(flagKey)))).toMatchObject({ grpc: '5' });
    }
  });

  it.each([
    ['NaN', [17, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f]],
    ['Infinity', [17, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f]],
    ['nothing at all', []],
    ['null', [8, 0]],
  ])('%s as an attribute, which JSON cannot say, is no reason to fail', async (_what, value) => {
    const entry = [10, 1, 97, 18, value.length, ...value];
    const context = [10, entry.length, ...entry];
    const message = Buffer.concat([
      asking('admin').subarray(0, 7),
      Buffer.from([18, context.length, ...context]),
    ]);
    expect(await call(server.url, envelop(message))).toMatchObject({ grpc: '0' });
  });
});

describe('calls over HTTP/2', () => {
  const fine = envelop(asking('plain'));
  const cases: [what: string, headers: OutgoingHttpHeaders, told: Partial<Told>][] = [
    [
      'an unknown method',
      { ':path': '/flagd.evaluation.v2.Service/ResolveEverything' },
      { grpc: UNIMPLEMENTED },
    ],
    [
      'an unknown service',
      { ':path': '/flagd.evaluation.v9.Service/ResolveBoolean' },
      { grpc: UNIMPLEMENTED },
    ],
    ['a path that JavaScript knows', { ':path': '/constructor' }, { grpc: UNIMPLEMENTED }],
    ['a path like a flood', { ':path': `/${'x'.repeat(9_000)}` }, { grpc: UNIMPLEMENTED }],
    ['GET', { ':method': 'GET' }, { status: 405 }],
    ['another content type', { 'content-type': 'text/plain' }, { status: 415 }],
    ['no content type', { 'content-type': undefined }, { status: 415 }],
    ['gRPC-Web in base64', { 'content-type': 'application/grpc-web-text' }, { status: 415 }],
    [
      'a stream called as one answer',
      { ':path': '/flagd.evaluation.v2.Service/EventStream', 'content-type': 'application/proto' },
      { status: 501 },
    ],
    ['another host', { ':authority': 'evil.example' }, { grpc: '7' }],
    ['a host that only begins well', { ':authority': 'localhost.evil.example' }, { grpc: '7' }],
    ['a host in figures', { ':authority': '127.0.0.1:1' }, { grpc: '0' }],
  ];
  it.each(cases)('%s', async (_what, headers, told) => {
    expect(
      await call(server.url, headers[':method'] === 'GET' ? Buffer.alloc(0) : fine, headers),
    ).toMatchObject(told);
  });

  it('a flood of headers ends the stream and no other', async () => {
    const flood = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`x-${i}`, 'y'.repeat(50)]));
    const told = await call(server.url, fine, flood).catch((error: Error) => error.message);
    expect(told).not.toMatchObject({ grpc: '0' });
  });

  it('a client that takes back call after call is disconnected, and nothing of it stays', async () => {
    const session = connect(server.url);
    session.on('error', () => undefined);
    let sent = 0;
    const closed = new Promise<void>((resolve) => session.once('close', resolve));
    const flood = () => {
      for (let i = 0; i < 200 && !session.destroyed; i++, sent++) {
        const stream = session.request({
          ':method': 'POST',
          ':path': PATH,
          'content-type': 'application/grpc',
        });
        stream.on('error', () => undefined);
        stream.close(constants.NGHTTP2_CANCEL);
      }
      if (!session.destroyed && sent < 100_000) setImmediate(flood);
    };
    flood();
    await closed;
    expect(sent).toBeLessThan(100_000);
  });
});

describe('Connect over HTTP/1.1', () => {
  const deep = (levels: number) =>
    `{"flagKey":"plain","context":{"a":${'['.repeat(levels)}${']'.repeat(levels)}}}`;
  const send = (body: string, type = 'application/json', path = PATH) =>
    fetch(`${server.url}${path}`, { method: 'POST', headers: { 'content-type': type }, body });
  it.each([
    ['no JSON', '{"flagKey":', 400],
    ['a list', '[]', 400],
    ['a number as key', '{"flagKey":1}', 400],
    ['a list as context', '{"flagKey":"plain","context":[]}', 400],
    ['JSON of 65 levels', deep(63), 400],
    ['JSON of 100,000 levels', deep(100_000), 400],
    ['JSON of 64 levels', deep(62), 200],
    ['300 KB', JSON.stringify({ flagKey: 'x'.repeat(300 * 1024) }), 429],
    ['10 MB', JSON.stringify({ flagKey: 'x'.repeat(10 * 1024 * 1024) }), 429],
  ])('%s', async (_what, body, status) => {
    // A client that is still sending may not hear why.
    const told = await send(body).then(
      (response) => response.status,
      () => 429,
    );
    expect(told).toBe(status);
  });

  it('says what it is asked in vain, without a word of the request', async () => {
    expect((await fetch(server.url)).status).toBe(405);
    expect((await send('{}', 'text/html')).status).toBe(415);
    expect((await send('{}', 'application/json', '/secret')).status).toBe(501);
    expect(await (await send('{}', 'application/json', '/secret')).text()).not.toContain('secret');
    expect((await send('{}', 'application/grpc')).status).toBe(501);
  });

  it.each([
    ['what is no HTTP', 'HELLO\r\n\r\n', /^HTTP\/1.1 400 /],
    ['what only begins as HTTP/2', 'PRINT / HTTP/1.1\r\n\r\n', /^.{0,50}$/s],
    [
      'the preface of HTTP/2, and then junk',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\njunkjunkjunkjunkjunk',
      /^.{0,100}$/s,
    ],
    ['a flood of headers', `POST ${PATH} HTTP/1.1\r\n${'x: y\r\n'.repeat(10_000)}\r\n`, /^HTTP\/1.1 431 /],
    [
      'another host',
      `POST ${PATH} HTTP/1.1\r\nhost: evil.example\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}`,
      /^HTTP\/1.1 403 /,
    ],
    [
      'two hosts',
      `POST ${PATH} HTTP/1.1\r\nhost: localhost\r\nhost: evil.example\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}`,
      /^HTTP\/1.1 400 /,
    ],
    [
      'no host',
      `POST ${PATH} HTTP/1.0\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}`,
      /^HTTP\/1.1 400 /,
    ],
  ])('%s', async (_what, text, answer) => {
    expect(await raw(text)).toMatch(answer);
  });

  it('a request may come byte by byte', async () => {
    const socket = connectTcp(server.port, '127.0.0.1').setNoDelay();
    const text = `POST ${PATH} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 19\r\nconnection: close\r\n\r\n{"flagKey":"plain"}`;
    const heard = hear(socket);
    for (const byte of text) {
      socket.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await heard).toMatch(/^HTTP\/1.1 200 /);
  });
});

/** All that comes back until the server ends it. */
function raw(text: string): Promise<string> {
  const socket = connectTcp(server.port, '127.0.0.1');
  const heard = hear(socket);
  socket.write(text);
  return heard;
}

function hear(socket: Socket): Promise<string> {
  let heard = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    heard += chunk;
  });
  socket.on('error', () => undefined);
  socket.on('end', () => socket.end());
  return new Promise((resolve) => socket.once('close', () => resolve(heard)));
}

it('1,000 connections that stop half-way keep nobody waiting, and go away with their clients', async () => {
  const sockets = await Promise.all(
    Array.from({ length: 1_000 }, (_, i) => {
      const socket = connectTcp(server.port, '127.0.0.1').on('error', () => undefined);
      const begun = ['', 'P', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', `POST ${PATH} HTTP/1.1\r\nhost: loc`][
        i % 4
      ];
      socket.write(begun as string);
      return new Promise<Socket>((resolve) => socket.once('connect', () => resolve(socket)));
    }),
  );
  const client = clientOf(V2, server.url);
  for (let i = 0; i < 20; i++) await client.resolveBoolean({ flagKey: 'plain' });
  for (const socket of sockets) socket.destroy();
});

it('I10: beyond the bound of requests in flight a call is refused at once, with when to come again', async () => {
  await using small = await serve(snapshotOfBodies({ flags: { plain: {} } }), { maxInFlight: 3 });
  const session = connect(small.url);
  const headers = { ':method': 'POST', ':path': PATH, 'content-type': 'application/grpc', te: 'trailers' };
  const waiting = Array.from({ length: 3 }, () => session.request(headers));
  for (const stream of waiting) stream.write(Buffer.alloc(1));
  await until(() => small.counters.requestsInFlight === 3);
  const refused = session.request(headers);
  const head = await new Promise<IncomingHttpHeaders>((resolve) => refused.once('response', resolve));
  expect(head).toMatchObject({ 'grpc-status': '14', 'grpc-retry-pushback-ms': '1000' });
  const inJson = await small.post(PATH, { flagKey: 'plain' });
  expect([inJson.status, inJson.headers.get('retry-after')]).toEqual([503, '1']);
  for (const stream of waiting) stream.close(constants.NGHTTP2_CANCEL);
  await until(() => small.counters.requestsInFlight === 0);
  expect((await clientOf(V2, small.url).resolveBoolean({ flagKey: 'plain' })).value).toBe(true);
  session.destroy();
});

it('beyond the rate limit a call is refused, with when to come again', async () => {
  await using slow = await serve(snapshotOfBodies({ flags: { plain: {} } }), { rateLimit: 2 });
  const ask = () => slow.post(PATH, { flagKey: 'plain' });
  const told = await Promise.all([ask(), ask(), ask(), ask()]);
  expect(told.map(({ status }) => status).sort()).toEqual([200, 200, 429, 429]);
  expect(told.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('1');
  expect(slow.counters.refusedRequests.get('rate')).toBe(2);
});

it('I10: answers for all flags that nobody reads are not made for ever; those for one flag go on beside them', async () => {
  const flags = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`flag-${i}`, {}]));
  await using large = await serve(snapshotOfBodies({ flags }));
  const session = connect(large.url, { settings: { initialWindowSize: 0 } });
  const headers = { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers' };
  const statuses: unknown[] = [];
  const ask = (path: string) => {
    const stream = session.request({ ...headers, ':path': path });
    stream.on('error', () => undefined);
    stream.once('response', (head) => statuses.push(head['grpc-status']));
    stream.end(path === ALL ? Buffer.alloc(5) : envelop(asking('flag-1')));
  };
  for (let i = 0; i < 100; i++) ask(ALL);
  await until(() => statuses.length === 100);
  expect(statuses.filter((status) => status === undefined).length).toBeLessThan(20);
  expect(statuses.filter((status) => status === '14').length).toBeGreaterThan(80);
  // A refusal stands in the head, an answer does not.
  ask(PATH);
  await until(() => statuses.length === 101);
  expect(statuses[100]).toBeUndefined();
  session.destroy();
});

describe('pages of other origins', () => {
  const preflight = (url: string, origin: string) =>
    fetch(`${url}${PATH}`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
  it('may call where their origin is named, and nowhere else', async () => {
    await using shop = await serve(snapshotOfBodies({ flags: { plain: {} } }), {
      corsOrigins: ['https://shop.example'],
    });
    const asked = await preflight(shop.url, 'https://shop.example');
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'https://shop.example',
    ]);
    expect(asked.headers.get('access-control-allow-headers')).toContain('x-grpc-web');
    const called = await shop.post(PATH, { flagKey: 'plain' }, { origin: 'https://shop.example' });
    expect(called.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    const strange = await preflight(shop.url, 'https://evil.example');
    expect([strange.status, strange.headers.get('access-control-allow-origin')]).toEqual([405, null]);
    const plain = await preflight(server.url, 'https://shop.example');
    expect([plain.status, plain.headers.get('access-control-allow-origin')]).toEqual([405, null]);
  });
});

it('I10: of hundreds of requests of HTTP/1.1 in one packet some are answered, then 503, and the connection is closed', async () => {
  const { hostname, port } = new URL(server.url);
  const head = ['POST /flagd.evaluation.v1.Service/ResolveBoolean HTTP/1.1', 'Host: localhost'];
  const body = '{"flagKey":"plain"}';
  const request = [...head, 'Content-Type: application/json', `Content-Length: ${body.length}`, '', body];
  const refused = server.counters.refusedRequests.get('pipelined') ?? 0;
  const socket = connectTcp(Number(port), hostname);
  socket.write(request.join('\r\n').repeat(500));
  const said = await within(20_000, text(socket));
  const statuses = Array.from(said.matchAll(/HTTP\/1\.1 (\d+)/g), ([, status]) => status);
  expect(statuses.at(-1)).toBe('503');
  expect(new Set(statuses.slice(0, -1))).toEqual(new Set(['200']));
  expect(statuses.length).toBeLessThan(100);
  expect(server.counters.refusedRequests.get('pipelined')).toBe(refused + 1);
});
