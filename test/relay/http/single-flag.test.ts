// Calls for one flag: the usual ones are answered on the short way, and all of them as the framework answers.
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, test } from 'vitest';
import { Counters } from '../../../src/relay/counters.ts';
import { collectParts, textOf } from '../../../src/relay/http/body-parts.ts';
import { RequestFault } from '../../../src/relay/http/errors.ts';
import { hostFaults } from '../../../src/relay/http/guard.ts';
import type { DecideOne } from '../../../src/relay/http/handler.ts';
import { createHttp1Server } from '../../../src/relay/http/http1-server.ts';
import { Load } from '../../../src/relay/http/load.ts';
import { RefusalPace } from '../../../src/relay/http/refusal-pace.ts';
import { shortcut } from '../../../src/relay/http/single-flag.ts';
import { RateLimit } from '../../../src/relay/rate-limit.ts';
import { snapshotOfBodies } from '../../support/snapshot.ts';
import { serve, type TestServer, until } from '../support.ts';

const usual = { host: 'localhost', 'content-type': 'application/json' };
const MOST = 2;

interface Asked {
  method?: string;
  path?: string;
  headers?: { [name: string]: string };
  body?: string;
}

function textFor({ method = 'POST', path = '/one/a', headers = usual, body = '{}' }: Asked): string {
  const all = { 'content-length': String(Buffer.byteLength(body)), connection: 'close', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

describe('the short way', () => {
  const counters = new Counters();
  let stopping = false;
  const decide: DecideOne = (key, { value, text }) => {
    if (value instanceof Error) throw value;
    if (key === 'fault') throw new RequestFault(400, 'GENERAL', 'no');
    if (key === 'bug') throw new TypeError('a bug');
    return { status: key === 'none' ? 404 : 200, json: JSON.stringify({ key, value, text }) };
  };
  const relay = { large: { seeOther: () => undefined }, isStopping: () => stopping };
  const routes = [{ url: '/one/:key', decide }, { url: '/other/:key' }];
  const load = new Load(MOST, counters);
  const answer = shortcut(relay as never, routes, { hostFaultOf: hostFaults(['app']), load })(
    (request, response) => {
      collectParts(request, (fault, parts) => response.end(`others ${fault?.message ?? textOf(parts)}`));
    },
  );
  const server = createHttp1Server(answer, counters, new RefusalPace());

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(() => {
    stopping = false;
  });
  afterAll(() => server.close());

  function open() {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
    return socket;
  }

  async function ask(asked: Asked): Promise<{ head: string; body: string }> {
    const socket = open();
    socket.end(textFor(asked));
    const chunks = await socket.toArray();
    const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n');
    return { head, body };
  }

  it.each<[what: string, asked: Asked]>([
    ['as SDKs send it', {}],
    ['with a charset', { headers: { ...usual, 'content-type': 'application/json; charset=utf-8' } }],
    ['for a host that was named', { headers: { ...usual, host: 'app:80' } }],
    ['with all the bytes of a small one', { body: `"${'x'.repeat(4 * 1024 - 2)}"` }],
  ])('answers a call %s', async (_what, asked) => {
    const { head, body } = await ask(asked);
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\ncontent-type: application\/json; charset=utf-8\r\n/);
    expect(head).toContain(`content-length: ${body.length}`);
    const text = asked.body ?? '{}';
    expect(JSON.parse(body)).toEqual({ key: 'a', value: JSON.parse(text), text });
  });

  it('answers with the status that was decided', async () => {
    expect((await ask({ path: '/one/none' })).head).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
  });

  it.each<[what: string, asked: Asked]>([
    ['of another method', { method: 'PUT' }],
    ['to a route that decides none', { path: '/other/a' }],
    ['to no route', { path: '/a' }],
    ['with a question', { path: '/one/a?x=1' }],
    ['with a key that is encoded', { path: '/one/%61' }],
    ['without a key', { path: '/one/' }],
    ['with a key of many characters', { path: `/one/${'a'.repeat(1_001)}` }],
    ['for another host', { headers: { ...usual, host: 'evil.example' } }],
    ['for two hosts', { headers: { ...usual, Host: 'localhost' } }],
    ['of another type', { headers: { ...usual, 'content-type': 'text/plain' } }],
    ['in an encoding', { headers: { ...usual, 'content-encoding': 'gzip' } }],
    ['with a large body', { body: `"${'x'.repeat(4 * 1024 - 1)}"` }],
    ['without a body', { body: '' }],
    ['that is no JSON', { body: '{x' }],
    ['that is refused', { path: '/one/fault' }],
    ['that fails', { path: '/one/bug' }],
  ])('leaves a call %s to the others, with its body', async (_what, asked) => {
    expect((await ask(asked)).body).toBe(`others ${asked.body ?? '{}'}`);
    expect(counters.requestsInFlight).toBe(0);
  });

  it('I10: counts what has not arrived, and leaves what is too many to the others', async () => {
    const slow = Array.from({ length: MOST }, () => open());
    for (const socket of slow) socket.write(textFor({}).slice(0, -1));
    await until(() => counters.requestsInFlight === MOST);
    expect((await ask({})).body).toBe('others {}');
    for (const socket of slow) socket.resetAndDestroy();
    await until(() => counters.requestsInFlight === 0);
    expect((await ask({})).body).toContain('"key"');
  });

  it('closes the connection where it stopped meanwhile', async () => {
    const socket = open();
    const text = textFor({ headers: { ...usual, connection: 'keep-alive' } });
    socket.write(text.slice(0, -1));
    await until(() => counters.requestsInFlight === 1);
    stopping = true;
    socket.write(text.slice(-1));
    expect(Buffer.concat(await socket.toArray()).toString()).toContain('connection: close\r\n');
  });
});

describe('both ways', () => {
  const snapshot = snapshotOfBodies({ flags: { plain: {} } });
  let short: TestServer;
  let whole: TestServer;

  beforeAll(async () => {
    short = await serve(snapshot);
    // A limit is counted by the framework's hooks.
    whole = await serve(snapshot, { rateLimit: new RateLimit(1_000_000) });
  });
  afterAll(() => Promise.all([short[Symbol.asyncDispose](), whole[Symbol.asyncDispose]()]));

  const bodies = [
    '{"context":{"targetingKey":"user-1"}}',
    '{"context":{}}',
    '{"context":null}',
    '{"context":{},"default":7}',
    '{}',
    '[]',
    '{x',
    '',
    '{"context":{"__proto__":{}}}',
  ];
  const paths = ['/v1/evaluate/', '/ofrep/v1/evaluate/flags/'];
  const keys = ['plain', 'none', 'pl%61in', '__proto__', '%zz'];
  const cases = paths.flatMap((path) => keys.flatMap((key) => bodies.map((body) => [path + key, body])));

  test.each(cases)('%s says the same to %s', async (path = '', body = '') => {
    const [one, other] = await Promise.all(
      [short, whole].map(async ({ url }) => {
        const headers = { 'content-type': 'application/json', 'x-request-id': 'a' };
        const response = await fetch(url + path, { method: 'POST', headers, body });
        const { date: _date, ...rest } = Object.fromEntries(response.headers);
        return { status: response.status, headers: rest, text: await response.text() };
      }),
    );
    expect(one).toEqual(other);
  });
});
