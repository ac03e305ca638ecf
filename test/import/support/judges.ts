// The engines of the other systems, as an app asks them through OpenFeature: what they answer is what an import must answer.
import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { createInstance } from '@featurevisor/sdk';
import { GrowthBookClient } from '@growthbook/growthbook';
import { FlagdCore } from '@openfeature/flagd-core';
import { InMemStorageProvider, Unleash } from 'unleash-client';
import { expect } from 'vitest';
import type { JsonValue } from '../../../src/lib/json.ts';
import type { Context } from '../../../src/model/context.ts';

export type Attributes = { [attribute: string]: JsonValue };

/** What an app gets that is given no value. */
export const DEFAULT = 'the app’s own default';

/** Expects the same answer; tens of thousands of answers are compared, so that words are made only where they differ. */
export function expectSame(answer: unknown, wanted: unknown, about: unknown): void {
  if (!isDeepStrictEqual(answer, wanted)) expect(answer, JSON.stringify(about)).toEqual(wanted);
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

export function flagdWith(definitions: unknown): (flag: string, context: Context) => unknown {
  const core = new FlagdCore(undefined, quiet);
  core.setConfigurations(JSON.stringify(definitions));
  return (flag, context) => {
    const found = core.getFlag(flag);
    if (found?.state === 'DISABLED') return DEFAULT;
    return found?.evaluate(context as never, quiet).value ?? DEFAULT;
  };
}

/** Unleash's client, without a server. Destroy it in the end. */
export async function unleashWith(file: { features: unknown[]; segments?: unknown[] }): Promise<Unleash> {
  const client = new Unleash({
    appName: 'judge',
    url: 'http://127.0.0.1:9/api',
    refreshInterval: 0,
    disableMetrics: true,
    disableAutoStart: true,
    skipInstanceCountWarning: true,
    bootstrap: { data: file.features as never, segments: (file.segments ?? []) as never },
    storageProvider: new InMemStorageProvider(),
  });
  client.on('error', () => {});
  client.on('warn', () => {});
  const ready = once(client, 'ready');
  await client.start();
  await ready;
  return client;
}

/** As Unleash's OpenFeature providers do it: the targetingKey is the user, and what Unleash does not know a property. */
export function unleashContext({
  targetingKey,
  sessionId,
  remoteAddress,
  ...properties
}: Attributes): object {
  return {
    ...(targetingKey !== undefined && { userId: targetingKey }),
    ...(sessionId !== undefined && { sessionId }),
    ...(remoteAddress !== undefined && { remoteAddress }),
    properties,
  };
}

export function growthbookWith(payload: object): (feature: string, context: Attributes) => unknown {
  const client = new GrowthBookClient().initSync({ payload: payload as never });
  return (feature, { targetingKey, ...attributes }) =>
    client.getFeatureValue(feature, DEFAULT, {
      attributes: { ...(targetingKey !== undefined && { id: targetingKey }), ...attributes },
    });
}

export function featurevisorWith(datafile: object) {
  return createInstance({ datafile: structuredClone(datafile) as never, logLevel: 'fatal' });
}

export function featurevisorContext({ targetingKey, ...attributes }: Attributes): never {
  return { ...(targetingKey !== undefined && { userId: targetingKey }), ...attributes } as never;
}
