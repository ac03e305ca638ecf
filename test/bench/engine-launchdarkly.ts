// LaunchDarkly's server SDK in the bench, with its data from a test source and nothing sent.
import { basicLogger, init, type LDContext, type LDEvaluationDetail } from '@launchdarkly/node-server-sdk';
import { TestData } from '@launchdarkly/node-server-sdk/integrations';
import { allFlags, type Engine, TEN, TWENTY } from './engine-peer.ts';

export async function launchdarkly(): Promise<Engine> {
  const rule = (attribute: string, values: string[], i = 0) => ({
    id: `rule-${i}`,
    clauses: [{ contextKind: 'user', attribute, op: 'in', values, negate: false }],
    variation: 0,
  });
  const flags = allFlags((key) => {
    const flag = (rules: object[], fallthrough: object = { variation: 1 }) => ({
      key,
      on: true,
      variations: [true, false],
      offVariation: 1,
      salt: 'salt',
      rules,
      fallthrough,
    });
    const halves = [0, 1].map((variation) => ({ variation, weight: 50_000 }));
    return {
      on: flag([], { variation: 0 }),
      list: flag([rule('country', TWENTY)]),
      rollout: flag([], { rollout: { contextKind: 'user', variations: halves } }),
      'ten-values': flag(TEN.map((i) => rule('plan', [`plan-${i}`], i))),
      'ten-attributes': flag(TEN.map((i) => rule(`attribute${i}`, ['yes'], i))),
    };
  });
  const source = new TestData();
  for (const flag of Object.values(flags)) await source.usePreconfiguredFlag(flag);
  const client = init('sdk-key', {
    updateProcessor: source.getFactory(),
    sendEvents: false,
    logger: basicLogger({ level: 'none' }),
  });
  await client.waitForInitialization({ timeout: 10 });
  let value: unknown;
  const take = (_error: unknown, detail: LDEvaluationDetail) => {
    value = detail.value;
  };
  // The one form that answers at once; its promise, for which every other form waits, is not timed.
  const isOn = (flag: string, context: unknown) => {
    value = undefined;
    void client.variationDetail(flag, context as LDContext, false, take);
    return value === true;
  };
  return {
    name: '@launchdarkly/node-server-sdk',
    prepare: ({ targetingKey, ...attributes }) => ({ kind: 'user', key: targetingKey, ...attributes }),
    isOn,
    countOn: async (context) => {
      const state = await client.allFlagsState(context as LDContext);
      return Object.values(state.allValues()).filter((each) => each === true).length;
    },
    close: () => client.close(),
  };
}
