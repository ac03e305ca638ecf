// flagd's engine in the bench.
import { FlagdCore } from '@openfeature/flagd-core';
import { type BenchContext, type Engine, FILLERS, TEN, TWENTY } from './engine-peer.ts';

export function flagd(): Engine {
  const core = new FlagdCore();
  const flag = (targeting?: object, defaultVariant = 'off') => ({
    state: 'ENABLED',
    variants: { on: true, off: false },
    defaultVariant,
    ...(targeting && { targeting }),
  });
  const chain = (tests: object[]) =>
    tests.reduceRight((otherwise: unknown, test) => ({ if: [test, 'on', otherwise] }), 'off');
  const list = flag({ if: [{ in: [{ var: 'country' }, TWENTY] }, 'on', 'off'] });
  const halves = {
    fractional: [
      ['on', 50],
      ['off', 50],
    ],
  };
  const flags = {
    on: flag(undefined, 'on'),
    list,
    rollout: flag(halves),
    'ten-values': flag(chain(TEN.map((i) => ({ '==': [{ var: 'plan' }, `plan-${i}`] }))) as object),
    'ten-attributes': flag(chain(TEN.map((i) => ({ '==': [{ var: `attribute${i}` }, 'yes'] }))) as object),
    ...Object.fromEntries(FILLERS.map((key) => [key, list])),
  };
  core.setConfigurations(JSON.stringify({ flags }));
  return {
    name: '@openfeature/flagd-core',
    prepare: (context) => context,
    isOn: (key, context) => core.resolveBooleanEvaluation(key, false, context as BenchContext).value,
    countOn: (context) =>
      core.resolveAll(context as BenchContext).filter(({ value }) => value === true).length,
  };
}
