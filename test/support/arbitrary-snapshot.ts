// Arbitrary snapshots and contexts for property tests: every kind of condition, outcome and reference, and hostile JSON.
import fc from 'fast-check';
import type { Context } from '../../src/model/context.ts';
import type { Condition, OperatorName, Outcome, Scalar } from '../../src/model/definitions.gen.ts';
import type { FlagBody, SegmentBody, Snapshot } from '../../src/model/snapshot.ts';
import { type Bodies, flagBody, snapshotOfBodies } from './snapshot.ts';

const ATTRIBUTES = [
  'targetingKey',
  'country',
  'version',
  'at',
  'ip',
  'nested.plan',
  'toString',
  '__proto__',
  '',
];
const VALUES: { [type: string]: { operators: OperatorName[]; values: Scalar[] } } = {
  scalar: { operators: ['eq', 'neq', 'in', 'not_in'], values: ['US', 'us', 'İ', '', 1, 0, true, false] },
  number: { operators: ['gt', 'gte', 'lt', 'lte'], values: [0, 1, -1.5, 1e9] },
  text: {
    operators: ['contains', 'not_contains', 'starts_with', 'not_starts_with', 'ends_with', 'not_ends_with'],
    values: ['U', 'us', '', '1'],
  },
  pattern: { operators: ['matches', 'not_matches'], values: ['^U', '(a|b)*c', '[0-9]{2,5}$', ''] },
  version: {
    operators: ['semver_eq', 'semver_neq', 'semver_gt', 'semver_gte', 'semver_lt', 'semver_lte'],
    values: ['1.2.3', 'v2', '2.0.0-rc.1'],
  },
  instant: { operators: ['before', 'after'], values: ['2026-01-01T00:00:00Z', 1e12, 0] },
  address: { operators: ['in_cidr', 'not_in_cidr'], values: ['10.0.0.0/8', '::/0', '2001:db8::1'] },
};
const attribute = fc.constantFrom(...ATTRIBUTES);
const segmentKey = fc.nat(4).map((number) => `s${number}`);
const variation = fc.constantFrom('on', 'off');

const attributeCondition: fc.Arbitrary<Condition> = fc
  .constantFrom(...Object.values(VALUES))
  .chain(({ operators, values }) =>
    fc.record(
      {
        attribute,
        operator: fc.constantFrom(...operators),
        value: fc.oneof(
          fc.constantFrom(...values),
          fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 4 }),
        ),
        ignore_case: fc.boolean(),
      },
      { requiredKeys: ['attribute', 'operator', 'value'] },
    ),
  );
const presenceCondition: fc.Arbitrary<Condition> = fc.record(
  { attribute, operator: fc.constant('exists'), value: fc.boolean() },
  { requiredKeys: ['attribute', 'operator'] },
);

/** `segments` are the keys that it may name. */
function conditionOver(segments: fc.Arbitrary<string> | undefined): fc.Arbitrary<Condition> {
  const leaves: fc.Arbitrary<Condition>[] = [attributeCondition, presenceCondition];
  if (segments) leaves.push(segments.map((segment) => ({ segment })));
  return fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { depthSize: 'small' },
      ...leaves,
      fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((and) => ({ and })),
      fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((or) => ({ or })),
      tie('condition').map((not) => ({ not })),
    ),
  })).condition;
}

/** Whole numbers of hundredths that sum to 10000, as percentages. */
export const weights: fc.Arbitrary<number[]> = fc.array(fc.nat(10_000), { maxLength: 5 }).map((cuts) => {
  const edges = [0, ...cuts.sort((a, b) => a - b), 10_000];
  return edges.slice(1).map((edge, index) => (edge - (edges[index] ?? 0)) / 100);
});
export const percent = fc.nat(10_000).map((share) => share / 100);

const rollout = weights.chain((each) =>
  fc
    .tuple(...each.map((weight) => variation.map((key) => ({ key, weight }))))
    .map((variations) => ({ rollout: { variations } })),
);
/** Instants around the times at which the properties ask. */
const instants = [
  '2025-01-01T00:00:00Z',
  '2025-06-01T02:00:00+02:00',
  '2026-01-01T00:00:00.5Z',
  '2027-01-01T00:00:00Z',
];
const ramp = fc
  .tuple(fc.subarray(instants, { minLength: 1 }), fc.array(percent, { minLength: 4, maxLength: 4 }))
  .map(([times, shares]) => times.map((at, index) => ({ at, percent: shares[index] ?? 0 })));
/** When a rule holds: ever, from, until, or both in order. */
export const window = fc
  .tuple(fc.subarray(instants, { minLength: 2, maxLength: 2 }), fc.boolean(), fc.boolean())
  .map(([[from, until], starts, ends]) => ({ ...(starts && { from }), ...(ends && { until }) }));

const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({ serve: variation, percent }, { requiredKeys: ['serve'] }),
  fc.record({ serve: variation, ramp, linear: fc.constant<true>(true) }, { requiredKeys: ['serve', 'ramp'] }),
  rollout,
  fc.constantFrom('running', 'draft', 'layered', 'nowhere').map((experiment) => ({ experiment })),
);
const targets = fc.record({ on: fc.uniqueArray(fc.constantFrom('alice', '1', '')) }, { requiredKeys: [] });

const flag: fc.Arbitrary<Partial<FlagBody>> = fc.record(
  {
    enabled: fc.constantFrom(true, true, true, false),
    unit: fc.constantFrom('targetingKey', 'nested.plan'),
    targets,
    rules: fc.array(
      fc
        .tuple(
          fc.record(
            { name: fc.string(), if: conditionOver(segmentKey), then: outcome },
            { requiredKeys: ['then'] },
          ),
          window,
        )
        .map(([rule, when]) => ({ ...rule, ...when })),
      { maxLength: 5 },
    ),
    fallthrough: outcome,
    override: fc.constantFrom(undefined, { serve: 'on', until: '2026-01-01T00:00:00Z' }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Partial<FlagBody>>;

function segment(number: number): fc.Arbitrary<Partial<SegmentBody>> {
  const earlier = number === 0 ? undefined : fc.nat(number - 1).map((each) => `s${each}`);
  const unit = fc.constantFrom('targetingKey', 'country');
  const units = fc.uniqueArray(fc.constantFrom('alice', 'US', '1'));
  return fc.record(
    { if: conditionOver(earlier), include: units, exclude: units, unit },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Partial<SegmentBody>>;
}

const experiments: Bodies['experiments'] = {
  running: { traffic: 60 },
  draft: { status: 'draft' },
  layered: { layer: 'l', slot: { from: 12.5, to: 70 }, unit: 'country' },
};

/** Six flags `f0` … `f5`, which may require those before them, four segments `s0` … `s3`, which may name those before. */
export const arbitrarySnapshot: fc.Arbitrary<Snapshot> = fc
  .tuple(
    fc.array(flag, { minLength: 6, maxLength: 6 }),
    fc.array(fc.array(fc.record({ flag: fc.nat(6), variation }), { maxLength: 2 }), {
      minLength: 6,
      maxLength: 6,
    }),
    fc.tuple(segment(0), segment(1), segment(2), segment(3)),
  )
  .map(([flags, required, segments]) => {
    const bodies = flags.map((body, index) => {
      const requires = (required[index] ?? []).map((each) => ({
        ...each,
        flag: `f${each.flag % (index + 1) || 'none'}`,
      }));
      const earlier = requires.filter((each) => each.flag !== `f${index}`);
      return [`f${index}`, flagBody({ ...body, ...(earlier.length > 0 && { requires: earlier }) })] as const;
    });
    const named = segments.map((body, index) => [`s${index}`, body] as const);
    return snapshotOfBodies({
      flags: Object.fromEntries(bodies),
      segments: Object.fromEntries(named),
      experiments,
    });
  });

const likelyValue = fc.oneof(
  fc.constantFrom(...Object.values(VALUES).flatMap(({ values }) => values)),
  fc.constantFrom('alice', '10.1.2.3', '2025-12-31T23:59:59Z', '1.2.4', '99999', null),
  fc.jsonValue(),
);
const likelyContext = fc
  .dictionary(
    attribute,
    fc.oneof(likelyValue, fc.array(likelyValue, { maxLength: 3 }), fc.record({ plan: likelyValue })),
  )
  .map((context) => JSON.parse(JSON.stringify(context)) as Context);

/** Contexts that meet the conditions often, and any JSON object; prototype and null-prototype objects among them. */
export const arbitraryContext: fc.Arbitrary<Context> = fc.oneof(
  likelyContext,
  likelyContext.map((context) => Object.assign(Object.create(null) as Context, context)),
  fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<Context>,
);
