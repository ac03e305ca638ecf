// Real OpenFeature clients against a running relay, with the providers that everyone installs.
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { type Client, OpenFeature } from '@openfeature/server-sdk';
import { type Provider, ProviderEvents, OpenFeature as WebOpenFeature } from '@openfeature/web-sdk';
import { EventSource } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createFolder, type Folder, flagFile } from './folder.ts';
import { relay, type TestRelay } from './start.ts';
import { until } from './support.ts';

let folder: Folder;
let served: TestRelay;
beforeAll(async () => {
  folder = await createFolder();
  served = await relay({ source: `directory:${folder.path}` });
  await served.ready;
});
afterAll(async () => {
  await served.stop();
  await folder[Symbol.asyncDispose]();
});

const some = { a: [1, { b: null }] };

describe('the server SDK with the OFREP provider', () => {
  let client: Client;
  beforeAll(async () => {
    await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: served.url }));
    client = OpenFeature.getClient();
  });
  afterAll(() => OpenFeature.close());

  it('reads every type of value', async () => {
    expect(await client.getBooleanValue('truth', false)).toBe(true);
    expect(await client.getBooleanValue('lie', true)).toBe(false);
    expect(await client.getStringValue('text', '')).toBe('b ü');
    expect(await client.getNumberValue('number', 0)).toBe(0.5);
    expect(await client.getNumberValue('integer', 0)).toBe(42);
    expect(await client.getObjectValue('object', {})).toEqual(some);
    expect(await client.getObjectValue('list', [])).toEqual([1, 'x']);
  });

  it('gives the details: variant, reason, and where it comes from', async () => {
    expect(await client.getStringDetails('by-plan', '', { targetingKey: 'u', plan: 'pro' })).toMatchObject({
      value: 'pro tier',
      variant: 'pro',
      reason: 'TARGETING_MATCH',
      flagMetadata: { environment: 'prod', rule: 'pro' },
    });
  });

  it('passes the context on', async () => {
    const value = (context: object) => client.getStringValue('by-plan', '', context as never);
    expect(await value({ targetingKey: 'u' })).toBe('free tier');
    expect(await value({ plan: 'pro' })).toBe('pro tier');
    expect(await value({ targetingKey: 'boss' })).toBe('pro tier');
  });

  it.each([
    ['an unknown flag', 'nope', {}, 'FLAG_NOT_FOUND'],
    ['a flag that needs a targeting key, without one', 'half', {}, 'TARGETING_KEY_MISSING'],
    ['a flag of another type', 'text', {}, 'TYPE_MISMATCH'],
  ])('%s gives the default, and says why', async (_what, flag, context, errorCode) => {
    for (const fallback of [true, false]) {
      const details = await client.getBooleanDetails(flag, fallback, context);
      expect(details).toMatchObject({ value: fallback, reason: 'ERROR', errorCode });
    }
  });

  it("a flag without a value leaves the app's own default", async () => {
    expect(await client.getStringValue('bare', 'mine')).toBe('mine');
  });

  it('sees a change of a file', async () => {
    await folder.write({ 'seen.yaml': flagFile('seen', 'off') });
    await until(async () => (await client.getBooleanDetails('seen', true)).reason === 'STATIC');
    expect(await client.getBooleanValue('seen', true)).toBe(false);
    await folder.write({ 'seen.yaml': flagFile('seen', 'on') });
    await until(() => client.getBooleanValue('seen', false));
  });
});

describe('the web SDK with the OFREP web provider', () => {
  const statuses: number[] = [];
  /** What the page's fetch would see. */
  const watched: typeof fetch = async (...request) => {
    const response = await fetch(...request);
    statuses.push(response.status);
    return response;
  };
  afterEach(async () => {
    await WebOpenFeature.close();
    vi.unstubAllGlobals();
    statuses.length = 0;
  });

  async function open(context: object, options: object = {}) {
    await WebOpenFeature.setContext(context as never);
    const provider = new OFREPWebProvider({
      baseUrl: served.url,
      cacheMode: 'disabled',
      fetchImplementation: watched,
      ...options,
    });
    await WebOpenFeature.setProviderAndWait(provider as Provider);
    return WebOpenFeature.getClient();
  }

  it('reads every type of value from one call', async () => {
    const client = await open({ targetingKey: 'u' });
    expect(client.getBooleanValue('truth', false)).toBe(true);
    expect(client.getStringValue('text', '')).toBe('b ü');
    expect(client.getNumberValue('number', 0)).toBe(0.5);
    expect(client.getNumberValue('integer', 0)).toBe(42);
    expect(client.getObjectValue('object', {})).toEqual(some);
    expect(client.getObjectValue('list', [])).toEqual([1, 'x']);
    expect(statuses).toEqual([200]);
  });

  it('defaults stand for unknown flags, failed ones and ones without a value', async () => {
    const client = await open({});
    expect(client.getBooleanDetails('nope', true)).toMatchObject({
      value: true,
      errorCode: 'FLAG_NOT_FOUND',
    });
    expect(client.getBooleanDetails('half', true)).toMatchObject({
      value: true,
      errorCode: 'TARGETING_KEY_MISSING',
    });
    expect(client.getStringDetails('bare', 'mine')).toMatchObject({ value: 'mine', reason: 'DISABLED' });
  });

  it('asks anew for another context', async () => {
    const client = await open({ targetingKey: 'u', plan: 'free' });
    expect(client.getStringValue('by-plan', '')).toBe('free tier');
    await WebOpenFeature.setContext({ targetingKey: 'u', plan: 'pro' });
    expect(client.getStringValue('by-plan', '')).toBe('pro tier');
  });

  it('polls with the ETag and is answered 304, until a change comes', async () => {
    await folder.write({ 'web.yaml': flagFile('web', 'off') });
    await until(async () => (await served.evaluate('web')).value === false);
    const client = await open({ targetingKey: 'u' }, { pollInterval: 20, changeDetection: 'polling' });
    await until(() => statuses.filter((status) => status === 304).length >= 3);
    expect(statuses.slice(0, 1)).toEqual([200]);
    const changed = new Promise<readonly string[] | undefined>((resolve) => {
      client.addHandler(ProviderEvents.ConfigurationChanged, (details) => resolve(details?.flagsChanged));
    });
    await folder.write({ 'web.yaml': flagFile('web', 'on') });
    expect(await changed).toContain('web');
    expect(client.getBooleanValue('web', false)).toBe(true);
  });

  it('hears of a change through the event stream, without polling', async () => {
    vi.stubGlobal('EventSource', EventSource);
    await folder.write({ 'pushed.yaml': flagFile('pushed', 'off') });
    await until(async () => (await served.evaluate('pushed')).value === false);
    const client = await open({ targetingKey: 'u' });
    await until(async () => /halyard_streams 1\n/.test(await (await fetch(`${served.url}/metrics`)).text()));
    await folder.write({ 'pushed.yaml': flagFile('pushed', 'on') });
    await until(() => client.getBooleanValue('pushed', false));
  });
});
