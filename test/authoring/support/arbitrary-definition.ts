// Arbitrary definitions: whatever YAML can hold, under the keys that definitions have.
import fc from 'fast-check';
import type { JsonValue } from '../../../src/lib/json.ts';

type Members = { [key: string]: JsonValue };

const text = fc.oneof(
  fc.constantFrom(
    'on',
    'off',
    'US',
    '4.10',
    '910e44',
    'true',
    'null',
    '~',
    '',
    ' ',
    "it's",
    'say "so"',
    'a: b',
    '- a',
    'a #b',
    '@acme',
    '2001:db8::/32',
    '^(a|b)\\d{2}$',
    'two words of it',
    'Everything 10 % off, this week only.',
    'first\nsecond  line\n\n  deep\nlast',
    'one\n',
    'kept\n\n\n',
    '  indented\nfirst\n',
    'tab\tand é 😀',
  ),
  fc.string({ maxLength: 12 }),
  fc.lorem({ maxCount: 20 }),
);
const scalar: fc.Arbitrary<JsonValue> = fc.oneof(
  text,
  fc.integer({ min: -1000, max: 1000 }),
  fc.constantFrom(0.5, 33.33, 1e21, 1e-7),
  fc.boolean(),
);
const key = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9._-]{0,11}$/),
  fc.constantFrom('on', 'true', '1', '4.10', 'a b', 'é', 'a: b', '#a'),
);
const { any: anything } = fc.letrec<{ any: JsonValue }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.constant(null),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(key, tie('any'), { maxKeys: 4 }) as fc.Arbitrary<JsonValue>,
  ),
}));

const members = (shape: { [key: string]: fc.Arbitrary<JsonValue> }): fc.Arbitrary<Members> =>
  fc.record(shape, { requiredKeys: [] }) as fc.Arbitrary<Members>;

const { condition } = fc.letrec<{ condition: Members }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small' },
    members({ value: scalar, attribute: text, ignore_case: fc.boolean(), operator: text }),
    fc.record({ segment: text }),
    fc.record({ and: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ or: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ) as fc.Arbitrary<Members>,
}));
const share = members({ weight: scalar, key: text });
const outcome = fc.oneof(
  members({ percent: scalar, serve: text }),
  fc.record({ rollout: fc.record({ variations: fc.array(share, { maxLength: 3 }) }) }),
  fc.record({ serve: text, ramp: fc.array(members({ percent: scalar, at: text }), { maxLength: 3 }) }),
) as fc.Arbitrary<Members>;
/** Like a flag's environment. */
export const arbitraryEnvironment = members({
  serve: text,
  rules: fc.array(members({ then: outcome, name: text, if: condition }), { maxLength: 3 }),
  targets: fc.dictionary(key, fc.array(text, { maxLength: 4 })) as fc.Arbitrary<JsonValue>,
  enabled: fc.boolean(),
});

/** Like flags, with unknown keys among them and any JSON in the place of variations. */
export const arbitraryFlag: fc.Arbitrary<Members> = fc
  .tuple(
    members({
      description: text,
      owner: text,
      tags: fc.array(text, { maxLength: 12 }),
      variations: fc.dictionary(key, anything, { maxKeys: 4 }) as fc.Arbitrary<JsonValue>,
      environments: fc.dictionary(key, arbitraryEnvironment, { maxKeys: 3 }) as fc.Arbitrary<JsonValue>,
      permanent: fc.constant(true),
      requires: fc.array(members({ variation: text, flag: text }), { maxLength: 2 }),
    }),
    fc.dictionary(key, anything, { maxKeys: 2 }),
  )
  .map(([known, others]) => ({ flag: 'f', ...others, ...known }));
