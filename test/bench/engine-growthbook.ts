// GrowthBook in the bench.
import { GrowthBookClient } from '@growthbook/growthbook';
import { countOneByOne, type Engine, FILLERS, TEN, TWENTY } from './engine-peer.ts';

export function growthbook(): Engine {
  const list = { defaultValue: false, rules: [{ condition: { country: { $in: TWENTY } }, force: true }] };
  const features = {
    on: { defaultValue: true },
    list,
    rollout: { defaultValue: false, rules: [{ force: true, coverage: 0.5, hashAttribute: 'id' }] },
    'ten-values': {
      defaultValue: false,
      rules: TEN.map((i) => ({ condition: { plan: `plan-${i}` }, force: true })),
    },
    'ten-attributes': {
      defaultValue: false,
      rules: TEN.map((i) => ({ condition: { [`attribute${i}`]: 'yes' }, force: true })),
    },
    ...Object.fromEntries(FILLERS.map((key) => [key, list])),
  };
  const client = new GrowthBookClient().initSync({ payload: { features } });
  const isOn = (flag: string, user: unknown) => client.isOn(flag, user as { attributes: object });
  return {
    name: '@growthbook/growthbook',
    prepare: ({ targetingKey, ...attributes }) => ({ attributes: { id: targetingKey, ...attributes } }),
    isOn,
    countOn: countOneByOne(isOn),
  };
}
