// Hostile requests that no HTTP client would send, byte by byte: what each is answered, and whether its connection goes on.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { snapshotOfBodies } from '../../support/snapshot.ts';
import { serve, type TestServer, until } from '../support.ts';
import { exchange } from './fuzz-client.ts';

let server: TestServer;
let isStopping = false;
beforeAll(async () => {
  server = await serve(snapshotOfBodies({ flags: { plain: {}, 'a/b': {} } }), {
    maxInFlight: 50,
    isStopping: () => isStopping,
  });
});
afterAll(() => server[Symbol.asyncDispose]());
afterEach(async () => {
  expect((await server.post('/v1/evaluate/plain', { context: {} })).status).toBe(200);
  await until(() => server.counters.requestsInFlight === 0);
});

const NEXT = 'GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
const get = (path: string, ...headers: string[]) =>
  `GET ${path} HTTP/1.1\r\n${['Host: localhost', ...headers].join('\r\n')}\r\n\r\n`;
const post = (body: string | Buffer, ...headers: string[]) =>
  Buffer.concat([
    Buffer.from(
      `POST /v1/evaluate/plain HTTP/1.1\r\n${['Host: localhost', 'Content-Type: application/json', ...headers].join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`,
    ),
    Buffer.from(body),
  ]);
const chunked = (rest: string) =>
  `POST /v1/evaluate/plain HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${rest}`;
const context = (attributes: string) => `{"context":{${attributes}}}`;
const many = (count: number) => context(Array.from({ length: count }, (_, at) => `"a${at}":${at}`).join(','));

/** Followed by another request; `open` means that it was answered on the same connection. */
type Case = [what: string, bytes: string | Buffer, status: number, connection: 'open' | 'closed'];
const cases: Case[] = [
  ['chunks with extensions and trailers', chunked('2;a=b\r\n{}\r\n0\r\nX: y\r\n\r\n'), 200, 'open'],
  ['a chunk that is longer than it says', chunked('2\r\n{}}}\r\n0\r\n\r\n'), 400, 'closed'],
  ['a chunk of no size', chunked('zz\r\n{}\r\n0\r\n\r\n'), 400, 'closed'],
  ['a chunk of absurd size', chunked(`${'f'.repeat(20)}\r\n{}\r\n`), 400, 'closed'],
  ['a length below zero', get('/livez', 'Content-Length: -1'), 400, 'closed'],
  ['a length that is no number', get('/livez', 'Content-Length: 0x2'), 400, 'closed'],
  [
    'chunks that are not the last encoding',
    get('/livez', 'Transfer-Encoding: chunked, identity'),
    400,
    'closed',
  ],
  ['a folded header', get('/livez', 'A: b', ' c'), 400, 'closed'],
  ['a header without a name', get('/livez', ': b'), 400, 'closed'],
  ['a space before the colon', get('/livez', 'A : b'), 400, 'closed'],
  ['bare line feeds', 'GET /livez HTTP/1.1\nHost: localhost\n\n', 400, 'closed'],
  ['NUL in a header', get('/livez', 'A: \0'), 400, 'closed'],
  ['HTTP/0.9', 'GET /livez\r\n\r\n', 400, 'closed'],
  ['HTTP/3.0', 'GET /livez HTTP/3.0\r\nHost: localhost\r\n\r\n', 400, 'closed'],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'closed'],
  ['a greeting of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, 'closed'],
  ['CONNECT', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n', 405, 'closed'],
  ['TRACE', 'TRACE /livez HTTP/1.1\r\nHost: localhost\r\n\r\n', 404, 'open'],
  ['a method of WebDAV', 'PROPFIND /v1/flags HTTP/1.1\r\nHost: localhost\r\n\r\n', 404, 'open'],
  ['the address of a proxy', get('http://localhost/livez'), 200, 'open'],
  ['an asterisk', get('*'), 404, 'open'],
  ['an address of 20 KB', get(`/${'x'.repeat(20_000)}`), 431, 'closed'],
  [
    '1,000 headers',
    get('/livez', ...Array.from({ length: 1_000 }, (_, at) => `X-${at}: ${at}`)),
    431,
    'closed',
  ],
  ['16 KB of one header', get('/livez', `A: ${'a'.repeat(17_000)}`), 431, 'closed'],
  ['two hosts', get('/livez', 'Host: evil.example'), 400, 'open'],
  ['an empty host', 'GET /livez HTTP/1.1\r\nHost:\r\n\r\n', 403, 'open'],
  [
    'a host with a name before it',
    'GET /livez HTTP/1.1\r\nHost: localhost@evil.example\r\n\r\n',
    403,
    'open',
  ],
  ['a body that is packed', post('{}', 'Content-Encoding: gzip'), 415, 'open'],
  ['a body that is packed twice', post('{}', 'Content-Encoding: identity, br'), 415, 'open'],
  ['a body that is not packed, as it says', post('{}', 'Content-Encoding: identity'), 200, 'open'],
  ['a byte order mark', post('\ufeff{}'), 200, 'open'],
  ['UTF-16', post(Buffer.from('{}', 'utf16le')), 400, 'open'],
  ['UTF-8 that is none', post(Buffer.from('{"context":{"a":"\xff\xfe"}}', 'latin1')), 200, 'open'],
  ['a lone surrogate', post(context('"targetingKey":"\\ud800"')), 200, 'open'],
  ['NUL', post(context('"targetingKey":"\\u0000"')), 200, 'open'],
  ['a NUL as it is', post(context('"targetingKey":"\0"')), 400, 'open'],
  [
    'numbers beyond doubles',
    post(context('"a":1e999,"b":-0,"c":123456789012345678901234567890')),
    200,
    'open',
  ],
  ['keys twice', post('{"context":[],"context":{}}'), 200, 'open'],
  ['10,000 attributes', post(many(10_000)), 200, 'open'],
  ['a text of 250 KB', post(context(`"a":"${'x'.repeat(250_000)}"`)), 200, 'open'],
  [
    'prototypes at any depth',
    post(context('"a":[{"__proto__":{"b":1},"constructor":{"prototype":1}}]')),
    200,
    'open',
  ],
  ['brackets in texts', post(context(`"a":"${'[{'.repeat(50_000)}"`)), 200, 'open'],
  ['60,000 objects side by side', post(context(`"a":[${'{},'.repeat(60_000)}{}]`)), 200, 'open'],
  ['65 levels of both kinds', post(context(`"a":${'[{"b":'.repeat(32)}1${'}]'.repeat(32)}`)), 400, 'open'],
];

describe('a hostile request, as bytes', () => {
  it.each(cases)('%s', async (_what, bytes, status, connection) => {
    const { port } = new URL(server.url);
    const both = Buffer.concat([Buffer.from(bytes), Buffer.from(NEXT)]);
    const { answers } = await exchange(
      Number(port),
      both,
      connection === 'open' ? ['POST', 'GET'] : undefined,
    );
    const [answer, next] = answers;
    expect(answer?.status).toBe(status);
    expect(next?.status === 200).toBe(connection === 'open');
    if (status === 200) return;
    expect(JSON.parse(answer?.text ?? '')).toEqual({
      errorCode: expect.any(String),
      errorDetails: expect.any(String),
    });
    expect(answer?.text).not.toMatch(/evil|FST_|node_modules/);
  });

  it('one key in every disguise is one flag', async () => {
    for (const key of ['a%2Fb', '%61%2fb', 'a%2fb?x=1']) {
      const answer = await (await server.post(`/v1/evaluate/${key}`, {})).json();
      expect(answer).toMatchObject({ flag: 'a/b', value: true });
    }
  });

  it('100 Continue comes before an answer, and never within one', async () => {
    const { port } = new URL(server.url);
    // For many flags: a long answer is no text, and is written after its head.
    const asking = post('{}', 'Expect: 100-continue')
      .toString()
      .replace('/v1/evaluate/plain', '/v1/evaluate');
    const bytes = Buffer.from(get('/metrics') + asking);
    const { answers } = await exchange(Number(port), bytes, ['GET', 'POST']);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(JSON.parse(answers[1]?.text ?? '')).toMatchObject({ flags: { plain: { value: true } } });
  });

  it.each([
    ['without a body', 'GET', () => get('/livez')],
    ['with one', 'POST', () => post('{}').toString()],
  ])(
    'I10: of thousands of requests %s in one packet some are answered, then 503, and the connection is closed',
    async (_kind, method, request) => {
      const { port } = new URL(server.url);
      const bytes = Buffer.from(request().repeat(2_000));
      const refused = server.counters.refusedRequests.get('pipelined') ?? 0;
      const { answers } = await exchange(
        Number(port),
        bytes,
        Array.from({ length: 2_000 }, () => method),
      );
      expect(answers.at(-1)).toMatchObject({
        status: 503,
        text: expect.stringContaining('ahead of their answers'),
      });
      expect(answers.slice(0, -1).every(({ status }) => status === 200)).toBe(true);
      expect(answers.length).toBeLessThan(100);
      expect(server.counters.refusedRequests.get('pipelined')).toBe(refused + 1);
    },
  );

  it('as many as may be ahead are answered, packet after packet', async () => {
    const { port } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1');
    let answers = 0;
    socket.on('data', (bytes) => {
      answers += bytes.toString().split('HTTP/1.1 200').length - 1;
    });
    for (let packet = 1; packet <= 20; packet++) {
      socket.write(post('{}').toString().repeat(64));
      await until(() => answers === 64 * packet);
    }
    socket.destroy();
  });

  it('who asks at the same moment as a long packet is answered in the midst of it', async () => {
    const { port } = new URL(server.url);
    const sockets = [connect(Number(port), '127.0.0.1'), connect(Number(port), '127.0.0.1')] as const;
    const answered: string[] = [];
    for (const [at, socket] of sockets.entries()) {
      await once(socket, 'connect');
      socket.on('data', (bytes) => {
        const answers = bytes.toString().split('HTTP/1.1 200').length - 1;
        answered.push(...Array.from({ length: answers }, () => (at === 0 ? 'packet' : 'other')));
      });
    }
    for (let round = 0; round < 5; round++) {
      answered.length = 0;
      sockets[0].write(post('{}').toString().repeat(60));
      sockets[1].write(post('{}'));
      await until(() => answered.length === 61);
      expect(answered.indexOf('other')).toBeLessThan(30);
    }
    for (const socket of sockets) socket.destroy();
  });

  it('a caller that goes in the midst of a long packet is forgotten, and others are answered', async () => {
    const { port } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.once('data', () => socket.resetAndDestroy());
    socket.write(post('{}').toString().repeat(60));
    await once(socket, 'close');
  });

  const packet = post('{}').toString().repeat(20);
  /** What is answered to it until the relay closes the connection. */
  const answersTo = async (bytes: string, act: (socket: Socket) => void = () => undefined) => {
    const { port } = new URL(server.url);
    const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
    socket.once('data', () => act(socket));
    socket.write(bytes);
    const answers = (await text(socket)).split(/(?=HTTP\/1\.1 )/);
    socket.destroy();
    return answers;
  };
  const statuses = (answers: string[]) => answers.map((answer) => Number(answer.slice(9, 12)));
  const twenty = Array.from({ length: 20 }, () => 200);

  it('who closes its side behind a long packet is answered all of it', async () => {
    const answers = await answersTo(packet, (socket) => socket.end());
    expect(statuses(answers)).toEqual(twenty);
  });

  it('who closes its side behind a body that is read elsewhere is answered, and the connection is closed', async () => {
    const { port } = new URL(server.url);
    const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
    socket.end(post(many(1_000)));
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*"value"/s);
  });

  it.each([
    ['what is no HTTP', 'no HTTP\r\n\r\n', 400],
    ['CONNECT', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n', 405],
  ])('%s behind a long packet is refused after it is answered', async (_what, bytes, status) => {
    expect(statuses(await answersTo(packet + bytes))).toEqual([...twenty, status]);
  });

  it('a packet in the midst of which the relay is stopped is answered, and the last answer says that it closes', async () => {
    try {
      const answers = await answersTo(packet, () => {
        isStopping = true;
      });
      expect(statuses(answers)).toEqual(twenty);
      expect(answers.map((answer) => /^connection: close/im.test(answer)).indexOf(true)).toBe(19);
    } finally {
      isStopping = false;
    }
  });
});
