// Featurevisor in the bench.
import { createInstance } from '@featurevisor/sdk';
import { allFlags, countOneByOne, type Engine, TEN, TWENTY } from './engine-peer.ts';

type Context = Parameters<ReturnType<typeof createInstance>['isEnabled']>[1];
type Datafile = Exclude<NonNullable<Parameters<typeof createInstance>[0]['datafile']>, string>;
type Feature = Datafile['features'][string];
type Traffic = Feature['traffic'][number];

export function featurevisor(): Engine {
  const everyone = (percentage: number): Traffic => ({ key: 'everyone', segments: '*', percentage });
  const those = (segment: string): Traffic => ({ key: segment, segments: segment, percentage: 100_000 });
  const feature = (...traffic: Traffic[]): Feature => ({ bucketBy: 'userId', traffic });
  const segment = (attribute: string, value: string[]) => ({
    conditions: [{ attribute, operator: 'in' as const, value }],
  });
  const numbered = (name: string, conditions: (i: number) => ReturnType<typeof segment>) =>
    Object.fromEntries(TEN.map((i) => [`${name}${i}`, conditions(i)]));
  const datafile: Datafile = {
    schemaVersion: '2',
    revision: '1',
    segments: {
      twenty: segment('country', TWENTY),
      ...numbered('plan', (i) => segment('plan', [`plan-${i}`])),
      ...numbered('attribute', (i) => segment(`attribute${i}`, ['yes'])),
    } as Datafile['segments'],
    features: allFlags(() => ({
      on: feature(everyone(100_000)),
      list: feature(those('twenty')),
      rollout: feature(everyone(50_000)),
      'ten-values': feature(...TEN.map((i) => those(`plan${i}`))),
      'ten-attributes': feature(...TEN.map((i) => those(`attribute${i}`))),
    })),
  };
  const client = createInstance({ datafile, logLevel: 'fatal' });
  const isOn = (flag: string, context: unknown) => client.isEnabled(flag, context as Context);
  return {
    name: '@featurevisor/sdk',
    prepare: ({ targetingKey, ...attributes }) => ({ userId: targetingKey, ...attributes }),
    isOn,
    countOn: countOneByOne(isOn),
  };
}
