// Eppo in the bench. It has no file to start from, so that its configuration comes from a server on loopback, once.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Attributes } from '@eppo/node-server-sdk';
import { allFlags, countOneByOne, type Engine, TEN, TWENTY } from './engine-peer.ts';

const A_DAY_MS = 24 * 60 * 60 * 1000;

export async function eppo(): Promise<Engine> {
  const everyone = [{ variationKey: 'on', shards: [] }];
  const half = [{ variationKey: 'on', shards: [{ salt: 'salt', ranges: [{ start: 0, end: 5000 }] }] }];
  const rule = (attribute: string, value: string[]) => ({
    conditions: [{ attribute, operator: 'ONE_OF', value }],
  });
  const flags = allFlags((key) => {
    const flag = (rules: object[], splits: object[] = everyone) => ({
      key,
      enabled: true,
      variationType: 'BOOLEAN',
      variations: { on: { key: 'on', value: true }, off: { key: 'off', value: false } },
      allocations: [{ key: 'all', rules, splits, doLog: false }],
      totalShards: 10_000,
    });
    return {
      on: flag([]),
      list: flag([rule('country', TWENTY)]),
      rollout: flag([], half),
      'ten-values': flag(TEN.map((i) => rule('plan', [`plan-${i}`]))),
      'ten-attributes': flag(TEN.map((i) => rule(`attribute${i}`, ['yes']))),
    };
  });
  const head = { createdAt: '2026-01-01T00:00:00Z', format: 'SERVER', environment: { name: 'bench' } };
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...head, flags, banditReferences: {} }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Read when it is loaded; otherwise it logs into the figures.
  process.env.LOG_LEVEL ??= 'error';
  const { init } = await import('@eppo/node-server-sdk');
  const client = await init({
    apiKey: 'bench',
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    assignmentLogger: { logAssignment: () => {} },
    pollingIntervalMs: A_DAY_MS,
  });
  server.close();
  server.closeAllConnections();
  const isOn = (flag: string, prepared: unknown) => {
    const { key, attributes } = prepared as { key: string; attributes: Attributes };
    return client.getBooleanAssignment(flag, key, attributes, false);
  };
  return {
    name: '@eppo/node-server-sdk',
    prepare: ({ targetingKey, ...attributes }) => ({ key: targetingKey, attributes }),
    isOn,
    countOn: countOneByOne(isOn),
    close: () => client.stopPolling(),
  };
}
