// The same logical flags in Halyard's engine and in seven others, each through its own public interface.
import { compile } from '../../src/engine/compile.ts';
import { evaluate, evaluateAll } from '../../src/engine/evaluate.ts';
import { snapshotOfBodies } from '../support/snapshot.ts';
import { configcat } from './engine-configcat.ts';
import { eppo } from './engine-eppo.ts';
import { featurevisor } from './engine-featurevisor.ts';
import { flagd } from './engine-flagd.ts';
import { growthbook } from './engine-growthbook.ts';
import { launchdarkly } from './engine-launchdarkly.ts';
import { type BenchContext, type Engine, FILLERS, TEN, TWENTY } from './engine-peer.ts';
import { unleash } from './engine-unleash.ts';

/** Halyard's comes first. */
export async function allEngines(): Promise<Engine[]> {
  return [
    halyard(),
    flagd(),
    await unleash(),
    growthbook(),
    featurevisor(),
    await launchdarkly(),
    await configcat(),
    await eppo(),
  ];
}

function halyard(): Engine {
  const serve = { serve: 'on' };
  const rule = (attribute: string, value: string | string[]) => ({
    if: { attribute, operator: 'in', value } as const,
    then: serve,
  });
  const off = { fallthrough: { serve: 'off' } };
  const half = ['on', 'off'].map((key) => ({ key, weight: 50 }));
  const ruleset = compile(
    snapshotOfBodies({
      flags: {
        on: {},
        list: { rules: [rule('country', TWENTY)], ...off },
        rollout: { fallthrough: { rollout: { variations: half } } },
        'ten-values': { rules: TEN.map((i) => rule('plan', `plan-${i}`)), ...off },
        'ten-attributes': { rules: TEN.map((i) => rule(`attribute${i}`, 'yes')), ...off },
        ...Object.fromEntries(FILLERS.map((key) => [key, { rules: [rule('country', TWENTY)], ...off }])),
      },
    }),
  );
  return {
    name: 'halyard',
    prepare: (context) => context,
    isOn: (flag, context) => evaluate(ruleset, flag, context as BenchContext, 0).value === true,
    countOn: (context) =>
      evaluateAll(ruleset, context as BenchContext, 0).filter(({ value }) => value === true).length,
  };
}
