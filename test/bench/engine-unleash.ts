// Unleash in the bench.
import { once } from 'node:events';
import { type Context, InMemStorageProvider, Unleash } from 'unleash-client';
import { countOneByOne, type Engine, FILLERS, TEN, TWENTY } from './engine-peer.ts';

export async function unleash(): Promise<Engine> {
  const oneOf = (contextName: string, values: string[]) => ({
    name: 'default',
    parameters: {},
    constraints: [{ contextName, operator: 'IN', values, inverted: false, caseInsensitive: false }],
  });
  const toggle = (name: string, strategies: object[]) => ({
    name,
    enabled: true,
    type: 'release',
    project: 'default',
    variants: [],
    strategies,
  });
  const halves = {
    name: 'flexibleRollout',
    parameters: { rollout: '50', stickiness: 'userId', groupId: 'rollout' },
    constraints: [],
  };
  const data = [
    toggle('on', [{ name: 'default', parameters: {}, constraints: [] }]),
    toggle('list', [oneOf('country', TWENTY)]),
    toggle('rollout', [halves]),
    toggle(
      'ten-values',
      TEN.map((i) => oneOf('plan', [`plan-${i}`])),
    ),
    toggle(
      'ten-attributes',
      TEN.map((i) => oneOf(`attribute${i}`, ['yes'])),
    ),
    ...FILLERS.map((name) => toggle(name, [oneOf('country', TWENTY)])),
  ];
  const client = new Unleash({
    appName: 'bench',
    // Nothing listens there: the toggles come from the bootstrap, and nothing is fetched or reported.
    url: 'http://127.0.0.1:9/api',
    refreshInterval: 0,
    disableMetrics: true,
    disableAutoStart: true,
    skipInstanceCountWarning: true,
    bootstrap: { data: data as never },
    storageProvider: new InMemStorageProvider(),
  });
  client.on('error', () => {});
  client.on('warn', () => {});
  const ready = once(client, 'ready');
  await client.start();
  await ready;
  const isOn = (flag: string, context: unknown) => client.isEnabled(flag, context as Context);
  return {
    name: 'unleash-client',
    prepare: ({ targetingKey, ...properties }) => ({ userId: targetingKey, properties }),
    isOn,
    countOn: countOneByOne(isOn),
    close: () => client.destroy(),
  };
}
