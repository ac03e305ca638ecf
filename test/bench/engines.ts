// The same logical flags in four engines, each through its own public interface.
import { once } from 'node:events';
import { GrowthBookClient } from '@growthbook/growthbook';
import { FlagdCore } from '@openfeature/flagd-core';
import { type Context, InMemStorageProvider, Unleash } from 'unleash-client';
import { compile } from '../../src/engine/compile.ts';
import { evaluate, evaluateAll } from '../../src/engine/evaluate.ts';
import { snapshotOfBodies } from '../support/snapshot.ts';

export interface BenchContext {
  targetingKey: string;
  [attribute: string]: string;
}

export interface Engine {
  name: string;
  /** Gets a context ready as this engine wants it, which is not timed. */
  prepare(context: BenchContext): unknown;
  isOn(flag: string, prepared: unknown): boolean;
  /** How many of all flags are on. */
  countOn(prepared: unknown): number;
  close?(): void;
}

export const TWENTY = Array.from({ length: 20 }, (_, i) => `country-${i}`);
export const TEN = Array.from({ length: 10 }, (_, i) => i);
/** Beside the five that are timed. */
export const FILLERS = Array.from({ length: 995 }, (_, i) => `filler-${i}`);
const FLAGS = ['on', 'list', 'rollout', 'ten-values', 'ten-attributes', ...FILLERS];

export async function allEngines(): Promise<Engine[]> {
  return [halyard(), flagd(), growthbook(), await unleash()];
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

function flagd(): Engine {
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

function growthbook(): Engine {
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
    countOn: (user) => FLAGS.filter((flag) => isOn(flag, user)).length,
  };
}

async function unleash(): Promise<Engine> {
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
    countOn: (context) => FLAGS.filter((flag) => isOn(flag, context)).length,
    close: () => client.destroy(),
  };
}
