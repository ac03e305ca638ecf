// Configuration, status, probes, metrics and the published contract.

import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { chosenEncoding } from '../../../src/relay/http/snapshot.ts';
import { RateLimit } from '../../../src/relay/rate-limit.ts';
import { snapshotOfBodies } from '../../support/snapshot.ts';
import { serve, snapshotAt, type TestServer } from '../support.ts';

const override = { serve: 'off', until: '2026-01-01T00:00:00Z' };
const snapshot = snapshotOfBodies({
  flags: {
    plain: { description: 'Says yes.', owner: 'payments', expires: '2027-03-31' },
    stopped: { override },
  },
});

describe('GET /v1/flags', () => {
  it('is the catalogue, with a tag', async () => {
    await using server = await serve(snapshot);
    const response = await server.get('/v1/flags');
    expect(await response.json()).toMatchObject({
      project: 'acme/shop',
      environment: 'prod',
      revision: 7,
      flags: [
        {
          key: 'plain',
          type: 'boolean',
          variations: { on: true, off: false },
          description: 'Says yes.',
          owner: 'payments',
          expires: '2027-03-31',
        },
        { key: 'stopped' },
      ],
    });
    const etag = response.headers.get('etag') ?? '';
    expect((await server.get('/v1/flags', { 'if-none-match': etag })).status).toBe(304);
  });
});

/** fetch decodes by itself; this shows the bytes. */
function bytesOf(
  server: TestServer,
  encoding: string,
): Promise<{ bytes: Buffer; encoding: string | undefined }> {
  return new Promise((resolve, reject) => {
    request(
      `${server.url}/v1/snapshot`,
      { headers: { 'accept-encoding': encoding }, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ bytes: Buffer.concat(chunks), encoding: response.headers['content-encoding'] }),
        );
      },
    )
      .on('error', reject)
      .end();
  });
}

describe('GET /v1/snapshot', () => {
  it('is the snapshot, plain or compressed', async () => {
    await using server = await serve(snapshot);
    const plain = await bytesOf(server, '');
    expect(JSON.parse(plain.bytes.toString())).toEqual(snapshot);
    const gzip = await bytesOf(server, 'gzip');
    expect([gzip.encoding, gunzipSync(gzip.bytes).equals(plain.bytes)]).toEqual(['gzip', true]);
    const br = await bytesOf(server, 'gzip, br');
    expect([br.encoding, brotliDecompressSync(br.bytes).equals(plain.bytes)]).toEqual(['br', true]);
  });

  it('depends on what the client accepts, and on its origin where origins count', async () => {
    await using server = await serve(snapshot, { corsOrigins: ['https://shop.example'] });
    const { headers } = await server.get('/v1/snapshot');
    expect(headers.get('vary')?.toLowerCase().split(/, */).sort()).toEqual(['accept-encoding', 'origin']);
  });

  it('has a tag that changes with the revision, and is answered 304 to who has it', async () => {
    await using server = await serve(snapshot);
    const etag = (await server.get('/v1/snapshot')).headers.get('etag') ?? '';
    expect((await server.get('/v1/snapshot', { 'if-none-match': etag })).status).toBe(304);
    await server.store.offer({ ...snapshot, revision: 8 });
    const next = await server.get('/v1/snapshot', { 'if-none-match': etag });
    expect([next.status, next.headers.get('etag') === etag]).toEqual([200, false]);
  });

  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['GZIP;q=0.5', 'gzip'],
    ['*', 'br'],
    ['*;q=0', 'identity'],
    ['gzip;q=0, *', 'br'],
    ['zstd', 'identity'],
  ])('accept-encoding %j chooses %s', (header, encoding) => {
    expect(chosenEncoding(header)).toBe(encoding);
  });
});

describe('probes', () => {
  it('say alive at once, ready and started with the first snapshot', async () => {
    await using server = await serve(undefined);
    const statuses = async () => {
      const paths = ['/livez', '/readyz', '/startupz'];
      return Promise.all(paths.map(async (path) => (await server.get(path)).status));
    };
    expect(await statuses()).toEqual([200, 503, 503]);
    await server.store.offer(snapshot);
    expect(await statuses()).toEqual([200, 200, 200]);
    expect((await fetch(`${server.url}/readyz`, { method: 'HEAD' })).status).toBe(200);
  });
});

describe('GET /v1/status', () => {
  it('names what is served and the overrides that stand', async () => {
    let now = Date.parse('2025-12-31T23:00:00Z');
    await using server = await serve(snapshot, { now: () => now });
    const status = async () => (await (await server.get('/v1/status')).json()) as object;
    expect(await status()).toMatchObject({
      project: 'acme/shop',
      environment: 'prod',
      revision: 7,
      commit: 'c0ffee',
      digest: snapshot.digest,
      flags: 2,
      ready: true,
      overrides: [{ flag: 'stopped', ...override }],
      source: { kind: 'directory', state: 'starting' },
      uptimeMs: expect.any(Number),
    });
    now += 2 * 3_600_000;
    expect(await status()).toMatchObject({ overrides: [] });
  });
});

describe('GET /metrics', () => {
  const sampleOf = (text: string, series: string) =>
    text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.slice(series.length + 1);

  it('counts evaluations by flag, reason and variation, across swaps', async () => {
    await using server = await serve(snapshot);
    const metrics = async () => (await server.get('/metrics')).text();
    for (let call = 0; call < 3; call++) await server.post('/v1/evaluate/plain', { context: {} });
    await server.post('/v1/evaluate/nope-1', {});
    await server.post('/ofrep/v1/evaluate/flags/nope-2', { context: {} });
    await server.post('/v1/evaluate', { flags: ['plain'] });
    await server.post('/ofrep/v1/evaluate/flags', { context: {} });
    const plain = 'halyard_evaluations_total{flag="plain",reason="STATIC",variation="on"}';
    expect(sampleOf(await metrics(), plain)).toBe('5');
    server.store.onSwap(({ before }) => before && server.counters.evaluations.take(before.answers));
    await server.post('/v1/evaluate/plain', { context: {} });
    await server.store.offer({ ...snapshot, revision: 8 });
    await server.post('/v1/evaluate/plain', { context: {} });
    const text = await metrics();
    expect(sampleOf(text, plain)).toBe('7');
    expect(sampleOf(text, 'halyard_evaluations_total{flag="",reason="ERROR",variation=""}')).toBe('2');
    expect(text).not.toContain('nope');
    expect(sampleOf(text, 'halyard_snapshot_revision')).toBe('8');
    expect(sampleOf(text, 'halyard_evaluation_duration_seconds_count{api="evaluate"}')).toBe('6');
    expect(sampleOf(text, 'halyard_evaluation_duration_seconds_bucket{api="evaluate",le="+Inf"}')).toBe('6');
  });

  it('says nothing of a snapshot or an age that there is not', async () => {
    await using server = await serve(undefined);
    const text = await (await server.get('/metrics')).text();
    for (const name of ['revision', 'definitions', 'compile_seconds', 'age_seconds']) {
      expect([name, sampleOf(text, `halyard_snapshot_${name}`)]).toEqual([name, undefined]);
    }
    expect(sampleOf(text, 'halyard_snapshot_stale')).toBe('1');
    expect(sampleOf(text, 'halyard_snapshot_swaps_total')).toBe('0');
  });

  it('is in the text format: each name has its help and type, and no series stands twice', async () => {
    await using server = await serve(snapshot);
    const text = await (await server.get('/metrics')).text();
    const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    for (const line of series) expect(line).toMatch(/^[a-z_]+(\{([a-z]+="[^"]*",?)*\})? -?[\d.]+(e-?\d+)?$/);
    expect(new Set(series.map((line) => line.split(' ')[0])).size).toBe(series.length);
    for (const name of new Set(
      series.map((line) => line.replace(/[{ ].*/, '').replace(/_(bucket|sum|count)$/, '')),
    )) {
      expect(text).toContain(`# HELP ${name} `);
      expect(text).toContain(`# TYPE ${name} `);
    }
  });
});

interface Described {
  content: { [type: string]: { schema?: { properties?: object } } };
}

describe('the contract', () => {
  it('openapi.json names every route that answers', async () => {
    await using server = await serve(snapshot);
    const contract = (await (await server.get('/openapi.json')).json()) as {
      openapi: string;
      paths: {
        [path: string]: {
          [method: string]: {
            operationId: string;
            summary: string;
            responses: { [status: string]: { content?: object } };
          };
        };
      };
    };
    expect(contract.openapi).toBe('3.1.0');
    const typeOf = (path: string) => Object.keys(contract.paths[path]?.get?.responses[200]?.content ?? {});
    expect(typeOf('/metrics')).toEqual(['text/plain']);
    expect(typeOf('/v1/stream')).toEqual(['text/event-stream']);
    expect(typeOf('/ofrep/v1/events')).toEqual(['text/event-stream']);

    expect(Object.keys(contract.paths).sort()).toEqual(
      [
        '/livez',
        '/metrics',
        '/ofrep/v1/evaluate/flags',
        '/ofrep/v1/evaluate/flags/{key}',
        '/ofrep/v1/events',
        '/readyz',
        '/startupz',
        '/v1/evaluate',
        '/v1/evaluate/{flag}',
        '/v1/explain/{flag}',
        '/v1/flags',
        '/v1/snapshot',
        '/v1/status',
        '/v1/stream',
        '/v1/track',
      ].sort(),
    );
    for (const [path, methods] of Object.entries(contract.paths)) {
      for (const [method, { operationId, summary, responses }] of Object.entries(methods)) {
        expect([operationId, summary]).not.toContain(undefined);
        expect(Object.keys(responses)).toContain('default');
        if (path.endsWith('stream') || path.endsWith('events')) continue;
        const response = await fetch(`${server.url}${path.replace(/\{\w+\}/, 'plain')}`, {
          method,
          ...(method === 'post' && {
            body: '{"context":{}}',
            headers: { 'content-type': 'application/json' },
          }),
        });
        // Without a collector, events go nowhere.
        expect([path, response.status]).toEqual([path, path === '/v1/track' ? 404 : 200]);
        await response.arrayBuffer();
      }
    }
  });

  it('openapi.json names the headers of answers, and those are sent', async () => {
    await using server = await serve(snapshotAt(1, { flags: { a: {} } }), { rateLimit: new RateLimit(1) });
    const { paths } = (await (await server.get('/openapi.json')).json()) as {
      paths: {
        [path: string]: { [method: string]: { responses: { [status: string]: { headers?: object } } } };
      };
    };
    const tag = (await server.get('/v1/snapshot')).headers.get('etag') as string;
    const bulk = '/ofrep/v1/evaluate/flags';
    const answers = [
      ['/v1/snapshot', 'get', 200, await server.get('/v1/snapshot?witness=1')],
      ['/v1/snapshot', 'get', 304, await server.get('/v1/snapshot?witness=1', { 'if-none-match': tag })],
      ['/v1/flags', 'get', 200, await server.get('/v1/flags')],
      [bulk, 'post', 200, await server.post(bulk, { context: {} })],
      [bulk, 'post', 429, await server.post(bulk, { context: {} })],
    ] as const;
    for (const [path, method, status, answer] of answers) {
      expect([path, answer.status]).toEqual([path, status]);
      const { headers = {} } = paths[path]?.[method]?.responses[status] ?? {};
      // Nobody has confirmed what this server serves.
      const sent = Object.keys(headers).filter((name) => name !== 'halyard-age');
      expect(sent.length).toBeGreaterThan(0);
      expect(sent.filter((name) => !answer.headers.has(name))).toEqual([]);
    }
  });

  it('openapi.json names all that the status says, and when calls that evaluate are turned away', async () => {
    await using server = await serve(snapshot);
    const { paths } = (await (await server.get('/openapi.json')).json()) as {
      paths: { [path: string]: { [method: string]: { responses: { [status: string]: Described } } } };
    };
    const status = (await (await server.get('/v1/status')).json()) as object;
    const described = paths['/v1/status']?.get?.responses[200]?.content['application/json']?.schema;
    expect(Object.keys(described?.properties ?? {})).toEqual(expect.arrayContaining(Object.keys(status)));
    const calls = Object.entries(paths).filter(([path]) => /evaluate|explain/.test(path));
    expect(calls).toHaveLength(5);
    for (const [, { post }] of calls)
      expect(Object.keys(post?.responses ?? {})).toEqual(expect.arrayContaining(['429', '503']));
  });

  it('the page to try it comes with its parts, from here', async () => {
    await using server = await serve(snapshot);
    const page = await server.get('/docs');
    const html = await page.text();
    expect(html).toContain('swagger-ui');
    expect(page.headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
    for (const [, part] of html.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)) {
      expect([part, (await server.get(new URL(part ?? '', `${server.url}/docs`).pathname)).status]).toEqual([
        part,
        200,
      ]);
    }
  });
});

describe('the pages of the contract', () => {
  const json = 'application/json; charset=utf-8';
  it.each([
    ['HEAD', '/openapi.json', 200, json],
    ['HEAD', '/docs', 200, 'text/html; charset=utf-8'],
    ['POST', '/openapi.json', 405, json],
    ['DELETE', '/docs', 405, json],
    ['GET', '/docs/static/nowhere', 404, json],
    ['GET', '/docs/nowhere', 404, json],
  ])('%s %s is %i in the shape of every answer', async (method, path, status, type) => {
    await using server = await serve(snapshot);
    const response = await fetch(`${server.url}${path}`, { method });
    expect([response.status, response.headers.get('content-type')]).toEqual([status, type]);
    const text = await response.text();
    if (status >= 400) expect(Object.keys(JSON.parse(text) as object)).toEqual(['errorCode', 'errorDetails']);
    if (status >= 400) expect(text).not.toContain('nowhere');
  });
});

describe('W3C trace context', () => {
  it('is passed on with the answer if it is valid, and not repeated if it is not', async () => {
    await using server = await serve(snapshot);
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const answer = await server.post('/v1/evaluate/plain', {}, { traceparent });
    expect(answer.headers.get('traceparent')).toBe(traceparent);
    for (const invalid of [
      '00-0-0-0',
      'x',
      traceparent.replace(/^00/, 'ff'),
      traceparent.replace('4bf92f3577b34da6a3ce929d0e0e4736', '0'.repeat(32)),
    ]) {
      const other = await server.post('/v1/evaluate/plain', {}, { traceparent: invalid });
      expect(other.headers.get('traceparent')).toBeNull();
    }
  });
});

describe('a fault of ours', () => {
  it('I12: is answered 500 without what the error says, and logged with its trace', async () => {
    await using server = await serve(snapshot);
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    Object.defineProperty(server.store, 'served', {
      get: () => {
        throw new Error('alice@example.com broke it');
      },
    });
    const response = await server.post(
      '/v1/evaluate/plain',
      {},
      { traceparent: `00-${trace}-00f067aa0ba902b7-01` },
    );
    const body = await response.text();
    expect([response.status, Object.keys(JSON.parse(body) as object)]).toEqual([
      500,
      ['errorCode', 'errorDetails'],
    ]);
    expect(body).not.toMatch(/alice|broke|at /);
    expect(server.lines().join()).toContain(`"trace_id":"${trace}"`);
  });
});
