// Bodies of every kind, as authors write them and as environments have them, many of them alike: for two that differ in little.
import fc from 'fast-check';
import type { JsonValue } from '../../../src/lib/json.ts';

export type Body = { readonly [name: string]: JsonValue };
type Arbitrary = fc.Arbitrary<JsonValue>;

const few = (...values: JsonValue[]) => fc.constantFrom(...values) as Arbitrary;
const text = few('a', 'b c', 'US', 'true', '12', 'é', '', 'x'.repeat(1_200), '<personal>');
const key = fc.constantFrom('on', 'off', 'a', 'b');
const percent = few(0, 10, 12.5, 100);
const instant = few('2026-12-01T09:00:00Z', '2027-01-01T00:00:00+01:00');
const scalar = fc.oneof(text, few(true, false, 1, 2.5));

function record(fields: Record<string, Arbitrary>, required: readonly string[] = []): Arbitrary {
  return fc.record(fields, { requiredKeys: [...required] }) as Arbitrary;
}

function list(element: Arbitrary, min = 0): Arbitrary {
  return fc.array(element, { minLength: min, maxLength: 3 }) as Arbitrary;
}

function named(value: Arbitrary): Arbitrary {
  return fc.dictionary(key, value, { maxKeys: 3, noNullPrototype: true }) as Arbitrary;
}

const test = record(
  {
    attribute: few('country', 'email', 'targetingKey'),
    operator: few('eq', 'in', 'exists'),
    value: fc.oneof(scalar, list(scalar)),
    ignore_case: few(true, false),
  },
  ['attribute', 'operator'],
);

const condition = fc.letrec<{ node: JsonValue }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    test,
    record({ segment: key }, ['segment']),
    record({ and: list(tie('node'), 1) }, ['and']),
    record({ or: list(tie('node'), 1) }, ['or']),
    record({ not: tie('node') }, ['not']),
  ),
})).node;

const weights = (name: string) => list(record({ [name]: key, weight: percent }, [name, 'weight']), 1);
const outcome: Record<string, Arbitrary> = {
  serve: key,
  percent,
  ramp: list(record({ at: instant, percent }, ['at', 'percent']), 1),
  linear: few(true),
  rollout: record({ variations: weights('key') }, ['variations']),
  experiment: key,
};
const rules = list(
  record({ name: text, if: condition, from: instant, until: instant, then: record(outcome) }, ['then']),
);
const targeting = { targets: named(list(scalar)), rules };
const common = { description: text, owner: text, tags: list(text), unit: text };
const attributes = fc.dictionary(
  fc.constantFrom('country', 'email', 'plan'),
  record({ type: text, values: list(scalar), personal: few(true), description: text }, ['type']),
  { noNullPrototype: true },
) as Arbitrary;
const fingerprint = few(`SHA256:${'a'.repeat(43)}`, `SHA256:${'b'.repeat(43)}`);
const requires = list(record({ flag: key, variation: key }, ['flag', 'variation']));

/** By kind and whether it is what an author wrote. */
export const bodies: Record<string, { definition?: Arbitrary; row?: Arbitrary }> = {
  flag: {
    definition: record({
      flag: key,
      ...common,
      type: text,
      variations: named(fc.oneof(scalar, record({ deep: list(scalar) }))),
      off: key,
      expires: text,
      permanent: few(true),
      requires,
      environments: named(record({ enabled: few(true, false), ...targeting, ...outcome })),
    }),
    row: record({
      ...common,
      variations: named(scalar),
      requires,
      enabled: few(true, false),
      ...targeting,
      fallthrough: record(outcome),
      override: record({ serve: key, until: instant }, ['serve', 'until']),
    }),
  },
  segment: {
    definition: record({
      segment: key,
      ...common,
      include: list(scalar),
      exclude: list(scalar),
      if: condition,
    }),
    row: record({ unit: text, include: list(scalar), if: condition }),
  },
  experiment: {
    definition: record({
      experiment: key,
      ...common,
      environments: list(key),
      slot: record({ from: percent, to: percent }),
      arms: weights('variation'),
      metrics: record({ primary: key, guardrails: list(key) }),
      analysis: record({ alpha: percent, sequential: record({ looks: few(2, 3) }) }),
    }),
    row: record({ flag: key, status: text, traffic: percent, arms: weights('variation') }),
  },
  metric: { definition: record({ metric: key, ...common, event: text, aggregate: record({ sum: text }) }) },
  project: {
    definition: record({ project: text, environments: named(record({ salt: text })), attributes }),
    row: record({ salt: text, attributes }),
  },
  access: {
    definition: record({
      access: few(1),
      people: named(
        record({ name: text, keys: list(fingerprint), roles: list(key), emails: list(text), github: text }),
      ),
      signatures: few('required', 'recorded'),
      trust: list(record({ key: fingerprint, vouches: few('author') }, ['key', 'vouches'])),
      trailers: few('trusted'),
      revoked: list(fingerprint),
      openpgp: list(text),
      rules: list(
        record({
          role: key,
          may: list(key),
          environments: list(key),
          paths: list(text),
          approvals: few(1, 2),
        }),
      ),
    }),
  },
};
