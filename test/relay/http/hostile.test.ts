// Requests that nobody should send: each has its status and its code, none a stack, and none brings the relay down.
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { snapshotOfBodies } from '../../support/snapshot.ts';
import { serve, type TestServer } from '../support.ts';

let server: TestServer;
beforeAll(async () => {
  server = await serve(snapshotOfBodies({ flags: { plain: {}, polluted: { rules: [] } } }), {
    maxInFlight: 50,
  });
});
afterAll(() => server[Symbol.asyncDispose]());
afterEach(async () => {
  // Whatever came before, the next app is answered, and nothing is left in flight.
  expect((await server.post('/v1/evaluate/plain', { context: {} })).status).toBe(200);
});

const json = { 'content-type': 'application/json' };
const deep = (levels: number) => `{"context":{"a":${'['.repeat(levels)}${']'.repeat(levels)}}}`;
const long = 'k'.repeat(1_025);

type Case = [what: string, path: string, init: RequestInit, status: number, code: string];
const cases: Case[] = [
  [
    'a body that is not JSON',
    '/v1/evaluate/plain',
    { body: '{"context":', headers: json },
    400,
    'PARSE_ERROR',
  ],
  ['an empty body', '/v1/evaluate/plain', { body: '', headers: json }, 400, 'PARSE_ERROR'],
  ['no body and no type', '/v1/evaluate/plain', {}, 400, 'PARSE_ERROR'],
  ['a list as body', '/v1/evaluate/plain', { body: '[]', headers: json }, 400, 'PARSE_ERROR'],
  ['a text as body', '/v1/evaluate/plain', { body: '"x"', headers: json }, 400, 'PARSE_ERROR'],
  ['null as body', '/v1/evaluate/plain', { body: 'null', headers: json }, 400, 'PARSE_ERROR'],
  [
    'a list as context',
    '/v1/evaluate/plain',
    { body: '{"context":[]}', headers: json },
    400,
    'INVALID_CONTEXT',
  ],
  ['a text as context', '/v1/evaluate', { body: '{"context":"x"}', headers: json }, 400, 'INVALID_CONTEXT'],
  [
    'null as context',
    '/v1/explain/plain',
    { body: '{"context":null}', headers: json },
    400,
    'INVALID_CONTEXT',
  ],
  ['JSON of 65 levels', '/v1/evaluate/plain', { body: deep(63), headers: json }, 400, 'PARSE_ERROR'],
  [
    'JSON of 100,000 levels',
    '/v1/evaluate/plain',
    { body: deep(100_000), headers: json },
    400,
    'PARSE_ERROR',
  ],
  [
    'an open bracket without end',
    '/v1/evaluate/plain',
    { body: '['.repeat(200_000), headers: json },
    400,
    'PARSE_ERROR',
  ],
  ['a body over 256 KB', '/v1/evaluate/plain', { body: ' '.repeat(262_145), headers: json }, 413, 'GENERAL'],
  [
    'text/plain',
    '/v1/evaluate/plain',
    { body: '{"context":{}}', headers: { 'content-type': 'text/plain' } },
    415,
    'GENERAL',
  ],
  ['a form', '/v1/evaluate/plain', { body: new URLSearchParams({ a: 'b' }) }, 415, 'GENERAL'],
  [
    'an odd content type',
    '/v1/evaluate/plain',
    { body: '{}', headers: { 'content-type': ';;' } },
    415,
    'GENERAL',
  ],
  ['a broken escape in the key', '/v1/evaluate/%zz', { body: '{}', headers: json }, 400, 'GENERAL'],
  ['a key over 1,024 characters', `/v1/evaluate/${long}`, { body: '{}', headers: json }, 414, 'GENERAL'],
  ['a key with a slash', '/v1/evaluate/a/b', { body: '{}', headers: json }, 404, 'GENERAL'],
  ['an unknown address', '/v2/evaluate', { body: '{}', headers: json }, 404, 'GENERAL'],
  ['a wrong method', '/v1/evaluate/plain', { method: 'PUT', body: '{}', headers: json }, 405, 'GENERAL'],
  ['a rare method', '/v1/status', { method: 'DELETE' }, 405, 'GENERAL'],
];

describe('a hostile request', () => {
  it.each(cases)('%s', async (_what, path, init, status, errorCode) => {
    const response = await fetch(`${server.url}${path}`, { method: 'POST', ...init });
    const text = await response.text();
    expect([response.status, text]).toEqual([status, expect.stringContaining(errorCode)]);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(Object.keys(JSON.parse(text) as object)).toEqual(['errorCode', 'errorDetails']);
    expect(text).not.toMatch(/FST_|node_modules|\\n +at |SyntaxError|Unexpected/);
  });

  it('JSON of 64 levels is fine, and brackets in texts do not count', async () => {
    for (const body of [deep(62), `{"context":{"a":"${'[{\\"'.repeat(500)}"}}`]) {
      const response = await fetch(`${server.url}/v1/evaluate/plain`, {
        method: 'POST',
        headers: json,
        body,
      });
      expect(response.status).toBe(200);
    }
  });

  it.each(['__proto__', 'constructor'])(
    'the key %s in a context pollutes nothing, and is no error',
    async (key) => {
      const body = `{"context":{"targetingKey":"u","${key}":{"prototype":{"polluted":true},"polluted":true}}}`;
      const response = await fetch(`${server.url}/v1/evaluate/plain`, {
        method: 'POST',
        headers: json,
        body,
      });
      expect(response.status).toBe(200);
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    },
  );
});

describe('what is no HTTP request', () => {
  const raw: [what: string, bytes: string, status: string][] = [
    ['noise', '\u0000\u0001\u0002\r\n\r\n', '400'],
    ['an unknown method', 'FROB /livez HTTP/1.1\r\nHost: localhost\r\n\r\n', '400'],
    [
      'headers over 16 KB',
      `GET /livez HTTP/1.1\r\nHost: localhost\r\nA: ${'a'.repeat(20_000)}\r\n\r\n`,
      '431',
    ],
    [
      'two lengths',
      'POST /v1/evaluate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
      '400',
    ],
    [
      'a length and chunks (request smuggling)',
      'POST /v1/evaluate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '400',
    ],
    ['no host', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n', '400'],
    [
      'an expectation that nobody knows',
      'GET /livez HTTP/1.1\r\nHost: localhost\r\nExpect: miracles\r\nConnection: close\r\n\r\n',
      '417',
    ],
  ];
  it.each(raw)('%s is refused in the same shape', async (_what, bytes, status) => {
    const answer = await sendRaw(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toContain('"errorCode":"GENERAL"');
  });
});

function sendRaw(bytes: string): Promise<string> {
  const { port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes, 'latin1'));
    socket.setTimeout(5_000, () => socket.destroy(new Error(`no answer but ${answer}`)));
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    socket.on('close', () => resolve(answer)).on('error', reject);
  });
}
