// The attacks of the hostile bench: what a caller sends, on how many connections, and whether it reads or comes back.
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Attacks one port until the signal aborts. Returns what was answered, by status. */
export type Attack = (port: number, signal: AbortSignal) => Promise<Answered>;
export type Answered = Map<string, number>;

/** Connections of an attack that sends as fast as it is answered. */
const LOOPS = 16;

interface Flood {
  /** What is sent each time; a new text for each turn where it must not be the same. */
  bytes: (turn: number) => string | Buffer;
  connections?: number;
  /** Sends the next one without waiting for an answer. */
  everyMs?: number;
  reads?: boolean;
}

function flood({ bytes, connections = LOOPS, everyMs, reads = true }: Flood): Attack {
  return async (port, signal) => {
    const answered: Answered = new Map();
    const sockets = new Set<Socket>();
    let turn = 0;
    const open = () => {
      if (signal.aborted) return;
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      sockets.add(socket);
      let timer: NodeJS.Timeout | undefined;
      const send = () => void (socket.writable && socket.writableLength < 1e6 && socket.write(bytes(turn++)));
      socket.on('connect', () => {
        send();
        if (everyMs !== undefined) timer = setInterval(send, everyMs);
      });
      if (!reads) socket.pause();
      socket.on('data', (chunk) => {
        const text = chunk.toString('latin1');
        const statuses = text.match(/HTTP\/1\.1 \d{3}/g);
        if (!statuses) return;
        for (const status of statuses)
          answered.set(status.slice(9), (answered.get(status.slice(9)) ?? 0) + 1);
        if (everyMs === undefined) send();
      });
      socket.on('close', () => {
        clearInterval(timer);
        sockets.delete(socket);
        answered.set('closed', (answered.get('closed') ?? 0) + 1);
        // A breath, or a connection that is refused would be asked for again in the same instant.
        setTimeout(open, 1);
      });
    };
    for (let count = 0; count < connections; count++) {
      open();
      if (count % 50 === 49) await sleep(5);
    }
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    for (const socket of sockets) socket.destroy();
    return answered;
  };
}

function post(body: string | Buffer, headers: readonly string[] = [], path = '/v1/evaluate/flag-1'): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    ...(headers.some((header) => /^content-type/i.test(header)) ? [] : ['Content-Type: application/json']),
    ...headers,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), Buffer.from(body)]);
}

function get(path: string, headers: readonly string[] = []): string {
  return `${[`GET ${path} HTTP/1.1`, 'Host: localhost', ...headers].join('\r\n')}\r\n\r\n`;
}

const BODY_BYTES = 256 * 1024 - 200;
const inContext = (attributes: string) => `{"context":{${attributes}}}`;
const attributes = (count: number, value = '1') =>
  inContext(Array.from({ length: count }, (_, at) => `"attribute-${at}":${value}`).join(','));
const text = (chars: number, unit = 'x') => inContext(`"plan":"${unit.repeat(chars / unit.length)}"`);
const texts = (count: number) =>
  inContext(`"plan":[${Array.from({ length: count }, () => `"${'ab'.repeat(500)}"`).join(',')}]`);
const same = (bytes: string | Buffer) => () => bytes;
const drip = (bytes: string) => (turn: number) => bytes[turn % bytes.length] as string;

export const attacks: { [name: string]: Attack } = {
  'slow headers: 500 connections, a byte each 100 ms': flood({
    bytes: (turn) => (turn < 500 ? 'POST /v1/evaluate/flag-1 HTTP/1.1\r\nHost: localhost\r\n' : 'a'),
    connections: 500,
    everyMs: 100,
  }),
  'slow bodies: 500 connections, a byte each 100 ms': flood({
    bytes: (turn) =>
      turn < 500
        ? 'POST /v1/evaluate/flag-1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n{'
        : drip(' ')(turn),
    connections: 500,
    everyMs: 100,
  }),
  '1,000 idle connections': flood({ bytes: same(''), connections: 1_000 }),
  '1,000 half-open requests': flood({
    bytes: same('POST /v1/evaluate/flag-1 HTTP/1.1\r\nHost: loc'),
    connections: 1_000,
  }),
  'what is no HTTP': flood({ bytes: same('\u0000\u0001\u0002 nonsense\r\n\r\n') }),
  'header flood: 1,000 headers': flood({
    bytes: same(
      get(
        '/v1/flags',
        Array.from({ length: 1_000 }, (_, at) => `X-${at}: ${at}`),
      ),
    ),
  }),
  'header flood: 1 MB': flood({ bytes: same(`GET / HTTP/1.1\r\nA: ${'a'.repeat(1_000_000)}`) }),
  'malformed JSON': flood({ bytes: same(post('{"context":{"a":')) }),
  'malformed JSON, 250 KB': flood({ bytes: same(post(`${text(BODY_BYTES - 100)}x`)) }),
  '10 MB of JSON': flood({ bytes: same(post(text(10_000_000))) }),
  'JSON 100,000 deep': flood({ bytes: same(post(inContext(`"a":${'['.repeat(1e5)}${']'.repeat(1e5)}`))) }),
  'wrong content type': flood({ bytes: same(post('{}', ['Content-Type: text/plain'])) }),
  'unknown addresses': flood({ bytes: (turn) => get(`/no/such/${turn}`) }),
  'other hosts': flood({ bytes: same('GET /livez HTTP/1.1\r\nHost: evil.example\r\n\r\n') }),
  'a context of 10,000 attributes': flood({ bytes: same(post(attributes(10_000))) }),
  'the same, for all flags': flood({ bytes: same(post(attributes(10_000), [], '/ofrep/v1/evaluate/flags')) }),
  '80,000 empty objects': flood({ bytes: same(post(inContext(`"a":[${'{},'.repeat(8e4)}{}]`))) }),
  'a text of 250 KB': flood({ bytes: same(post(text(BODY_BYTES - 100))) }),
  'a text of 250 KB, for all flags': flood({
    bytes: same(post(text(BODY_BYTES - 100), [], '/ofrep/v1/evaluate/flags')),
  }),
  'a list for regular expressions, all flags': flood({
    bytes: same(post(texts(240), [], '/ofrep/v1/evaluate/flags')),
  }),
  'the same, of 15 KB': flood({ bytes: same(post(texts(15), [], '/ofrep/v1/evaluate/flags')) }),
  // No attack: these are all to be answered.
  '8,000 flags that there are not': flood({
    bytes: same(
      post(`{"flags":[${Array.from({ length: 8_000 }, (_, at) => `"${at}"`).join()}]}`, [], '/v1/evaluate'),
    ),
  }),
  'an app with contexts of 20 KB, 400 a second': flood({
    bytes: same(post(attributes(1_000))),
    connections: 8,
    everyMs: 20,
  }),
  'pipelining: 2,000 requests in a packet': flood({ bytes: same(get('/v1/flags').repeat(2_000)) }),
  'pipelining: 2,000 calls with bodies in a packet': flood({
    bytes: same(post('{"context":{}}').toString().repeat(2_000)),
  }),
  'pipelining, unread': flood({ bytes: same(get('/v1/flags').repeat(2_000)), reads: false }),
  'If-None-Match of 15 KB': flood({
    bytes: same(
      post('{"context":{}}', [`If-None-Match: ${'"x",'.repeat(3_700)}"y"`], '/ofrep/v1/evaluate/flags'),
    ),
    connections: 4,
  }),
  // No attack either: what callers feel of the one above is what they feel of these.
  'all flags, on four connections': flood({
    bytes: same(post('{"context":{}}', [], '/ofrep/v1/evaluate/flags')),
    connections: 4,
  }),
  '200 event streams, unread': flood({ bytes: same(get('/v1/stream')), connections: 200, reads: false }),
};
