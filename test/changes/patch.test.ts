// Patches: which fields of a body differ, in words, without personal values.
import { describe, expect, test } from 'vitest';
import { type Body, type BodyLevel, patchOf } from '../../src/changes/patch.ts';
import { personalAttributes } from '../../src/changes/value-text.ts';
import type { PatchItem } from '../../src/model/change.ts';

const personal = personalAttributes({ attributes: { email: { personal: true }, country: {} } });

function patch(kind: string, level: BodyLevel, before: Body, after: Body): string[] {
  return patchOf(kind, level, before, after, personal).map(text);
}

function text({ at, field, before, after }: PatchItem): string {
  return `${at} | ${field} | ${before ?? '-'} | ${after ?? '-'}`;
}

const step = (day: string, percent: number) => ({ at: `2026-12-${day}T09:00:00Z`, percent });
const first = step('01', 5);
const country = (value: string) => ({ attribute: 'country', operator: 'eq', value });

describe('a flag in an environment', () => {
  test.each<[string, Body, Body, string[]]>([
    ['nothing', { enabled: true }, { enabled: true }, []],
    ['a switch', { enabled: true }, { enabled: false }, [' | enabled | true | false']],
    ['a new member', {}, { owner: 'shop team' }, [' | owner | - | "shop team"']],
    ['a member that is gone', { owner: 'shop' }, {}, [' | owner | shop | -']],
    [
      'a percentage',
      { rules: [{ name: 'US ramp', if: country('US'), then: { serve: 'on', percent: 10 } }] },
      { rules: [{ name: 'US ramp', if: country('US'), then: { serve: 'on', percent: 25 } }] },
      ['rule "US ramp" | percent | 10 | 25'],
    ],
    [
      'a condition',
      { rules: [{ name: 'US ramp', if: country('US'), then: { serve: 'on' } }] },
      { rules: [{ name: 'US ramp', if: { or: [country('US'), country('CA')] }, then: { serve: 'on' } }] },
      ['rule "US ramp" | if | country eq US | country eq US or country eq CA'],
    ],
    [
      'a rule without a name, by its place',
      { rules: [{ then: { serve: 'on' } }] },
      { rules: [{ then: { serve: 'off' } }] },
      ['rule #1 | serve | on | off'],
    ],
    [
      'a new rule',
      { rules: [{ name: 'b', then: { serve: 'on' } }] },
      {
        rules: [
          { name: 'a', if: country('US'), then: { serve: 'on' } },
          { name: 'b', then: { serve: 'on' } },
        ],
      },
      [' | rules | "b" | "a", "b"', 'rule "a" | if | - | country eq US', 'rule "a" | serve | - | on'],
    ],
    [
      'rules in another order',
      {
        rules: [
          { name: 'a', then: { serve: 'on' } },
          { name: 'b', then: { serve: 'off' } },
        ],
      },
      {
        rules: [
          { name: 'b', then: { serve: 'off' } },
          { name: 'a', then: { serve: 'on' } },
        ],
      },
      [' | rules | "a", "b" | "b", "a"'],
    ],
    [
      'two rules of one name',
      {
        rules: [
          { name: 'a', then: { serve: 'on' } },
          { name: 'a', then: { serve: 'on' } },
        ],
      },
      {
        rules: [
          { name: 'a', then: { serve: 'on' } },
          { name: 'a', then: { serve: 'off' } },
        ],
      },
      ['rule "a" | serve (2) | on | off'],
    ],
    [
      'a step of a ramp, one that is new and one that is gone',
      { rules: [{ name: 'US ramp', then: { serve: 'on', ramp: [first, step('08', 25), step('15', 50)] } }] },
      { rules: [{ name: 'US ramp', then: { serve: 'on', ramp: [first, step('08', 30), step('20', 100)] } }] },
      [
        'rule "US ramp" | ramp 2026-12-08T09:00:00Z percent | 25 | 30',
        'rule "US ramp" | ramp 2026-12-20T09:00:00Z percent | - | 100',
        'rule "US ramp" | ramp 2026-12-15T09:00:00Z percent | 50 | -',
      ],
    ],
    [
      'a ramp instead of a percentage, for everyone else',
      { fallthrough: { serve: 'on', percent: 5 } },
      { fallthrough: { serve: 'on', ramp: [first, step('08', 25)], linear: true } },
      [
        'everyone else | linear | - | true',
        'everyone else | ramp 2026-12-01T09:00:00Z percent | - | 5',
        'everyone else | ramp 2026-12-08T09:00:00Z percent | - | 25',
        'everyone else | percent | 5 | -',
      ],
    ],
    [
      'the window of a rule',
      { rules: [{ name: 'a', from: '2026-12-24T00:00:00Z', then: { serve: 'on' } }] },
      {
        rules: [
          { name: 'a', from: '2026-12-23T00:00:00Z', until: '2027-01-02T00:00:00Z', then: { serve: 'on' } },
        ],
      },
      [
        'rule "a" | from | 2026-12-24T00:00:00Z | 2026-12-23T00:00:00Z',
        'rule "a" | until | - | 2027-01-02T00:00:00Z',
      ],
    ],
    [
      'weights',
      {
        fallthrough: {
          rollout: {
            variations: [
              { key: 'on', weight: 50 },
              { key: 'off', weight: 50 },
            ],
          },
        },
      },
      {
        fallthrough: {
          rollout: {
            variations: [
              { key: 'on', weight: 60 },
              { key: 'off', weight: 40 },
            ],
          },
        },
      },
      ['everyone else | rollout on | 50 | 60', 'everyone else | rollout off | 50 | 40'],
    ],
    [
      'another kind of outcome',
      { fallthrough: { serve: 'off' } },
      { fallthrough: { experiment: 'layout' } },
      ['everyone else | experiment | - | layout', 'everyone else | serve | off | -'],
    ],
    [
      'targets',
      { targets: { on: ['alice'] } },
      { targets: { on: ['bob'] } },
      ['targets | on | <personal> | <personal>'],
    ],
    ['first targets', {}, { targets: { on: ['alice'] } }, ['targets | on | - | <personal>']],
    [
      'variations',
      { variations: { a: 1, b: { x: [1, 2] } } },
      { variations: { a: 2, b: { x: [1, 2] }, c: 'two words' } },
      [' | variation a | 1 | 2', ' | variation c | - | "two words"'],
    ],
    [
      'requirements',
      { requires: [{ flag: 'cart', variation: 'on' }] },
      { requires: [{ flag: 'cart', variation: 'off' }] },
      [' | requires cart | on | off'],
    ],
    [
      'an override',
      {},
      { override: { serve: 'off', until: '2030-01-01T00:00:00Z' } },
      [' | override serve | - | off', ' | override until | - | "2030-01-01T00:00:00Z"'],
    ],
  ])('says what changed: %s', (_, before, after, expected) => {
    expect(patch('flag', 'environment', before, after)).toEqual(expected);
  });
});

describe('a flag as its author wrote it', () => {
  test('names the environment of what is in one', () => {
    const before = {
      flag: 'a',
      environments: { prod: { serve: 'off', rules: [{ name: 'x', then: { serve: 'on', percent: 1 } }] } },
    };
    const after = {
      flag: 'a',
      tags: ['cart', 'new'],
      environments: {
        prod: {
          serve: 'on',
          targets: { on: ['alice'] },
          rules: [{ name: 'x', then: { serve: 'on', percent: 2 } }],
        },
      },
    };
    expect(patch('flag', 'project', before, after)).toEqual([
      'prod rule "x" | percent | 1 | 2',
      'prod everyone else | serve | off | on',
      'prod targets | on | - | <personal>',
      ' | tags | - | [cart, new]',
    ]);
  });

  test('takes an environment that it does not name for a disabled one', () => {
    expect(
      patch('flag', 'project', { environments: {} }, { environments: { dev: { serve: 'on' } } }),
    ).toEqual(['dev | enabled | - | true', 'dev everyone else | serve | - | on']);
  });
});

describe('a ramp, as its author wrote it', () => {
  test('is named step by step, under its environment', () => {
    const before = { environments: { prod: { serve: 'on', ramp: [first] } } };
    const after = { environments: { prod: { serve: 'on', ramp: [step('01', 10)], linear: true } } };
    expect(patch('flag', 'project', before, after)).toEqual([
      'prod everyone else | linear | - | true',
      'prod everyone else | ramp 2026-12-01T09:00:00Z percent | 5 | 10',
    ]);
  });
});

describe('other kinds', () => {
  test('a segment hides its units and the values of personal attributes', () => {
    const before = {
      segment: 'staff',
      include: ['alice'],
      if: { attribute: 'email', operator: 'ends_with', value: '@a.example' },
    };
    const after = {
      segment: 'staff',
      exclude: ['bob'],
      if: { attribute: 'email', operator: 'ends_with', value: '@b.example' },
    };
    expect(patch('segment', 'project', before, after)).toEqual([
      ' | exclude | - | <personal>',
      ' | if | email ends_with <personal> | email ends_with <personal>',
      ' | include | <personal> | -',
    ]);
  });

  test('an experiment names its arms, slot, metrics and analysis', () => {
    const before = {
      experiment: 'x',
      slot: { from: 0, to: 50 },
      arms: [{ variation: 'off', weight: 50 }],
      environments: ['prod'],
      metrics: { primary: 'a' },
    };
    const after = {
      experiment: 'x',
      slot: { from: 0, to: 60 },
      arms: [{ variation: 'off', weight: 40 }],
      environments: ['prod', 'dev'],
      metrics: { primary: 'b', secondary: ['c'] },
      analysis: { sequential: { looks: 5 } },
    };
    expect(patch('experiment', 'project', before, after)).toEqual([
      ' | analysis sequential looks | - | 5',
      ' | arm off | 50 | 40',
      ' | environments | [prod] | [prod, dev]',
      ' | metrics primary | a | b',
      ' | metrics secondary | - | [c]',
      ' | slot to | 50 | 60',
    ]);
  });

  test('a project names its environments, whatever their order, and its attributes', () => {
    const before = {
      project: 'a/b',
      environments: { dev: { salt: 'x1' }, prod: { salt: 'p' } },
      attributes: { email: { type: 'string', values: ['a@x'] }, country: { values: ['US'] } },
    };
    const after = {
      project: 'a/b',
      environments: { qa: { salt: 'q' }, prod: { salt: 'p' }, dev: { salt: 'x2' } },
      attributes: {
        email: { type: 'string', values: ['b@x'], personal: true },
        country: { values: ['US', 'CA'] },
      },
    };
    expect(patch('project', 'project', before, after)).toEqual([
      'attribute country | values | [US] | [US, CA]',
      'attribute email | personal | - | true',
      'attribute email | values | <personal> | <personal>',
      ' | environments | [dev, prod] | [dev, prod, qa]',
      'environment dev | salt | x1 | x2',
      'environment qa | salt | - | q',
    ]);
  });
});

test('the order of environments is no change, since what is applied is canonical JSON, which does not keep it', () => {
  const [before, after] = [
    ['dev', 'prod'],
    ['prod', 'dev'],
  ].map((names) => ({
    environments: Object.fromEntries(names.map((name) => [name, { salt: name }])),
  }));
  expect(patch('project', 'project', before as Body, after as Body)).toEqual([]);
});

test('I12: no unit and no value of a personal attribute is in a patch, wherever it stands', () => {
  const secret = 'alice@secret.example';
  const condition = {
    not: {
      and: [
        { attribute: 'email', operator: 'in', value: [secret, secret] },
        { attribute: 'targetingKey', operator: 'eq', value: secret },
      ],
    },
  };
  const rule = (value: unknown) => [{ name: 'r', if: value as never, then: { serve: 'on' } }];
  const bodies: [string, Body][] = [
    ['flag', { targets: { on: [secret] }, rules: rule(condition) }],
    ['flag', { environments: { prod: { targets: { on: [secret] }, rules: rule(condition) } } }],
    ['segment', { include: [secret], exclude: [secret], if: condition }],
    ['project', { attributes: { email: { values: [secret] } } }],
  ];
  for (const [kind, body] of bodies) {
    for (const level of ['project', 'environment'] as const) {
      const both = [...patchOf(kind, level, {}, body, personal), ...patchOf(kind, level, body, {}, personal)];
      expect(both.length).toBeGreaterThan(0);
      expect(JSON.stringify(both)).not.toContain('secret');
    }
  }
});

test('an attribute is personal if it is so before or after', () => {
  const either = personalAttributes(
    { attributes: { a: { personal: true } } },
    { attributes: { b: { personal: true }, a: {} } },
  );
  expect(['a', 'b', 'targetingKey', 'c'].map(either)).toEqual([true, true, true, false]);
});

test('long values are cut', () => {
  const [item] = patchOf('flag', 'environment', {}, { description: 'x'.repeat(5_000) }, personal);
  expect(item?.after).toHaveLength(1_001);
});

describe('an access policy', () => {
  const alice = { roles: ['admin'], keys: ['SHA256:a'] };
  const rule = { role: 'admin', may: ['change', 'change-access'] };

  test.each<[string, Body, Body, string[]]>([
    [
      'a person',
      { people: { alice } },
      { people: { alice, bob: { name: 'Bob', roles: ['viewer'], emails: ['bob@example.com'] } } },
      [
        'person bob | emails | - | <personal>',
        'person bob | name | - | Bob',
        'person bob | roles | - | [viewer]',
      ],
    ],
    [
      'a role and a key',
      { people: { alice } },
      { people: { alice: { roles: ['viewer'], keys: ['SHA256:a', 'SHA256:b'] } } },
      [
        'person alice | keys | [SHA256:a] | [SHA256:a, SHA256:b]',
        'person alice | roles | [admin] | [viewer]',
      ],
    ],
    [
      'an address, which is not shown',
      { people: { alice: { ...alice, emails: ['a@example.com'] } } },
      { people: { alice: { ...alice, emails: ['b@example.com'] } } },
      ['person alice | emails | <personal> | <personal>'],
    ],
    [
      'how many must approve, and where',
      { rules: [rule, { role: 'developer', may: ['change'], approvals: 1, paths: ['a/**'] }] },
      { rules: [rule, { role: 'developer', may: ['change'], approvals: 0, environments: ['dev'] }] },
      ['rule 2 | approvals | 1 | 0', 'rule 2 | environments | - | [dev]', 'rule 2 | paths | ["a/**"] | -'],
    ],
    [
      'signatures, trust and revocation',
      { trust: [{ key: 'SHA256:m', vouches: 'author' }] },
      { signatures: 'recorded', trailers: 'trusted', trust: [], revoked: ['SHA256:m'] },
      [
        ' | revoked | - | [SHA256:m]',
        ' | signatures | - | recorded',
        ' | trailers | - | trusted',
        ' | trust SHA256:m | author | -',
      ],
    ],
    [
      'an OpenPGP key, which holds an address',
      {},
      { openpgp: ['armored'] },
      [' | openpgp 1 | - | sha256:769ff5f2'],
    ],
  ])('%s', (_, before, after, expected) => {
    const items = patch('access', 'project', { access: 1, ...before }, { access: 1, ...after });
    expect(items.map((item) => item.replace(/(sha256:.{8}).*/, '$1'))).toEqual(expected);
  });
});
