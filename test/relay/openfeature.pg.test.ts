// The whole trip as apps see it: a commit, sync, PostgreSQL, a relay, and the OpenFeature clients that everyone installs.
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature } from '@openfeature/server-sdk';
import { type Provider, ProviderEvents, OpenFeature as WebOpenFeature } from '@openfeature/web-sdk';
import { EventSource } from 'undici';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { flagYaml, SyncProject, sampleFiles } from '../support/sync-project.ts';
import { relay, type TestRelay } from './start.ts';
import { until } from './support.ts';

let project: SyncProject;
let served: TestRelay;
/** The statuses of what a page's provider asked for. */
const statuses: number[] = [];

beforeEach(async () => {
  project = await SyncProject.create();
  await commit('First', sampleFiles());
  served = await relay({ source: project.database.url });
  await served.ready;
  statuses.length = 0;
});
afterEach(async () => {
  await OpenFeature.close();
  await WebOpenFeature.close();
  vi.unstubAllGlobals();
  await served.stop();
  await project[Symbol.asyncDispose]();
});

async function commit(subject: string, files: Parameters<typeof project.repository.commit>[1]) {
  const id = await project.repository.commit(subject, files);
  await project.sync();
  return id;
}

const rampUp = () => commit('Ramp up', { 'flags/checkout.yaml': flagYaml('checkout', 100) });

async function page(options: object) {
  await WebOpenFeature.setContext({ targetingKey: 'u', country: 'US' });
  const fetchImplementation: typeof fetch = async (...request) => {
    const response = await fetch(...request);
    statuses.push(response.status);
    return response;
  };
  const ofrep = { baseUrl: served.url, cacheMode: 'disabled' as const, fetchImplementation, ...options };
  await WebOpenFeature.setProviderAndWait(new OFREPWebProvider(ofrep) as Provider);
  return WebOpenFeature.getClient();
}

it('the server SDK gives the new value after a commit, and names the commit', async () => {
  await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: served.url }));
  const client = OpenFeature.getClient();
  const context = { targetingKey: 'u', country: 'US' };
  expect(await client.getBooleanValue('checkout', true, context)).toBe(false);
  const id = await rampUp();
  await until(() => client.getBooleanValue('checkout', false, context));
  expect(await client.getBooleanDetails('checkout', false, context)).toMatchObject({
    value: true,
    variant: 'on',
    reason: 'SPLIT',
    flagMetadata: { environment: 'prod', revision: 2, commit: id, rule: 'US ramp' },
  });
});

it('a page that polls is answered 304 after a commit that changes nothing for it, and hears of one that does', async () => {
  const client = await page({ pollInterval: 20, changeDetection: 'polling' });
  const changes: (readonly string[] | undefined)[] = [];
  client.addHandler(ProviderEvents.ConfigurationChanged, (details) => changes.push(details?.flagsChanged));
  await commit('For those elsewhere', { 'flags/checkout.yaml': flagYaml('checkout', 10, '# elsewhere\n') });
  await commit('For dev alone', {
    'flags/checkout.yaml': flagYaml('checkout').replace('dev: { serve: on }', 'dev: { serve: off }'),
  });
  await commit('Said better', {
    'flags/checkout.yaml': flagYaml('checkout').replace('A flag.', 'The checkout.'),
  });
  await until(() => (served.statusNow().revision as number) > 1);
  const polled = statuses.length;
  await until(() => statuses.length > polled + 3);
  expect(new Set(statuses.slice(1))).toEqual(new Set([304]));
  expect(changes).toEqual([]);
  await rampUp();
  await until(() => changes.length > 0);
  expect(changes[0]).toEqual(['checkout']);
  expect(client.getBooleanValue('checkout', false)).toBe(true);
});

it('a page hears of a commit through the stream of events, and asks once', async () => {
  vi.stubGlobal('EventSource', EventSource);
  const client = await page({});
  const changed = new Promise<readonly string[] | undefined>((resolve) => {
    client.addHandler(ProviderEvents.ConfigurationChanged, (details) => resolve(details?.flagsChanged));
  });
  await until(async () => /halyard_streams 1\n/.test(await (await fetch(`${served.url}/metrics`)).text()));
  await rampUp();
  expect(await changed).toEqual(['checkout']);
  expect(client.getBooleanValue('checkout', false)).toBe(true);
  expect(statuses).toEqual([200, 200]);
});
