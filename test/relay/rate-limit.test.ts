// --rate-limit: so many evaluate calls a second, and clients that wait for as long as they are told.
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature } from '@openfeature/server-sdk';
import { type Provider, OpenFeature as WebOpenFeature } from '@openfeature/web-sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { RateLimit } from '../../src/relay/rate-limit.ts';
import { snapshotOfBodies } from '../support/snapshot.ts';
import { createFolder } from './folder.ts';
import { ofrepFaults } from './ofrep-schema.ts';
import { relay } from './start.ts';
import { serve, until } from './support.ts';

/** What each of the calls at these times, in seconds, is told. */
function told(perSecond: number, times: readonly number[]): number[] {
  let nowMs = 1e6;
  const limit = new RateLimit(perSecond, () => nowMs);
  return times.map((seconds) => {
    nowMs = 1e6 + seconds * 1_000;
    return limit.take();
  });
}

describe('the limit', () => {
  it.each([
    ['a second of calls may come at once, no more', 3, [0, 0, 0, 0, 0], [0, 0, 0, 1, 1]],
    ['places come back one by one', 2, [0, 0, 0.4, 0.5, 0.9, 1], [0, 0, 1, 0, 1, 0]],
    ['what is refused takes no place', 1, [0, 0.1, 0.2, 0.3, 1, 1.9, 2], [0, 1, 1, 1, 0, 1, 0]],
    ['rest saves up a second of calls, no more', 2, [0, 0, 60, 60, 60], [0, 0, 0, 0, 1]],
    ["a worker's share below one a second says how long it takes", 0.25, [0, 0, 2, 4], [0, 4, 2, 0]],
  ])('%s', (_what, perSecond, times, answers) => {
    expect(told(perSecond, times)).toEqual(answers);
  });
});

const calls: [path: string, body: object][] = [
  ['/ofrep/v1/evaluate/flags/plain', { context: {} }],
  ['/ofrep/v1/evaluate/flags', { context: {} }],
  ['/v1/evaluate/plain', { context: {} }],
  ['/v1/evaluate', { context: {}, flags: ['plain', 'other', 'plain'] }],
  ['/v1/explain/plain', { context: {} }],
];

describe('a relay with a limit', () => {
  const snapshot = snapshotOfBodies({ flags: { plain: {}, other: {} } });

  it.each(calls)(
    'I10: beyond it %s is answered 429, with Retry-After in whole seconds',
    async (path, body) => {
      let nowMs = 0;
      await using server = await serve(snapshot, { rateLimit: new RateLimit(2, () => nowMs) });
      // Many flags in one call count as one.
      for (const status of [200, 200, 429, 429]) {
        const response = await server.post(path, body);
        expect([response.status, response.headers.get('retry-after')]).toEqual([
          status,
          status === 429 ? '1' : null,
        ]);
        const answer = (await response.json()) as { key?: string };
        if (status === 200) continue;
        expect(answer).toMatchObject({ errorCode: 'GENERAL', errorDetails: expect.any(String) });
        if (path.endsWith('flags/plain')) expect(answer.key).toBe('plain');
        if (path.startsWith('/ofrep'))
          expect(ofrepFaults(path.endsWith('flags') ? 'bulk' : 'single', 429, answer)).toEqual([]);
      }
      expect(server.counters.refusedRequests.get('rate')).toBe(2);
      nowMs = 500;
      expect((await server.post(path, body)).status).toBe(200);
    },
  );

  it('probes, metrics, status, catalogue and snapshot are not limited, nor does it count what no route takes', async () => {
    await using server = await serve(snapshot, { rateLimit: new RateLimit(1, () => 0) });
    for (const path of [
      '/livez',
      '/readyz',
      '/startupz',
      '/metrics',
      '/v1/status',
      '/v1/flags',
      '/v1/snapshot',
    ]) {
      expect([path, (await server.get(path)).status]).toEqual([path, 200]);
    }
    expect((await server.post('/v1/nothing', {})).status).toBe(404);
    expect((await server.post('/v1/evaluate/plain', {})).status).toBe(200);
    expect(await (await server.get('/metrics')).text()).toContain(
      'halyard_requests_refused_total{reason="rate"} 0',
    );
  });
});

describe("OpenFeature's clients of a relay with a limit of one a second", () => {
  afterEach(async () => {
    await OpenFeature.close();
    await WebOpenFeature.close();
  });

  it('the OFREP provider waits for as long as it was told, and is answered then', async () => {
    await using folder = await createFolder();
    await using served = await relay({ source: `directory:${folder.path}`, rateLimit: 1 });
    await served.ready;
    let asked = 0;
    const fetchImplementation: typeof fetch = (...call) => {
      asked++;
      return fetch(...call);
    };
    await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: served.url, fetchImplementation }));
    const client = OpenFeature.getClient();
    expect(await client.getBooleanValue('truth', false)).toBe(true);
    const refused = await client.getBooleanDetails('truth', false);
    expect(refused).toMatchObject({ value: false, reason: 'ERROR' });
    const paused = await client.getBooleanDetails('truth', false);
    expect([paused.errorMessage, asked]).toEqual([
      expect.stringContaining('paused due to TooManyRequests'),
      2,
    ]);
    await until(() => client.getBooleanValue('truth', false));
  });

  it('the web provider keeps its values, and is answered when it asks later', async () => {
    await using folder = await createFolder();
    await using served = await relay({ source: `directory:${folder.path}`, rateLimit: 1 });
    await served.ready;
    const statuses: number[] = [];
    const fetchImplementation: typeof fetch = async (...call) => {
      const response = await fetch(...call);
      statuses.push(response.status);
      return response;
    };
    const options = { pollInterval: 30, changeDetection: 'polling', cacheMode: 'disabled' } as const;
    const provider = new OFREPWebProvider({ baseUrl: served.url, fetchImplementation, ...options });
    await WebOpenFeature.setContext({ targetingKey: 'u' });
    await WebOpenFeature.setProviderAndWait(provider as Provider);
    await until(() => statuses.includes(429));
    expect(WebOpenFeature.getClient().getBooleanValue('truth', false)).toBe(true);
    await until(() => statuses.at(-1) === 304);
    // In the second that it was told to wait it did not ask.
    expect(statuses.filter((status) => status === 429).length).toBeLessThan(statuses.length);
  });
});
