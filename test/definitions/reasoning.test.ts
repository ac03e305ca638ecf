// What follows from conditions together: what must be found, where and in which words, and what is nobody's business.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadDefinitions } from '../../src/definitions/load.ts';
import { realisticFlags } from '../support/realistic-flags.ts';
import { flag, flagIf, load, PROJECT, sourceFiles, type Texts } from './support/project.ts';

const US = '{ attribute: country, operator: eq, value: US }';
const CA = '{ attribute: country, operator: eq, value: CA }';
const FREE = '{ attribute: plan, operator: eq, value: free }';
const PRO = '{ attribute: plan, operator: eq, value: pro }';
const segments = {
  'staff.yaml':
    'segment: staff\ninclude: [alice]\nexclude: [mallory]\nif: { attribute: email, operator: ends_with, value: "@acme.example" }\n',
  'american.yaml': `segment: american\nif: ${US}\n`,
  'american-staff.yaml':
    'segment: american-staff\nif: { and: [{ segment: american }, { segment: staff }] }\n',
  'uses.yaml': flagIf(
    'uses',
    '{ or: [{ segment: staff }, { segment: american }, { segment: american-staff }] }',
  ),
};

/** Rules named a, b, c … that serve `on`, unless one says otherwise; each is the rest of a mapping in flow style. */
function rules(...lines: string[]): Texts {
  const named = lines.map((line, i) => {
    const then = line.includes('then:') ? '' : ', then: { serve: on }';
    return `  - { name: ${'abcdefgh'[i]}, ${line}${then} }`;
  });
  return { 'f.yaml': flag('f', `rules:\n${named.join('\n')}`), ...segments };
}

/** The words of the problems that a rule is not reached, without what they have in common. */
function unreached(files: Texts): string[] {
  const found = load(files).problems.filter(({ code }) => code === 'unreachable-rule');
  return found.map(({ line, message }) => {
    expect(message).toMatch(/^The rule is never reached: .*\.$/);
    return `${'abcdefgh'[line - 9]}: ${message.slice('The rule is never reached: '.length, -1)}`;
  });
}

const takes = (name: string) => `the rule \`${name}\` before it takes everyone for whom it holds`;
const together = (a: string, b: string) =>
  `the rules \`${a}\` and \`${b}\` before it together take everyone for whom it holds`;
const given = ', given the values that project.yaml declares';
const givenTypes = ', given the types that project.yaml declares';

describe('a rule is never reached', () => {
  test.each<[string, string[], string[]]>([
    ['after everyone', ['then: { serve: off }', `if: ${US}`], ['b: the rule `a` before it takes everyone']],
    [
      'after the same condition',
      [`if: ${US}`, `if: ${US}`],
      ['b: the rule `a` before it has the same condition'],
    ],
    [
      'after the same in other words',
      [`if: ${US}`, 'if: { attribute: country, operator: in, value: [US] }'],
      [`b: ${takes('a')}`],
    ],
    [
      'after a condition and its opposite',
      [`if: ${US}`, `if: { not: ${US} }`, `if: ${FREE}`],
      [`c: ${together('a', 'b')}`],
    ],
    [
      'after a condition and its opposite, for everyone',
      [`if: ${US}`, `if: { not: ${US} }`, 'then: { serve: off }'],
      [`c: ${together('a', 'b')}`],
    ],
    [
      'after all declared values of what is there',
      [`if: ${FREE}`, `if: ${PRO}`, 'if: { attribute: plan, operator: exists }'],
      [`c: ${together('a', 'b')}${given}`],
    ],
    [
      'after both sides of a number',
      [
        'if: { attribute: age, operator: gte, value: 18 }',
        'if: { attribute: age, operator: lt, value: 18 }',
        'if: { attribute: age, operator: exists }',
      ],
      [`c: ${together('a', 'b')}${givenTypes}`],
    ],
    [
      'after both sides of a version',
      [
        'if: { attribute: appVersion, operator: semver_lt, value: "4.0.0" }',
        'if: { attribute: appVersion, operator: semver_gte, value: v4 }',
        'if: { attribute: appVersion, operator: semver_gt, value: "3.9.0" }',
      ],
      [`c: ${together('a', 'b')}`],
    ],
    [
      'after a longer time',
      [
        'if: { attribute: signedUpAt, operator: after, value: 2026-01-01T00:00:00Z }',
        'if: { attribute: signedUpAt, operator: after, value: 2026-01-01T02:00:00+01:00 }',
      ],
      [`b: ${takes('a')}`],
    ],
    [
      'after a shorter beginning',
      [
        'if: { attribute: ip, operator: starts_with, value: "10." }',
        'if: { attribute: ip, operator: starts_with, value: ["10.1.", "10.2."] }',
      ],
      [`b: ${takes('a')}`],
    ],
    [
      'after a wider block',
      [
        'if: { attribute: ip, operator: in_cidr, value: 10.0.0.0/8 }',
        'if: { attribute: ip, operator: in_cidr, value: 10.1.0.0/16 }',
      ],
      [`b: ${takes('a')}`],
    ],
    [
      'after the same text in any case',
      [
        'if: { attribute: email, operator: ends_with, value: "@ACME.example", ignore_case: true }',
        'if: { attribute: email, operator: ends_with, value: "@acme.example", ignore_case: true }',
      ],
      [`b: ${takes('a')}`],
    ],
    [
      'after one element and no such element of a list',
      [
        'if: { attribute: roles, operator: eq, value: admin }',
        'if: { attribute: roles, operator: neq, value: admin }',
        'if: { attribute: roles, operator: eq, value: editor }',
      ],
      [`c: ${together('a', 'b')}`],
    ],
    [
      'after one of two ways',
      [`if: { or: [${US}, ${CA}] }`, `if: { and: [${CA}, ${PRO}] }`],
      [`b: ${takes('a')}`],
    ],
    [
      'after a rollout, which takes everyone',
      [
        `if: ${US}, then: { rollout: { variations: [{ key: on, weight: 50 }, { key: off, weight: 50 }] } }`,
        `if: { and: [${US}, ${PRO}] }`,
      ],
      [`b: ${takes('a')}`],
    ],
    ['after a segment', ['if: { segment: american }', `if: { and: [${PRO}, ${US}] }`], [`b: ${takes('a')}`]],
    [
      'after a segment that another is part of',
      ['if: { segment: staff }', 'if: { segment: american-staff }'],
      [`b: ${takes('a')}`],
    ],
    [
      'after two rules that each take a part',
      [
        `if: ${FREE}`,
        `if: ${US}`,
        `if: { and: [${US}, { not: ${FREE} }] }`,
        `if: { and: [{ segment: american }, ${PRO}] }`,
      ],
      [`c: ${takes('b')}`, `d: ${takes('b')}`],
    ],
    [
      'after the targets',
      ['if: { attribute: targetingKey, operator: in, value: [u1, u2] }'],
      ['a: the targets take everyone for whom it holds'],
    ],
    [
      'after the targets and a rule',
      [
        `if: ${US}`,
        'if: { and: [{ attribute: targetingKey, operator: in, value: [u1, u3] }, { or: [{ segment: american }, { attribute: targetingKey, operator: neq, value: u3 }] }] }',
      ],
      ['b: the targets and the rule `a` before it together take everyone for whom it holds'],
    ],
    [
      'in a time in which another takes everyone',
      [
        `from: 2026-01-01T00:00:00Z, if: ${US}`,
        `from: 2026-02-01T00:00:00Z, until: 2026-03-01T00:00:00Z, if: { and: [${US}, ${PRO}] }`,
      ],
      [`b: ${takes('a')}`],
    ],
    [
      'after two rules of which one begins when the other ends',
      [
        `until: 2026-02-01T00:00:00Z, if: ${US}`,
        `from: 2026-02-01T00:00:00Z, if: { segment: american }`,
        `if: { and: [${US}, ${PRO}] }`,
      ],
      [`c: ${together('a', 'b')}`],
    ],
    [
      'from the end of a ramp on',
      [
        `if: ${US}, then: { serve: on, ramp: [{ at: 2026-01-01T00:00:00Z, percent: 10 }, { at: 2026-02-01T00:00:00Z, percent: 100 }] }`,
        `from: 2026-02-01T00:00:00Z, if: { and: [${US}, ${PRO}] }`,
      ],
      [`b: ${takes('a')}`],
    ],
  ])('%s', (_, lines, expected) => {
    const files = rules(...lines);
    const targeted = expected.some((words) => words.includes('targets'));
    const text = String(files['f.yaml']);
    expect(
      unreached({ ...files, 'f.yaml': targeted ? `${text}    targets: { on: [u1, u2] }\n` : text }),
    ).toEqual(expected);
  });

  test('all of whose units are targets, which no other place among the rules changes', () => {
    const text = String(rules('if: { attribute: targetingKey, operator: eq, value: u1 }')['f.yaml']);
    const { problems } = load({ ...segments, 'f.yaml': `${text}    targets: { on: [u1] }\n` });
    expect(problems.map(({ hint }) => hint)).toEqual(['Remove it, or take its units out of the targets.']);
  });

  const ramped = (...steps: [string, number][]) =>
    `then: { serve: on, ramp: [${steps.map(([day, percent]) => `{ at: ${day}T00:00:00Z, percent: ${percent} }`).join(', ')}] }`;
  const half = 'then: { serve: on, percent: 50 }';
  const third = 'then: { serve: off, percent: 30 }';

  test.each<[string, string[], string | undefined]>([
    ['the same condition', [`if: ${US}, ${half}`, `if: ${US}, ${third}`], '`a` before it takes'],
    ['no condition', [half, `if: ${US}, ${third}`], '`a` before it takes'],
    ['the same percentage', [half, half], '`a` before it takes'],
    [
      'a wider condition',
      [`if: ${US}, ${half}`, `if: { and: [${US}, ${PRO}] }, ${third}`],
      '`a` before it takes',
    ],
    [
      'two that each take a part',
      [`if: ${US}, ${half}`, `if: { not: ${US} }, then: { serve: on }`, `if: ${PRO}, ${third}`],
      '`a` and `b` before it together take',
    ],
    [
      'a ramp of lower steps',
      [half, `if: ${US}, ${ramped(['2026-01-01', 10], ['2026-02-01', 50])}`],
      '`a` before it takes',
    ],
    [
      'the end of a ramp',
      [ramped(['2026-01-01', 10], ['2026-02-01', 30]), `from: 2026-02-01T00:00:00Z, if: ${US}, ${third}`],
      '`a` before it takes',
    ],
    ['a smaller percentage', [third, half], undefined],
    ['a smaller percentage than all', [half, `if: ${US}`], undefined],
    [
      'a percentage, by a rollout',
      [half, 'then: { rollout: { variations: [{ key: on, weight: 100 }] } }'],
      undefined,
    ],
    ['a narrower condition', [`if: { and: [${US}, ${PRO}] }, ${half}`, `if: ${US}, ${third}`], undefined],
    ['a ramp that was lower', [ramped(['2026-01-01', 10], ['2026-02-01', 50]), third], undefined],
    [
      'a percentage, by a ramp that was higher',
      [half, ramped(['2026-01-01', 60], ['2026-02-01', 10])],
      undefined,
    ],
    [
      'a rule at 0 percent, by another',
      ['then: { serve: on, percent: 0 }', 'then: { serve: on, percent: 0 }'],
      undefined,
    ],
    [
      'a percentage, by a rule that waits at 0 percent',
      [half, 'then: { serve: off, percent: 0 }'],
      undefined,
    ],
  ])('a percentage is taken by %s', (_, lines, who) => {
    const { problems } = load(rules(...lines));
    const words = who && [
      `The rule takes nobody: the rule${who.includes(' and ') ? 's' : ''} ${who} everyone in its percentage, since the rules of a flag share their buckets.`,
      'Give it a larger percentage, move it up, or remove it.',
    ];
    expect(problems.map(({ message, hint }) => [message, hint])).toEqual(words ? [words] : []);
  });

  test('one of a hundred after one that covers it, whatever stands between', () => {
    const between = Array.from(
      { length: 97 },
      (_, i) =>
        `  - { name: "${i}", if: { and: [{ attribute: age, operator: eq, value: ${i} }, { or: [${FREE}, { segment: staff }] }] }, then: { serve: on } }`,
    );
    const all = [
      `  - { name: first, if: ${US}, then: { serve: on } }`,
      ...between,
      `  - { name: last, if: { and: [${US}, ${PRO}] }, then: { serve: on } }`,
    ];
    const { problems } = load({ ...segments, 'f.yaml': flag('f', `rules:\n${all.join('\n')}`) });
    expect(problems.map(({ code, message }) => [code, message])).toEqual([
      ['unreachable-rule', `The rule is never reached: ${takes('first')}.`],
    ]);
  });

  test('names five rules at most', () => {
    const below = [10, 20, 30, 40, 50, 60, 70].map(
      (age, i) =>
        `  - { name: r${i}, if: { and: [{ attribute: age, operator: gte, value: ${age - 10} }, { attribute: age, operator: lt, value: ${age} }] }, then: { serve: on } }`,
    );
    const last =
      '  - { name: last, if: { and: [{ attribute: age, operator: gte, value: 0 }, { attribute: age, operator: lt, value: 70 }] }, then: { serve: on } }';
    expect(unreached({ 'f.yaml': flag('f', `rules:\n${[...below, last].join('\n')}`) })[0]).toContain(
      'the rules `r0`, `r1`, `r2`, `r3`, `r4` and 2 more before it together take everyone',
    );
  });
});

test.each<[string, string[]]>([
  ['a plan may be missing', [`if: ${FREE}`, `if: ${PRO}`, 'then: { serve: off }']],
  ['a percentage leaves some', [`if: ${US}, then: { serve: on, percent: 99.99 }`, `if: ${US}`]],
  [
    'a ramp leaves some until its end',
    [
      `if: ${US}, then: { serve: on, ramp: [{ at: 2026-01-01T00:00:00Z, percent: 10 }, { at: 2026-02-01T00:00:00Z, percent: 100 }] }`,
      `if: ${US}`,
    ],
  ],
  [
    'a ramp may stay below 100 percent',
    [
      `if: ${US}, then: { serve: on, ramp: [{ at: 2026-01-01T00:00:00Z, percent: 10 }, { at: 2026-02-01T00:00:00Z, percent: 50 }] }`,
      `from: 2026-03-01T00:00:00Z, if: ${US}`,
    ],
  ],
  ['a rule comes to its end', [`until: 2026-01-01T00:00:00Z, if: ${US}`, `if: ${US}`]],
  [
    'between two rules there is an hour',
    [`until: 2026-01-01T00:00:00Z, if: ${US}`, `from: 2026-01-01T01:00:00Z, if: ${US}`, `if: ${US}`],
  ],
  ['the wider comes after the narrower', [`if: { and: [${US}, ${PRO}] }`, `if: ${US}`]],
  [
    'a list may have both',
    [
      'if: { attribute: roles, operator: eq, value: admin }',
      'if: { attribute: roles, operator: eq, value: editor }',
    ],
  ],
  [
    'letters may be written otherwise',
    [
      'if: { attribute: ip, operator: eq, value: "::A" }',
      'if: { attribute: ip, operator: eq, value: "::a", ignore_case: true }',
    ],
  ],
  [
    'a segment leaves out whom it excludes',
    ['if: { segment: staff }', 'if: { attribute: email, operator: ends_with, value: "@acme.example" }'],
  ],
])('a rule may be reached: %s', (_, lines) => {
  expect(load(rules(...lines)).problems).toEqual([]);
});

describe('a condition never holds', () => {
  /** Code, place and words of each problem. */
  const found = (files: Texts) =>
    load(files).problems.map(({ code, file, line, column, message }) => [
      code,
      `${file}:${line}:${column}`,
      message,
    ]);
  const beside = (name: string) => `No context fulfils both this and ${name}, which is asked for beside it.`;
  const US_TOO = 'No value of `country` fulfils both this and `country eq US`, which is asked for beside it.';
  const CA_HERE = '{ attribute: country, operator: eq, value: ▸CA }';

  // ▸ stands before the place that is pointed at.
  test.each<[string, string, string]>([
    [
      'a segment and not the same',
      '{ and: [{ segment: staff }, ▸{ not: { segment: staff } }] }',
      beside('the segment `staff`'),
    ],
    [
      'a country beside a segment of another',
      `{ and: [{ segment: american }, ${CA_HERE}] }`,
      beside('the segment `american`'),
    ],
    [
      'a segment of segments beside a country',
      `{ and: [${CA}, { segment: ▸american-staff }] }`,
      beside('`country eq CA`'),
    ],
    ['two countries', `{ and: [${US}, ${PRO}, ${CA_HERE}] }`, US_TOO],
    [
      'two countries, one of them in an inner `and`',
      `{ and: [${US}, { and: [${PRO}, ${CA_HERE}] }] }`,
      US_TOO,
    ],
    ['one way of several', `{ and: [${US}, { or: [${PRO}, ${CA_HERE}] }] }`, US_TOO],
    [
      'every way of several',
      `{ and: [{ attribute: country, operator: eq, value: DE }, ▸{ or: [${US}, ${CA}] }] }`,
      beside('`country eq DE`'),
    ],
    ['one way by itself', `{ or: [${PRO}, { and: [${US}, ${CA_HERE}] }] }`, US_TOO],
    ['within a negation', `{ not: { and: [${US}, ${CA_HERE}] } }`, US_TOO],
    [
      'a negation of what always holds',
      `{ and: [${PRO}, ▸{ not: { or: [${US}, { not: ${US} }] } }] }`,
      'No context fulfils this: what it negates always holds.',
    ],
    [
      'a negation of what is asked for',
      `{ and: [${US}, ▸{ not: { attribute: country, operator: in, value: [US, CA] } }] }`,
      beside('`country eq US`'),
    ],
    ['the only way there is, by itself', `{ and: [${PRO}, { or: [{ and: [${US}, ${CA_HERE}] }] }] }`, US_TOO],
    [
      'what is there and missing',
      '{ and: [{ attribute: plan, operator: exists }, { attribute: plan, operator: exists, value: ▸false }] }',
      'No value of `plan` fulfils both this and `plan exists`, which is asked for beside it.',
    ],
    [
      'three together',
      `{ and: [{ or: [${US}, ${PRO}] }, { not: ${US} }, ▸{ not: ${PRO} }] }`,
      'No context fulfils this and all that is asked for beside it.',
    ],
  ])('%s', (_, marked, words) => {
    const text = flagIf('f', marked);
    const column = (text.split('\n')[9]?.indexOf('▸') ?? 0) + 1;
    const files = { 'f.yaml': text.replace('▸', ''), ...segments };
    expect(found(files)).toEqual([['never-holds', `f.yaml:10:${column}`, words]]);
    const hint = words.includes('all that is asked') ? 'the conditions' : 'the two';
    if (words.includes('beside it'))
      expect(load(files).problems[0]?.hint).toContain(`Correct one of ${hint},`);
  });

  test('a segment from which everyone is excluded, said once and not of each rule that names it', () => {
    const files = {
      's.yaml':
        'segment: s\ninclude: [a]\nexclude: [a, b]\nif: { attribute: targetingKey, operator: eq, value: b }\n',
      'f.yaml': flagIf('f', '{ and: [{ segment: s }, { attribute: beta, operator: exists }] }'),
    };
    expect(found(files)).toEqual([
      ['never-holds', 's.yaml:3:10', 'Nobody is in the segment: `exclude` names everyone who would be.'],
    ]);
  });

  test('a segment whose condition nobody fulfils, and not that it excludes everyone', () => {
    const files = {
      's.yaml': `segment: s\nexclude: [a]\nif: { and: [${US}, { attribute: country, operator: eq, value: CA }] }\n`,
      'f.yaml': flagIf('f', '{ segment: s }'),
    };
    expect(found(files)).toEqual([['never-holds', 's.yaml:3:105', US_TOO]]);
  });

  test('I12: no value of a personal attribute is quoted', () => {
    const condition =
      '{ and: [{ attribute: email, operator: eq, value: secret }, { attribute: email, operator: eq, value: b }] }';
    expect(found({ 'f.yaml': flagIf('f', condition) }).map(([, , words]) => words)).toEqual([
      'No value of `email` fulfils both this and the `eq` of `email`, which is asked for beside it.',
    ]);
  });
});

test.each([
  ['a condition that is there twice', `{ and: [${US}, ${US}] }`],
  ['a negation that makes no difference', `{ and: [${US}, { not: ${CA} }] }`],
  ['a negation of several that makes no difference', `{ and: [${US}, { not: { and: [${CA}, ${PRO}] } }] }`],
  ['ways that overlap', `{ or: [${US}, { attribute: country, operator: exists }] }`],
  ['what always holds', `{ or: [${US}, { not: ${US} }] }`],
  [
    'what only an undeclared value would fulfil, missing',
    `{ not: { attribute: country, operator: in, value: [US, CA, DE] } }`,
  ],
])('nothing is said of %s', (_, condition) => {
  expect(load({ 'f.yaml': flagIf('f', condition) }).problems).toEqual([]);
});

test('files with errors, and segments with errors, are not reasoned about', () => {
  const broken = {
    'american.yaml': `segment: american\nif: { attribute: country, operator: eq, value: US, colour: red }\n`,
  };
  const files = { ...segments, ...broken, 'f.yaml': flagIf('f', `{ and: [{ segment: american }, ${CA}] }`) };
  expect(load(files).problems.map(({ code }) => code)).toEqual(['unknown-key']);
  const both = flagIf('f', `{ and: [${US}, ${CA}, { attribute: email, operator: matches, value: "(" }] }`);
  expect(load({ 'f.yaml': both }).problems.map(({ code }) => code)).toEqual(['invalid-regex']);
  const twice = flagIf('f', `{ and: [${US}, ${CA}] }`).replace('owner: tests', 'owner: tests\nowner: others');
  expect(load({ 'f.yaml': twice }).problems.map(({ code }) => code)).toEqual(['duplicate-key']);
});

test('a rule that holds for nobody is not called unreachable too', () => {
  const { problems } = load(rules(`if: ${US}`, `if: { and: [${US}, ${CA}] }`));
  expect(problems.map(({ code, line }) => [code, line])).toEqual([['never-holds', 10]]);
});

test.each<[string, Texts, number]>([
  ['nothing', {}, 1],
  ['a segment', { 'american.yaml': `segment: american\nif: { or: [${US}, ${CA}] }\n` }, 0],
  ['a declaration', { 'project.yaml': PROJECT.replace('values: [US, CA, DE]', 'list: true') }, 0],
])('what follows from a file is found anew after a change of %s', (_, changed, expected) => {
  const files = { ...segments, 'f.yaml': flagIf('f', `{ and: [{ segment: american }, ${CA}] }`) };
  const first = load(files);
  expect(first.problems.map(({ code }) => code)).toEqual(['never-holds']);
  const after = sourceFiles({ 'project.yaml': PROJECT, ...files, ...changed });
  expect(loadDefinitions(after, first).problems).toHaveLength(expected);
});

test('a thousand flags as teams write them have no problem', () => {
  expect(loadDefinitions(sourceFiles(realisticFlags(1000))).problems).toEqual([]);
});

test('the example of the docs is found to be what they say', () => {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/definitions.md'), 'utf8');
  const example = /## What is found by reasoning.*?```\n(.*?)```/s.exec(docs)?.[1] ?? '';
  const { problems } = load({ 'f.yaml': flag('f', example) });
  expect(problems.map(({ code, line, message }) => [code, line, message])).toEqual([
    ['unreachable-rule', 11, `The rule is never reached: ${together('free', 'pro')}${given}.`],
  ]);
});
