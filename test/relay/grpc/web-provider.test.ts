// flagd's own provider for browsers, against a running relay: Connect in JSON, over HTTP/1.1 and fetch.
import { FlagdWebProvider } from '@openfeature/flagd-web-provider';
import { type Client, OpenFeature, type Provider, ProviderEvents } from '@openfeature/web-sdk';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFolder, type Folder, flagFile } from '../folder.ts';
import { relay, type TestRelay } from '../start.ts';
import { until } from '../support.ts';

let folder: Folder;
let served: TestRelay;
let client: Client;
beforeAll(async () => {
  folder = await createFolder();
  served = await relay({ source: `directory:${folder.path}`, grpc: '127.0.0.1:0' });
  await served.ready;
  const { hostname: host, port } = new URL(served.grpcUrl as string);
  await OpenFeature.setContext({ targetingKey: 'u', plan: 'free' });
  const provider = new FlagdWebProvider({ host, port: Number(port), tls: false });
  await OpenFeature.setProviderAndWait(provider as Provider);
  client = OpenFeature.getClient();
});
afterAll(async () => {
  await OpenFeature.close();
  await served.stop();
  await folder[Symbol.asyncDispose]();
});

it('reads every type of value', () => {
  expect(client.getBooleanValue('truth', false)).toBe(true);
  expect(client.getBooleanValue('lie', true)).toBe(false);
  expect(client.getStringValue('text', '')).toBe('b ü');
  expect(client.getNumberValue('number', 0)).toBe(0.5);
  expect(client.getNumberValue('integer', 0)).toBe(42);
  expect(client.getObjectValue('object', {})).toEqual({ a: [1, { b: null }] });
  expect(client.getStringDetails('by-plan', '')).toMatchObject({ variant: 'free', reason: 'DEFAULT' });
});

it('defaults stand for what is unknown, fails, is no object or has no value', () => {
  for (const flag of ['nope', 'bare', 'list']) {
    expect(client.getBooleanDetails(flag, true)).toMatchObject({ value: true, errorCode: 'FLAG_NOT_FOUND' });
  }
  expect(client.getNumberDetails('text', 7)).toMatchObject({ value: 7, errorCode: 'TYPE_MISMATCH' });
});

it('asks anew for another context', async () => {
  await OpenFeature.setContext({ targetingKey: 'u', plan: 'pro' });
  expect(client.getStringValue('by-plan', '')).toBe('pro tier');
});

it('hears of a change', async () => {
  let changes = 0;
  client.addHandler(ProviderEvents.ConfigurationChanged, () => changes++);
  await folder.write({ 'new.yaml': flagFile('new', 'on') });
  await until(() => changes > 0 && client.getBooleanValue('new', false), Boolean, 30_000);
});
