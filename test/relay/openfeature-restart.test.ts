// A browser's OpenFeature client across a restart of its relay, and what a browser asks of one on another origin.
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature, type Provider } from '@openfeature/web-sdk';
import { EventSource } from 'undici';
import { afterEach, expect, it, vi } from 'vitest';
import { createFolder, flagFile } from './folder.ts';
import { ofrepFaults } from './ofrep-schema.ts';
import { relay } from './start.ts';
import { until } from './support.ts';

afterEach(async () => {
  await OpenFeature.close();
  vi.unstubAllGlobals();
});

it('the event stream is opened again after a restart of the relay, and what changed meanwhile is fetched', async () => {
  vi.stubGlobal('EventSource', EventSource);
  await using folder = await createFolder();
  const source = `directory:${folder.path}`;
  const first = await relay({ source });
  await first.ready;
  const asked: string[] = [];
  const fetchImplementation: typeof fetch = (input, init) => {
    asked.push(String(input instanceof Request ? input.url : input));
    return fetch(input, init);
  };
  const provider = new OFREPWebProvider({ baseUrl: first.url, cacheMode: 'disabled', fetchImplementation });
  await OpenFeature.setContext({ targetingKey: 'u' });
  await OpenFeature.setProviderAndWait(provider as Provider);
  const client = OpenFeature.getClient();
  expect(client.getBooleanValue('lie', true)).toBe(false);
  const streams = async (url: string) => (await fetch(`${url}/metrics`)).text();
  await until(async () => /halyard_streams 1\n/.test(await streams(first.url)));
  await first.stop();
  await folder.write({ 'checkout/lie.yaml': flagFile('lie', 'on') });
  await using second = await relay({ source, listen: new URL(first.url).host });
  await second.ready;
  await until(() => client.getBooleanValue('lie', false), Boolean, 30_000);
  // The event's own words came back as the parameters of the call that it caused.
  expect(asked.at(-1)).toContain('flagConfigEtag=');
});

it('a browser on another origin may ask with If-None-Match, and reads ETag and Retry-After', async () => {
  await using folder = await createFolder();
  const origin = 'https://shop.example';
  await using served = await relay({
    source: `directory:${folder.path}`,
    corsOrigins: [origin],
    rateLimit: 3,
  });
  await served.ready;
  const url = `${served.url}/ofrep/v1/evaluate/flags`;
  const preflight = await fetch(url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,if-none-match',
    },
  });
  expect(preflight.status).toBe(204);
  const ask = (headers: Record<string, string> = {}) =>
    fetch(url, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json', ...headers },
      body: '{"context":{"targetingKey":"u"}}',
    });
  const whole = await ask();
  const exposed = whole.headers.get('access-control-expose-headers')?.toLowerCase() ?? '';
  expect([exposed.includes('etag'), exposed.includes('retry-after')]).toEqual([true, true]);
  expect(ofrepFaults('bulk', 200, await whole.json())).toEqual([]);
  expect((await ask({ 'if-none-match': whole.headers.get('etag') ?? '' })).status).toBe(304);
  // The preflight took no place of the three.
  expect((await ask()).status).toBe(200);
  const refused = await until(ask, ({ status }) => status === 429);
  expect(refused.headers.get('access-control-allow-origin')).toBe(origin);
  expect(refused.headers.get('retry-after')).toBe('1');
});
