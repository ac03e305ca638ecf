// Every warning of a plan: what raises it, and what does not.
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../src/lib/json.ts';
import type { FlagDefinition, FlagEnvironment } from '../../src/model/definitions.gen.ts';
import { type WarningCode, warningCodes } from '../../src/plan/warning-codes.ts';
import { inProd, plan, type Written } from './support.ts';

const us = { attribute: 'country', operator: 'eq', value: 'US' } as const;
const percent = (share: number): FlagEnvironment => ({ serve: 'on', percent: share });
const rollout = (...shares: [string, number][]): FlagEnvironment => ({
  rollout: { variations: shares.map(([key, weight]) => ({ key, weight })) },
});
const three = { type: 'string', variations: { a: 'A', b: 'B', c: 'C' }, off: 'a' } as const;
const salts = { dev: '1', staging: '2', prod: '3' };
const everywhere = (written: Written): Written => ({ ...written, salts });

function warnings(before: Written | undefined, after: Written, code: WarningCode): string[] {
  return plan(before, after).warnings.flatMap((warning) =>
    warning.code === code ? [`${warning.kind} ${warning.key}: ${warning.message}`] : [],
  );
}

describe('reshuffle', () => {
  const experiment = (body: object): Written => ({
    ...inProd({ experiment: 'layout' }),
    experiments: { layout: body },
  });
  const rows: [string, Written, Written, string][] = [
    [
      'a salt',
      inProd(percent(10)),
      { ...inProd(percent(10)), salts: { prod: 'x' } },
      'project acme/shop: The salt of `prod` changes',
    ],
    [
      'a unit',
      inProd(percent(10)),
      inProd(percent(10), { unit: 'company.id' }),
      'flag f: The flag `f` is dealt by `company.id` and no longer by `targetingKey`',
    ],
    [
      'an experiment’s unit',
      experiment({}),
      experiment({ unit: 'company.id' }),
      'flag f: The experiment `layout` is dealt by `company.id`',
    ],
    [
      'a layer',
      experiment({ traffic: 10 }),
      experiment({ layer: 'l', slot: { from: 0, to: 10 } }),
      'flag f: The rule `everyone else` is dealt by the layer `l` and no longer by the experiment `layout`',
    ],
    [
      'an experiment for a percentage',
      inProd(percent(10)),
      experiment({}),
      'flag f: The rule `everyone else` is dealt by the experiment `layout` and no longer by the flag `f`',
    ],
    [
      'a flag under another key',
      { flags: { old: { environments: { prod: percent(10) } } } },
      inProd(percent(10)),
      'flag f: `f` is `old` under another key',
    ],
  ];
  test.each(rows)('%s', (_, before, after, start) => {
    expect(warnings(before, after, 'reshuffle')).toEqual([expect.stringContaining(start)]);
  });

  test.each([
    ['a percentage', inProd(percent(10)), inProd(percent(90))],
    [
      'a salt where nothing splits',
      inProd({ serve: 'on' }),
      { ...inProd({ serve: 'on' }), salts: { prod: 'x' } },
    ],
    ['a split that begins', inProd({ serve: 'on' }), inProd(percent(10))],
    ['another flag', { flags: { old: { environments: { prod: percent(10) } } } }, inProd(percent(20))],
  ] as [string, Written, Written][])('not by %s', (_, before, after) => {
    expect(warnings(before, after, 'reshuffle')).toEqual([]);
  });
});

describe('reordered-arms', () => {
  test('entries in another order move more than their weights ask for', () => {
    const found = warnings(
      inProd(rollout(['a', 50], ['b', 50]), three),
      inProd(rollout(['c', 20], ['a', 40], ['b', 40]), three),
      'reordered-arms',
    );
    expect(found).toEqual([
      expect.stringContaining('30% get another variation, where the new weights alone need 20%.'),
    ]);
  });

  test('arms of an experiment count too', () => {
    const arms = (...order: string[]): Written => ({
      ...inProd({ experiment: 'layout' }),
      experiments: { layout: { traffic: 10, arms: order.map((variation) => ({ variation, weight: 50 })) } },
    });
    expect(warnings(arms('on', 'off'), arms('off', 'on'), 'reordered-arms')).toEqual([
      'experiment layout: The shares of `everyone else` are in another order: 100% of those in `layout` get another variation, where the new weights alone need 0%. Keep the order, and let those grow that lie side by side.',
    ]);
  });

  test('neighbours that trade shares are the least', () => {
    expect(
      warnings(
        inProd(rollout(['a', 50], ['b', 50]), three),
        inProd(rollout(['a', 60], ['b', 40]), three),
        'reordered-arms',
      ),
    ).toEqual([]);
  });
});

describe('running-experiment', () => {
  const world = (body: object, prod: FlagEnvironment = {}): Written => ({
    ...inProd({ ...prod, experiment: 'layout' }),
    experiments: { layout: { traffic: 50, ...body } },
  });
  const edits: [string, object][] = [
    ['arms', { arms: [{ variation: 'on', weight: 100 }] }],
    ['traffic', { traffic: 60 }],
    ['unit', { unit: 'company.id' }],
    ['metrics', { metrics: { primary: 'order' } }],
    ['layer', { traffic: undefined, layer: 'l', slot: { from: 0, to: 50 } }],
    ['status', { status: 'draft' }],
    ['exposures', { exposures: 'off' }],
    ['analysis.alpha', { analysis: { alpha: 0.1 } }],
    ['analysis.minimumEffect', { analysis: { minimumEffect: 0.1 } }],
    ['analysis.sequential', { analysis: { sequential: { looks: 5 } } }],
    ['analysis.cuped', { analysis: { cuped: { days: 7 } } }],
    ['end', { end: '2099-01-01' }],
  ];
  test.each(edits)('its %s', (field, body) => {
    expect(warnings(world({}), world(body), 'running-experiment').join()).toContain(`\`${field}\``);
  });

  test.each([
    ['take more', [], ['US'], 'some of its units no longer reach it in `f`'],
    ['take fewer', ['US'], [], 'units that did not reach it before now do in `f`'],
    ['take others', ['US'], ['CA'], 'other units than before reach it in `f`'],
  ])('rules before it that %s', (_, was, is, how) => {
    const rules = (countries: string[]) =>
      countries.map((value) => ({ if: { ...us, value }, then: { serve: 'on' } }));
    const changed = warnings(
      world({}, { rules: rules(was) }),
      world({}, { rules: rules(is) }),
      'running-experiment',
    );
    expect(changed).toEqual([
      `experiment layout: \`layout\` is running, and ${how}: results from before and after do not compare.`,
    ]);
  });

  test('a metric of it that is measured otherwise', () => {
    const measured = (metric: object): Written => ({ ...world({}), metrics: { purchase: metric } });
    expect(warnings(measured({}), measured({ event: 'paid' }), 'running-experiment')).toEqual([
      'experiment layout: `layout` is running, and `purchase` is measured otherwise: results from before and after do not compare.',
    ]);
    expect(warnings(measured({}), measured({ description: 'Words.' }), 'running-experiment')).toEqual([]);
  });

  test.each([
    { window: '7d' },
    { cap: 0.99 },
    { margin: 0.01 },
    { direction: 'decrease' },
    { type: 'count' },
  ])('a metric of it that gets %j', (change) => {
    const measured = (metric: object): Written => ({ ...world({}), metrics: { purchase: metric } });
    expect(warnings(measured({}), measured(change), 'running-experiment')).toHaveLength(1);
  });

  test.each([
    ['an arm of it', { off: { v: 1 }, on: false, other: 1 }, ['`off` has another value']],
    ['its arms', { off: 1, on: 2, other: 1 }, ['`off` and `on` have other values']],
    ['a variation that is no arm of it', { off: false, on: false, other: 2 }, []],
  ] as [string, { [name: string]: JsonValue }, string[]][])('another value of %s', (_, variations, how) => {
    const given = (
      values: { [name: string]: JsonValue },
      status: 'draft' | 'running' = 'running',
    ): Written => ({
      ...inProd({ experiment: 'layout' }, { type: 'json', variations: values } as Partial<FlagDefinition>),
      experiments: { layout: { traffic: 50, status } },
    });
    const was = { off: false, on: false, other: 1 };
    expect(warnings(given(was, 'draft'), given(variations), 'running-experiment')).toEqual([]);
    expect(warnings(given(was), given(variations), 'running-experiment')).toEqual(
      how.map(
        (each) =>
          `experiment layout: \`layout\` is running, and ${each}: results from before and after do not compare.`,
      ),
    );
  });

  test('one that was stopped runs again', () => {
    expect(warnings(world({ status: 'stopped' }), world({}), 'running-experiment')).toEqual([
      'experiment layout: `layout` was stopped and runs again: units that got an arm then count from then on. Give a new key to what is to be measured anew.',
    ]);
  });

  test('how it is judged is told apart from what it measures', () => {
    const after = world({ traffic: 60, analysis: { alpha: 0.1, power: 0.9 }, end: '2099-01-01' });
    expect(warnings(world({}), after, 'running-experiment')).toEqual([
      expect.stringContaining('its `traffic` changes: results from before and after do not compare.'),
      expect.stringContaining(
        'its `analysis.alpha`, `analysis.power` and `end` change: a plan that changes once results can be seen',
      ),
    ]);
  });

  test('its deletion', () => {
    expect(warnings(world({}), inProd({ serve: 'on' }), 'running-experiment')).toEqual([
      'experiment layout: `layout` is deleted while it runs. Stop it first.',
    ]);
  });

  test('another salt', () => {
    expect(warnings(world({}), { ...world({}), salts: { prod: 'x' } }, 'running-experiment')).toHaveLength(1);
  });

  test.each([
    ['its end', world({ status: 'draft' }), world({ traffic: 60 })],
    ['a stop', world({}), world({ status: 'stopped', traffic: 10 })],
    [
      'rules behind it',
      world({}),
      {
        ...world({}),
        flags: {
          f: { environments: { prod: { rules: [{ then: { experiment: 'layout' } }], serve: 'on' } } },
        },
      },
    ],
    ['words', world({}), world({ hypothesis: 'Pages sell.' })],
    ['another environment', world({ environments: ['prod', 'dev'] }), world({ environments: ['prod'] })],
    [
      'defaults that are written out',
      world({ analysis: { sequential: { looks: 5 } } }),
      world({
        ...{ unit: 'targetingKey', exposures: 'first' },
        metrics: { primary: 'purchase', secondary: [], guardrails: [] },
        analysis: { alpha: 0.05, power: 0.8, sequential: { looks: 5, boundary: 'pocock' } },
      }),
    ],
    [
      'how a draft is to be judged',
      world({ status: 'draft' }),
      world({ status: 'draft', end: '2099-01-01' }),
    ],
  ] as [string, Written, Written][])('not by %s', (_, before, after) => {
    expect(warnings(before, after, 'running-experiment')).toEqual([]);
  });
});

describe('unreachable', () => {
  const serve = { serve: 'on' };
  const world = (...rules: NonNullable<FlagEnvironment['rules']>): Written => ({
    ...inProd({ rules, serve: 'off' }),
    attributes: { country: { type: 'string' } },
  });
  const beta = { name: 'beta', if: us, then: serve };
  const rows: [string, Written, number][] = [
    ['a rule for everyone before it', world({ name: 'all', then: serve }, beta), 1],
    [
      'a wider rule before it',
      world({ name: 'wide', if: { ...us, operator: 'in', value: ['US', 'CA'] }, then: serve }, beta),
      1,
    ],
    [
      'a larger percentage before it',
      world(
        { name: 'most', if: us, then: { serve: 'off', percent: 60 } },
        { ...beta, then: { serve: 'on', percent: 40 } },
      ),
      1,
    ],
    [
      'a smaller percentage before it',
      world(
        { name: 'few', if: us, then: { serve: 'off', percent: 20 } },
        { ...beta, then: { serve: 'on', percent: 40 } },
      ),
      0,
    ],
    [
      'a rule for others before it',
      world({ name: 'others', if: { ...us, value: 'CA' }, then: serve }, beta),
      0,
    ],
    [
      'a rule for a while before it',
      world({ name: 'while', from: '2026-01-01T00:00:00Z', then: serve }, beta),
      0,
    ],
    [
      'a ramp before it',
      world(
        { name: 'ramp', then: { serve: 'on', ramp: [{ at: '2026-01-01T00:00:00Z', percent: 100 }] } },
        beta,
      ),
      0,
    ],
    ['a condition that can never hold', world({ ...beta, if: { and: [us, { ...us, value: 'CA' }] } }), 1],
  ];
  test.each(rows)('%s', (_, after, count) => {
    expect(warnings(world(beta), after, 'unreachable')).toHaveLength(count);
  });

  test('what was unreachable before is no news', () => {
    const hidden = world({ name: 'all', then: serve }, beta);
    expect(
      warnings(
        hidden,
        { ...hidden, segments: { x: {} }, flags: { f: { ...hidden.flags?.f, unit: 'company.id' } } },
        'unreachable',
      ),
    ).toEqual([]);
  });
});

describe('what units lose', () => {
  test('percentage-falls: a percentage that is smaller than before', () => {
    expect(warnings(inProd(percent(25)), inProd(percent(10)), 'percentage-falls')).toEqual([
      'flag f: The share of `everyone else` falls from 25% to 10%: units that have `on` lose it.',
    ]);
    expect(warnings(inProd({ serve: 'on' }), inProd(percent(99.99)), 'percentage-falls')).toHaveLength(1);
    expect(warnings(inProd(percent(10)), inProd(percent(25)), 'percentage-falls')).toEqual([]);
    const given = (share: number, countries: string[]) => {
      const others = { if: { ...us, value: 'DE' }, then: { serve: 'off' } };
      const ramp = { name: 'ramp', if: us, then: { serve: 'on', percent: share } };
      const rules = [ramp, ...countries.map(() => others)];
      return { ...inProd({ rules, serve: 'on' }), attributes: { country: { type: 'string' } } } as Written;
    };
    // Those whom the ramp leaves have it from the fallthrough all the same.
    expect(warnings(given(50, []), given(10, ['DE']), 'percentage-falls')).toEqual([]);
    expect(
      warnings(inProd(rollout(['on', 60], ['off', 40])), inProd(percent(60)), 'percentage-falls'),
    ).toEqual([]);
  });

  test('switched-off: the kill switch', () => {
    expect(warnings(inProd(percent(25)), inProd({ ...percent(25), enabled: false }), 'switched-off')).toEqual(
      ['flag f: `f` is switched off in `prod`: everyone gets `off`, targets too.'],
    );
    expect(warnings(inProd({ ...percent(25), enabled: false }), inProd(percent(25)), 'switched-off')).toEqual(
      [],
    );
  });

  test('value-changed: another value behind a name, told once', () => {
    const world = (A: string) =>
      everywhere({
        flags: {
          f: {
            ...three,
            variations: { ...three.variations, a: A },
            environments: { dev: { serve: 'a' }, prod: { serve: 'a' } },
          },
        },
      });
    expect(warnings(world('A'), world('Z'), 'value-changed')).toEqual([
      'flag f: `a` has another value: everyone who has it gets that, in every environment.',
    ]);
    expect(
      warnings(
        world('A'),
        {
          ...world('A'),
          flags: { f: { ...world('A').flags?.f, variations: { ...three.variations, d: 'D' } } },
        },
        'value-changed',
      ),
    ).toEqual([]);
  });

  test('unit-needed: an error for subjects who had an answer', () => {
    expect(warnings(inProd({ serve: 'on' }), inProd(percent(50)), 'unit-needed')).toEqual([
      expect.stringContaining('Subjects without `targetingKey` get the error TARGETING_KEY_MISSING'),
    ]);
    expect(warnings(inProd({ serve: 'off' }), inProd(percent(50)), 'unit-needed')).toEqual([]);
    expect(warnings(inProd(percent(10)), inProd(percent(50)), 'unit-needed')).toEqual([]);
  });
});

describe('lives of definitions', () => {
  test('wide-segment: an edit that reaches the last environment through three flags', () => {
    const world = (value: string, flags: number): Written =>
      everywhere({
        segments: { staff: { if: { ...us, value } } },
        flags: Object.fromEntries(
          Array.from({ length: flags }, (_, n) => [
            `f${n}`,
            {
              environments: {
                prod: { rules: [{ if: { segment: 'staff' }, then: { serve: 'on' } }], serve: 'off' },
              },
            },
          ]),
        ),
      });
    expect(warnings(world('US', 3), world('CA', 3), 'wide-segment')).toEqual([
      'segment staff: The segment `staff` reaches `prod` through 3 flags: `f0`, `f1` and `f2`.',
    ]);
    expect(warnings(world('US', 2), world('CA', 2), 'wide-segment')).toEqual([]);
  });

  test('not-in-staging: on in the last environment, and not in the one before', () => {
    const world = (environments: { [name: string]: FlagEnvironment }) =>
      everywhere({ flags: { f: { environments } } });
    const on = { serve: 'on' };
    expect(warnings(world({ dev: on }), world({ dev: on, prod: percent(1) }), 'not-in-staging')).toEqual([
      'flag f: `f` is turned on in `prod`, and is not on in `staging`.',
    ]);
    expect(warnings(undefined, world({ prod: on }), 'not-in-staging')).toHaveLength(1);
    expect(warnings(world({ staging: on }), world({ staging: on, prod: on }), 'not-in-staging')).toEqual([]);
    expect(warnings(world({ staging: on }), world({ prod: on }), 'not-in-staging')).toEqual([]);
    expect(warnings(world({ prod: percent(1) }), world({ prod: on }), 'not-in-staging')).toEqual([]);
    expect(
      warnings(world({ dev: on }), world({ dev: on, prod: { serve: 'off' } }), 'not-in-staging'),
    ).toEqual([]);
    const tried = (status: 'draft' | 'running') => ({
      ...world({ prod: { experiment: 'layout' } }),
      experiments: { layout: { status } },
    });
    expect(warnings(world({}), tried('draft'), 'not-in-staging')).toEqual([]);
    expect(warnings(world({}), tried('running'), 'not-in-staging')).toHaveLength(1);
  });

  test('expiry-extended: an expired flag that stays', () => {
    const world = (expires: string | undefined): Written => ({
      flags: { f: { ...(expires ? { expires } : { permanent: true }) } },
    });
    expect(warnings(world('2026-11-01'), world('2027-11-01'), 'expiry-extended')).toEqual([
      'flag f: `f` was to be gone by 2026-11-01, and now stays until 2027-11-01.',
    ]);
    expect(warnings(world('2026-11-01'), world(undefined), 'expiry-extended')).toHaveLength(1);
    expect(warnings(world('2026-12-01'), world('2027-11-01'), 'expiry-extended')).toEqual([]);
    expect(warnings(world('2026-11-01'), world('2026-10-01'), 'expiry-extended')).toEqual([]);
  });

  test('flag-deleted: a flag that still gives something', () => {
    expect(warnings(inProd(percent(10)), {}, 'flag-deleted')).toEqual([
      'flag f: `f` is deleted, and is on in `prod`: apps that still ask for it get their own default.',
    ]);
    expect(warnings(inProd({ serve: 'off' }), {}, 'flag-deleted')).toEqual([]);
  });
});

test('warnings come in the order of the table, each code with a summary', () => {
  const before = inProd({ ...percent(50), targets: { on: ['alice'] } });
  const after = {
    ...inProd({ ...percent(10), enabled: true }, { variations: { on: true, off: true } }),
    salts: { prod: 'x' },
  };
  const codes = plan(before, after).warnings.map(({ code }) => code);
  expect(codes).toEqual(['reshuffle', 'percentage-falls', 'value-changed']);
  for (const summary of Object.values(warningCodes)) expect(summary).toMatch(/^[A-Z].*\.$/);
});
