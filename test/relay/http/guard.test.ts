// Who may ask: hosts, origins and tokens.

import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { Tokens } from '../../../src/relay/http/tokens.ts';
import { snapshotOfBodies } from '../../support/snapshot.ts';
import { serve, type TestServer } from '../support.ts';

const snapshot = snapshotOfBodies({ flags: { plain: {} } });

/** fetch does not let one say another Host. */
function statusForHost(server: TestServer, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(`${server.url}/v1/flags`, { headers: { host }, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject).end();
  });
}

describe('the Host header', () => {
  const cases: [host: string, status: number][] = [
    ['localhost', 200],
    ['localhost:8016', 200],
    ['LOCALHOST', 200],
    ['127.0.0.1:1', 200],
    ['[::1]:8016', 200],
    ['10.1.2.3', 200],
    ['relay.internal:80', 200],
    ['evil.example', 403],
    ['localhost.evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['relay.internal.evil.example', 403],
    ['evil.example:127.0.0.1', 403],
    ['[evil.example]', 403],
  ];
  it('is refused unless it is an address, localhost or allowed by name', async () => {
    await using server = await serve(snapshot, { allowHosts: ['Relay.Internal'] });
    for (const [host, status] of cases)
      expect([host, await statusForHost(server, host)]).toEqual([host, status]);
    // What was judged once is judged the same again.
    for (const [host, status] of cases)
      expect([host, await statusForHost(server, host)]).toEqual([host, status]);
  });
});

describe('a page in a browser', () => {
  const origin = 'https://shop.example';

  it('of a named origin may ask, with all headers that OpenFeature sends, and reads the ETag', async () => {
    await using server = await serve(snapshot, { corsOrigins: [origin] });
    const preflight = await fetch(`${server.url}/ofrep/v1/evaluate/flags`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,if-none-match,x-api-key',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    const allowed = preflight.headers.get('access-control-allow-headers')?.toLowerCase() ?? '';
    for (const name of ['authorization', 'content-type', 'if-none-match', 'x-api-key'])
      expect(allowed).toContain(name);
    for (const path of ['/ofrep/v1/evaluate/flags', '/v1/evaluate/plain']) {
      const answer = await server.post(path, { context: {} }, { origin });
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      expect(answer.headers.get('access-control-expose-headers')?.toLowerCase()).toContain('etag');
    }
    const stream = await server.get('/ofrep/v1/events', { origin });
    expect(stream.headers.get('access-control-allow-origin')).toBe(origin);
    await stream.body?.cancel();
  });

  it('of another origin gets no leave', async () => {
    for (const corsOrigins of [[], [origin]]) {
      await using server = await serve(snapshot, { corsOrigins });
      for (const method of ['OPTIONS', 'POST']) {
        const response = await fetch(`${server.url}/v1/evaluate/plain`, {
          method,
          headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
        });
        expect(response.headers.get('access-control-allow-origin')).toBeNull();
        await response.arrayBuffer();
      }
    }
  });

  it('that asks what there is without asking for leave is told nothing, in no other shape', async () => {
    await using server = await serve(snapshot, { corsOrigins: [origin] });
    const response = await fetch(`${server.url}/v1/evaluate/plain`, { method: 'OPTIONS' });
    expect([response.status, await response.text()]).toEqual([204, '']);
  });

  it('may ask for leave without a token, since browsers send none then', async () => {
    await using server = await serve(snapshot, { corsOrigins: [origin], tokens: new Tokens('secret') });
    const headers = { origin, 'access-control-request-method': 'POST' };
    const preflight = await fetch(`${server.url}/v1/evaluate/plain`, { method: 'OPTIONS', headers });
    expect(preflight.status).toBe(204);
    const refused = await server.post('/v1/evaluate/plain', {}, { origin });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, origin]);
  });
});

describe('a token', () => {
  it('opens every route as Bearer or as X-API-Key, and nothing opens without', async () => {
    const tokens = new Tokens('# rotated in May\nfirst-token\r\n\n  second-token  \n');
    await using server = await serve(snapshot, { tokens });
    const headers: [sent: Record<string, string>, status: number][] = [
      [{}, 401],
      [{ authorization: 'Bearer first-token' }, 200],
      [{ authorization: 'bearer second-token' }, 200],
      [{ 'x-api-key': 'second-token' }, 200],
      [{ authorization: 'Bearer of-a-proxy', 'x-api-key': 'second-token' }, 200],
      [{ 'x-api-key': 'third-token' }, 401],
      [{ 'x-api-key': '' }, 401],
      [{ authorization: 'Basic first-token' }, 401],
      [{ authorization: 'Bearer first-token more' }, 401],
      [{ authorization: 'Bearer # rotated in May' }, 401],
    ];
    for (const [sent, status] of headers) {
      for (const path of [
        '/v1/flags',
        '/v1/snapshot',
        '/v1/status',
        '/livez',
        '/metrics',
        '/openapi.json',
        '/docs',
      ]) {
        expect([sent, path, (await server.get(path, sent)).status]).toEqual([sent, path, status]);
      }
      expect((await server.post('/v1/evaluate/plain', {}, sent)).status).toBe(status);
    }
    expect((await server.get('/nowhere')).status).toBe(401);
    expect((await server.get('/v1/stream')).status).toBe(401);
  });

  it("a browser's EventSource, which cannot send it, opens OFREP's events by the ticket that bulk answers name", async () => {
    const tokens = new Tokens('secret');
    await using server = await serve(snapshot, { tokens });
    const bulk = await server.post('/ofrep/v1/evaluate/flags', { context: {} }, { 'x-api-key': 'secret' });
    const { eventStreams } = (await bulk.json()) as { eventStreams: [{ endpoint: { requestUri: string } }] };
    const { requestUri } = eventStreams[0].endpoint;
    const status = async (path: string) => {
      const response = await server.get(path);
      await response.body?.cancel();
      return response.status;
    };
    expect(await status(requestUri)).toBe(200);
    const { search } = new URL(requestUri, server.url);
    const refused = [
      `/v1/stream${search}`,
      `/v1/flags${search}`,
      '/ofrep/v1/events',
      `${requestUri}x`,
      '/ofrep/v1/events?ticket=',
    ];
    for (const path of refused) expect([path, await status(path)]).toEqual([path, 401]);
    tokens.replace('another');
    expect(await status(requestUri)).toBe(401);
  });

  it('is never repeated', async () => {
    await using server = await serve(snapshot, { tokens: new Tokens('right') });
    const response = await server.get('/v1/flags', { authorization: 'Bearer wrong-but-secret' });
    expect(await response.text()).not.toContain('wrong-but-secret');
    expect(server.lines().join()).not.toContain('wrong-but-secret');
  });

  it('that is replaced opens no more, and an empty file replaces nothing', () => {
    const tokens = new Tokens('old');
    tokens.replace('new');
    expect([tokens.open('old'), tokens.open('new')]).toEqual([false, true]);
    expect(() => tokens.replace('# none\n\n')).toThrow(TypeError);
    expect(tokens.open('new')).toBe(true);
  });
});
