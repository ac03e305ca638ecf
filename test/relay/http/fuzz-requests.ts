// Requests for every route with something wrong in them: framed rightly, so that each has its answer.
import { anyBody } from './fuzz-json.ts';
import type { Chance } from './fuzz-random.ts';
import { FLAGS } from './fuzz-snapshot.ts';

export interface FuzzedRequest {
  method: string;
  target: string;
  bytes: Buffer;
}

const EVALUATE = [
  '/ofrep/v1/evaluate/flags/:key',
  '/ofrep/v1/evaluate/flags',
  '/v1/evaluate/:key',
  '/v1/evaluate',
  '/v1/explain/:key',
];
const READ = [
  '/v1/flags',
  '/v1/snapshot',
  '/v1/status',
  '/livez',
  '/readyz',
  '/startupz',
  '/metrics',
  '/openapi.json',
];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'M-SEARCH'];
const KEYS = [
  ...[
    'nope',
    '__proto__',
    'constructor',
    '%5F%5Fproto%5F%5F',
    'plain%2Ftext',
    '%',
    '%zz',
    '%C3',
    '%00',
    '%2e%2e',
    '..',
    '.',
  ],
  ...[
    'ü',
    'a;b',
    'a b',
    '',
    '%E2%80%A8',
    'plain?x=1',
    'plain#x',
    'k'.repeat(1_024),
    'k'.repeat(1_025),
    '%41'.repeat(400),
  ],
];
const TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'APPLICATION/JSON',
  'application/json;charset=utf-16',
  'application/json;;',
];
const WRONG_TYPES = [
  'text/plain',
  ';;',
  '',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'application/jsonx',
  '*/*',
  'ü',
];
const TAGS = ['*', '"x"', 'W/"x"', '"', ',', `${'"x",'.repeat(500)}"y"`, 'W/', 'x'.repeat(2_000)];
const HEADERS: readonly (readonly [string, readonly string[]])[] = [
  ['If-None-Match', TAGS],
  ['Accept-Encoding', ['gzip', 'br;q=0', '*;q=0.5', 'identity;q=0', 'gzip;q=x', ',,,', 'zstd, br']],
  ['Content-Encoding', ['gzip', 'identity', 'br, br', 'x']],
  ['Range', ['bytes=0-1', 'bytes=-1', 'x']],
  ['Expect', ['100-continue', 'miracles']],
  ['Upgrade', ['h2c', 'websocket']],
  ['Connection', ['keep-alive', 'upgrade', 'x, y']],
  ['Origin', ['https://evil.example', 'null']],
  ['Access-Control-Request-Method', ['POST']],
  ['traceparent', ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'x', '00-0-0-0']],
  ['X-Request-Id', ['a', 'x'.repeat(200), 'ü']],
  ['Authorization', ['Bearer x', 'Basic !', '']],
  ['Cookie', ['a=b', ';'.repeat(500)]],
  ['X-HTTP-Method-Override', ['DELETE']],
  ['Accept', ['text/html', 'application/xml;q=9', '']],
  ['__proto__', ['x']],
  ['Last-Event-ID', ['7-x', '']],
];
const HOSTS = [
  'localhost',
  'LOCALHOST:80',
  '127.0.0.1:1',
  '[::1]:2',
  'evil.example',
  '',
  'localhost:x',
  '[::1',
  '0x7f.1',
  'a@localhost',
];

export function anyRequest(chance: Chance): FuzzedRequest {
  const evaluates = !chance.once(5);
  const key = chance.once(4) ? chance.of(KEYS) : chance.of(FLAGS);
  const path = chance.of(evaluates ? EVALUATE : READ).replace(':key', () => key);
  const target = chance.once(15) ? stirredTarget(chance, path) : path;
  const method = chance.once(30)
    ? chance.of(METHODS)
    : evaluates
      ? 'POST'
      : chance.of(['GET', 'GET', 'HEAD']);
  const headers = [`Host: ${chance.once(30) ? chance.of(HOSTS) : 'localhost'}`];
  for (let count = chance.once(3) ? chance.below(4) : 0; count > 0; count--) {
    const [name, values] = chance.of(HEADERS);
    headers.push(`${name}: ${chance.of(values)}`);
  }
  const body = evaluates || chance.once(20) ? Buffer.from(anyBody(chance)) : undefined;
  if (body && !chance.once(30))
    headers.push(`Content-Type: ${chance.of(chance.once(20) ? WRONG_TYPES : TYPES)}`);
  const head = (framing: string) =>
    `${method} ${target} HTTP/1.1\r\n${[...headers, framing].join('\r\n')}\r\n\r\n`;
  if (!body)
    return {
      method,
      target,
      bytes: Buffer.from(`${method} ${target} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`),
    };
  const bytes = chance.once(6)
    ? Buffer.concat([Buffer.from(head('Transfer-Encoding: chunked')), chunked(chance, body)])
    : Buffer.concat([Buffer.from(head(`Content-Length: ${body.length}`)), body]);
  return { method, target, bytes };
}

function stirredTarget(chance: Chance, path: string): string {
  const query = chance.of([
    '?flagConfigEtag=x&flagConfigLastModified=1',
    '?a=%zz',
    '?__proto__[x]=1',
    `?${'a=b&'.repeat(200)}`,
    '?',
    '#x',
  ]);
  return chance.of([
    `${path}${query}`,
    `/${path}`,
    `${path}/`,
    path.toUpperCase(),
    `http://localhost${path}`,
    '*',
    `${path};x`,
    `/%2e${path}`,
  ]);
}

/** In chunks of any size, with extensions and trailers. */
function chunked(chance: Chance, body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const size = Math.min(body.length - at, 1 + chance.below(400));
    const extension = chance.once(4) ? ';x="y"' : '';
    parts.push(
      Buffer.from(`${size.toString(16)}${extension}\r\n`),
      body.subarray(at, at + size),
      Buffer.from('\r\n'),
    );
    at += size;
  }
  return Buffer.concat([...parts, Buffer.from(`0\r\n${chance.once(4) ? 'X-Trailer: x\r\n' : ''}\r\n`)]);
}
