// Arbitrary changes for property tests: two sets of definitions that have much in common, and subjects that tell them apart.
import fc from 'fast-check';
import type { Context } from '../../src/model/context.ts';
import type {
  Condition,
  ExperimentDefinition,
  FlagDefinition,
  Outcome,
  SegmentDefinition,
} from '../../src/model/definitions.gen.ts';
import type { Written } from './support.ts';

/** Shares of so many hundredths: with quarters a grid of four buckets a dimension is exact. */
type Shares = fc.Arbitrary<number>;
export const quarters: Shares = fc.constantFrom(0, 25, 50, 75, 100);
export const hundredths: Shares = fc.nat(10_000).map((share) => share / 100);

const UNITS = ['t1', 't2', 't3', 'u1', 'u2'];
/** Units that no definition names. */
export const UNNAMED = ['v1', 'v2', 'v3'];
const variation = fc.constantFrom('on', 'off');
const letter = fc.constantFrom('a', 'b', 'c');

const tests: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    attribute: fc.constant('x'),
    operator: fc.constantFrom('eq', 'in', 'neq'),
    value: fc.uniqueArray(letter, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ attribute: fc.constant('l'), operator: fc.constantFrom('in', 'not_in'), value: letter }),
  fc.record({ attribute: fc.constant('n'), operator: fc.constantFrom('lt', 'gte'), value: fc.nat(3) }),
  fc.record({ attribute: fc.constantFrom('x', 'n'), operator: fc.constant('exists'), value: fc.boolean() }),
  fc.record({
    attribute: fc.constant('targetingKey'),
    operator: fc.constant('eq'),
    value: fc.constantFrom(...UNITS),
  }),
) as fc.Arbitrary<Condition>;

function conditions(segments: string[]): fc.Arbitrary<Condition> {
  const named = segments.map((segment) => fc.constant<Condition>({ segment }));
  return fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { depthSize: 'xsmall' },
      tests,
      ...named,
      fc.array(tie('condition'), { minLength: 1, maxLength: 2 }).map((and) => ({ and })),
      fc.array(tie('condition'), { minLength: 1, maxLength: 2 }).map((or) => ({ or })),
      tie('condition').map((not) => ({ not })),
    ),
  })).condition;
}

function splits(shares: Shares): fc.Arbitrary<Outcome> {
  const rollout = fc.tuple(shares, variation, variation).map(([weight, a, b]) => ({
    rollout: {
      variations: [
        { key: a, weight },
        { key: b, weight: Math.round((100 - weight) * 100) / 100 },
      ],
    },
  }));
  const ramp = fc.record({ serve: variation, percent: shares }).map(({ serve, percent }) => ({
    serve,
    ramp: [
      { at: '2026-11-01T00:00:00Z', percent },
      { at: '2027-01-01T00:00:00Z', percent: 100 },
    ],
  }));
  return fc.oneof(fc.record({ serve: variation, percent: shares }), rollout, ramp);
}

function outcomes(shares: Shares, experiments: string[]): fc.Arbitrary<Outcome> {
  return fc.oneof(
    variation.map((serve) => ({ serve })),
    splits(shares),
    splits(shares),
    ...experiments.map((experiment) => fc.constant({ experiment })),
  );
}

function flags(
  shares: Shares,
  experiments: string[],
  requires: string | undefined,
): fc.Arbitrary<Partial<FlagDefinition>> {
  const outcome = outcomes(shares, experiments);
  const rule = fc.record(
    {
      if: conditions(['s0', 's1']),
      then: outcome,
      from: fc.constantFrom('2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'),
    },
    { requiredKeys: ['then'] },
  );
  const prod = fc.record(
    {
      enabled: fc.constantFrom(true, true, true, true, false),
      targets: fc.record({ on: fc.subarray(['t1', 't2']), off: fc.constant(['t3']) }, { requiredKeys: [] }),
      rules: fc.array(rule, { maxLength: 3 }),
    },
    { requiredKeys: [] },
  );
  return fc
    .record({
      prod: fc.tuple(prod, outcome).map(([body, otherwise]) => ({ ...body, ...otherwise })),
      unit: fc.constantFrom('targetingKey', 'targetingKey', 'group'),
      requires: fc.constantFrom(...(requires ? [requires, undefined] : [undefined])),
      on: fc.constantFrom(true, true, true, false),
    })
    .map(({ prod: body, unit, requires: required, on }) => ({
      unit,
      variations: { on, off: false },
      ...(required && { requires: [{ flag: required, variation: 'on' }] }),
      environments: { prod: body },
    })) as unknown as fc.Arbitrary<Partial<FlagDefinition>>;
}

function segments(inner: string[]): fc.Arbitrary<Partial<SegmentDefinition>> {
  const lists = fc.subarray(UNITS);
  return fc.record({ if: conditions(inner), include: lists, exclude: lists }, { requiredKeys: ['if'] });
}

function experiments(
  shares: Shares,
  flag: string,
  slot: { from: number; to: number },
): fc.Arbitrary<Partial<ExperimentDefinition>> {
  const place = fc.oneof(
    shares.map((traffic) => ({ traffic })),
    fc.constant({ layer: 'l', slot }),
  );
  return fc
    .tuple(fc.constantFrom('running', 'running', 'draft'), place, shares)
    .map(([status, where, weight]) => ({
      flag,
      status,
      ...where,
      arms: [
        { variation: 'off', weight },
        { variation: 'on', weight: Math.round((100 - weight) * 100) / 100 },
      ],
    })) as fc.Arbitrary<Partial<ExperimentDefinition>>;
}

interface Parts {
  salt: string;
  f: Partial<FlagDefinition>;
  r: Partial<FlagDefinition>;
  s0: Partial<SegmentDefinition>;
  s1: Partial<SegmentDefinition>;
  ef: Partial<ExperimentDefinition>;
  er: Partial<ExperimentDefinition>;
}

function parts(shares: Shares): fc.Arbitrary<Parts> {
  return fc.record({
    salt: fc.constantFrom('c07d2e', 'c07d2e', 'c07d2e', '5f0c1a'),
    f: flags(shares, ['ef'], 'r'),
    r: flags(shares, ['er'], undefined),
    s0: segments([]),
    s1: segments(['s0']),
    ef: experiments(shares, 'f', { from: 0, to: 50 }),
    er: experiments(shares, 'r', { from: 25, to: 75 }),
  });
}

/** `f` may require `r`; both may use the segments `s0` and `s1`, and an experiment each, whose layer may be one. */
export function arbitraryChange(shares: Shares): fc.Arbitrary<{ before: Written; after: Written }> {
  const taken = fc.constantFrom(true, false, false);
  const which = fc.record({
    salt: taken,
    f: fc.boolean(),
    r: taken,
    s0: taken,
    s1: taken,
    ef: taken,
    er: taken,
  });
  return fc
    .tuple(parts(shares), parts(shares), which, fc.boolean())
    .map(([before, other, taken, isDeclared]) => {
      const after = { ...before };
      for (const part of Object.keys(taken) as (keyof Parts)[])
        if (taken[part]) Object.assign(after, { [part]: other[part] });
      return { before: written(before, isDeclared), after: written(after, isDeclared) };
    });
}

function written({ salt, f, r, s0, s1, ef, er }: Parts, isDeclared: boolean): Written {
  return {
    salts: { prod: salt },
    ...(isDeclared && {
      attributes: {
        x: { type: 'string', values: ['a', 'b', 'c'] },
        l: { type: 'string', list: true },
        n: { type: 'number' },
        group: { type: 'string' },
      },
    }),
    flags: { f, r },
    segments: { s0, s1 },
    experiments: { ef, er },
  };
}

/** Subjects that are as the attributes are declared, and have both units. */
export const arbitrarySubject: fc.Arbitrary<Context> = fc.record(
  {
    targetingKey: fc.constantFrom('u1', 'u2', ...UNNAMED),
    group: fc.constantFrom('g1', 'g2', 'g3'),
    x: letter,
    l: fc.subarray(['a', 'b', 'c', 'd']),
    n: fc.constantFrom(0, 1, 2, 3, 4),
  },
  { requiredKeys: ['targetingKey', 'group'] },
);
