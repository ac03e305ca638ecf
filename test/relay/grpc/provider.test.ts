// flagd's own provider for Node, as apps install it, against a running relay.
import { FlagdProvider } from '@openfeature/flagd-provider';
import { type Client, OpenFeature, ProviderEvents } from '@openfeature/server-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFolder, type Folder, flagFile } from '../folder.ts';
import { relay, type TestRelay } from '../start.ts';
import { until } from '../support.ts';

const some = { a: [1, { b: null }] };
const WAIT_MS = 30_000;

let folder: Folder;
let served: TestRelay;
beforeAll(async () => {
  folder = await createFolder();
  served = await start();
});
afterAll(async () => {
  await OpenFeature.close();
  await served.stop();
  await folder[Symbol.asyncDispose]();
});

async function start(grpc = '127.0.0.1:0'): Promise<TestRelay> {
  const started = await relay({ source: `directory:${folder.path}`, grpc });
  await started.ready;
  return started;
}

const portOf = ({ grpcUrl }: TestRelay) => Number(new URL(grpcUrl as string).port);

/** A client whose provider is connected. */
async function connected(domain: string, cache: 'lru' | 'disabled'): Promise<Client> {
  const provider = new FlagdProvider({
    host: '127.0.0.1',
    port: portOf(served),
    deadlineMs: WAIT_MS,
    retryBackoffMs: 1,
    retryBackoffMaxMs: 50,
    cache,
  });
  await OpenFeature.setProviderAndWait(domain, provider);
  return OpenFeature.getClient(domain);
}

describe('without a cache', () => {
  let client: Client;
  beforeAll(async () => {
    client = await connected('plain', 'disabled');
  });

  it('reads every type of value', async () => {
    expect(await client.getBooleanValue('truth', false)).toBe(true);
    expect(await client.getBooleanValue('lie', true)).toBe(false);
    expect(await client.getStringValue('text', '')).toBe('b ü');
    expect(await client.getNumberValue('number', 0)).toBe(0.5);
    expect(await client.getNumberValue('integer', 0)).toBe(42);
    expect(await client.getObjectValue('object', {})).toEqual(some);
  });

  it('gives the details: variant, reason, and where it comes from', async () => {
    expect(await client.getStringDetails('by-plan', '', { targetingKey: 'u', plan: 'pro' })).toMatchObject({
      value: 'pro tier',
      variant: 'pro',
      reason: 'TARGETING_MATCH',
      flagMetadata: { environment: 'prod', rule: 'pro', revision: expect.any(Number) },
    });
  });

  it('passes the context on', async () => {
    const value = (context: object) => client.getStringValue('by-plan', '', context as never);
    expect(await value({ targetingKey: 'u' })).toBe('free tier');
    expect(await value({ plan: 'pro' })).toBe('pro tier');
    expect(await value({ targetingKey: 'boss' })).toBe('pro tier');
  });

  it('calls a context that nests too deep what it is, and no wrong type', async () => {
    let deep: object = {};
    for (let level = 0; level < 70; level++) deep = { deep };
    expect(await client.getBooleanDetails('truth', false, deep as never)).toMatchObject({
      value: false,
      errorCode: 'PARSE_ERROR',
    });
  });

  it.each([
    ['an unknown flag', 'nope', 'FLAG_NOT_FOUND'],
    ['a flag that needs a targeting key, without one', 'half', 'GENERAL'],
    ['a flag of another type', 'text', 'TYPE_MISMATCH'],
    ['a list, which a Struct cannot hold', 'list', 'TYPE_MISMATCH'],
  ])('%s gives the default, and says why', async (_what, flag, errorCode) => {
    for (const fallback of [true, false]) {
      const details = await client.getBooleanDetails(flag, fallback, {});
      expect(details).toMatchObject({ value: fallback, reason: 'ERROR', errorCode });
    }
  });

  it("a flag without a value leaves the app's own default", async () => {
    expect(await client.getStringDetails('bare', 'mine')).toMatchObject({
      value: 'mine',
      reason: 'DISABLED',
    });
  });

  it('says which flags have changed', async () => {
    const changed = new Set<string>();
    client.addHandler(ProviderEvents.ConfigurationChanged, (details) => {
      for (const flag of details?.flagsChanged ?? []) changed.add(flag);
    });
    await folder.write({ 'new.yaml': flagFile('new', 'on') });
    await until(() => changed.has('new'), Boolean, WAIT_MS);
    expect(await client.getBooleanValue('new', false)).toBe(true);
    await folder.write({ 'new.yaml': null });
    await until(async () => (await client.getBooleanDetails('new', false)).errorCode === 'FLAG_NOT_FOUND');
    expect([...changed]).toEqual(['new']);
  });
});

describe('with the cache that it has by default', () => {
  const reason = async (client: Client, flag: string) => (await client.getBooleanDetails(flag, false)).reason;

  it('keeps what is static until the flag changes, and never a day longer', async () => {
    const client = await connected('caching', 'lru');
    await folder.write({ 'kept.yaml': flagFile('kept', 'on') });
    await until(() => client.getBooleanValue('kept', false), Boolean, WAIT_MS);
    expect(await reason(client, 'kept')).toBe('CACHED');
    expect(await reason(client, 'truth')).toBe('STATIC');
    await folder.write({ 'kept.yaml': flagFile('kept', 'off') });
    await until(async () => !(await client.getBooleanValue('kept', true)), Boolean, WAIT_MS);
    // Another flag's answer was not forgotten.
    expect(await reason(client, 'truth')).toBe('CACHED');
  });

  it('forgets what an override gave when the override ends, which no commit tells of', async () => {
    const client = await connected('override', 'lru');
    const until = new Date(Date.now() + 1_500).toISOString();
    const ruled = `rules: [{ name: early, until: ${until}, then: { serve: on } }]\n    serve: off`;
    await folder.write({ 'timed.yaml': flagFile('timed', 'on').replace('serve: on', ruled) });
    const told = new Promise<void>((resolve) => {
      client.addHandler(ProviderEvents.ConfigurationChanged, async (details) => {
        if (details?.flagsChanged?.includes('timed') && Date.now() >= Date.parse(until)) resolve();
      });
    });
    await told;
    expect(await client.getBooleanDetails('timed', true)).toMatchObject({ value: false, reason: 'DEFAULT' });
  });

  it('comes back to a relay that was restarted, and asks it anew', async () => {
    const client = await connected('restart', 'lru');
    await folder.write({ 'again.yaml': flagFile('again', 'on') });
    await until(() => client.getBooleanValue('again', false), Boolean, WAIT_MS);
    expect(await reason(client, 'again')).toBe('CACHED');
    const stale = new Promise((resolve) => client.addHandler(ProviderEvents.Stale, resolve));
    const port = portOf(served);
    await served.stop();
    await stale;
    await folder.write({ 'again.yaml': flagFile('again', 'off') });
    const ready = new Promise((resolve) => client.addHandler(ProviderEvents.Ready, resolve));
    served = await start(`127.0.0.1:${port}`);
    await ready;
    expect(await client.getBooleanDetails('again', true)).toMatchObject({ value: false, reason: 'STATIC' });
  });
});
