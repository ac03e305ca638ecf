// Which ways through a flag coverage counts, and which of them cases take.
import { describe, expect, test } from 'vitest';
import { CoverageNotes } from '../../src/flag-tests/coverage.ts';
import { runCases } from '../../src/flag-tests/run.ts';
import { load } from '../definitions/support/project.ts';
import { EXPERIMENT, FLAG, loadBoth, TEXTS, testOf } from './support.ts';

/** `key environment: way line:column` of each way that no case takes; `key: no test`. */
function missed(texts: { [path: string]: string }): string[] {
  const { cases, definitions, problems } = loadBoth(texts);
  expect(problems).toEqual([]);
  const notes = new CoverageNotes();
  for (const _ of runCases(cases, definitions, {
    clock: () => 0,
    onPath: (one, how) => notes.note(one, how),
  }));
  const { flags, total, covered } = notes.coverage(definitions, load(texts).files);
  expect(total - covered).toBe(flags.reduce((sum, flag) => sum + flag.missed.length, 0));
  return flags.flatMap(({ flag, tested, missed: ways }) =>
    tested
      ? ways.map(({ environment, way, line, column }) => `${flag} ${environment}: ${way} ${line}:${column}`)
      : [`${flag}: no test`],
  );
}

const cases = (text: string) => ({
  ...TEXTS,
  'c.test.yaml': testOf(text, 'test: checkout\nenvironments: [dev, prod]'),
});

test('every way is listed with the place of its rule, in the order of the definition', () => {
  expect(missed(cases('- { name: a, expect: { variation: [on, off] } }'))).toEqual([
    'checkout prod: targets of on 9:20',
    'checkout prod: rule "pro" 11:9',
    'checkout prod: rule "ramp", in the percentage 14:9',
    'checkout prod: rule "ramp", outside the percentage 14:9',
    'checkout prod: rule "#3", in the experiment 17:9',
    'checkout prod: rule "#3", not in the experiment 17:9',
  ]);
});

describe('what a case takes', () => {
  const all = missed(cases('- { name: a, context: { country: US }, expect: { variation: [on, off] } }'));
  test.each([
    ['a target', 'context: { targetingKey: alice }, expect: { value: true }', ['targets of on']],
    ['a rule', 'context: { plan: pro }, expect: { value: true }', ['rule "pro"']],
    [
      'both sides of a percentage',
      'context: { country: US }, buckets: { 0-9999: [on, off] }',
      ['rule "ramp", in the percentage', 'rule "ramp", outside the percentage', 'everyone else'],
    ],
    ['one side of it', 'context: { country: US }, buckets: { 3: on }', ['rule "ramp", in the percentage']],
    [
      'an arm',
      'context: { beta: true }, experiments: { layout: on }, expect: { value: true }',
      ['rule "#3", in the experiment'],
    ],
    [
      'no arm',
      'context: { beta: true }, experiments: { layout: none }, expect: { value: false }',
      ['rule "#3", not in the experiment', 'everyone else'],
    ],
    ['a split without a unit is on no side of it', 'context: { country: US }, expect: { value: false }', []],
    ['nor is one before an experiment', 'context: { beta: true }, expect: { value: false }', []],
  ])('%s', (_, one, taken) => {
    const text = `- { name: dev alone, context: { targetingKey: u }, expect: { variation: [on, off] } }`;
    const dev = { ...TEXTS, 'dev.test.yaml': testOf(text, 'test: checkout\nenvironment: dev') };
    const left = missed({ ...dev, 'c.test.yaml': testOf(`- { name: a, ${one} }`) });
    const names = left.map((line) => line.replace(/^checkout prod: | \d+:\d+$/g, ''));
    const every = [...all.map((line) => line.replace(/^checkout \w+: | \d+:\d+$/g, '')), 'everyone else'];
    expect([...new Set(every)].filter((name) => !names.includes(name)).sort()).toEqual([...taken].sort());
  });
});

describe('what there is to take', () => {
  const only = (prod: string) => `flag: f
description: A test.
owner: tests
permanent: true
type: boolean
environments:
  prod: ${prod}
`;
  const ways = (prod: string, more: { [path: string]: string } = {}) => {
    const untested = `- { name: a, context: { targetingKey: u }, at: 2026-01-01T00:00:00Z, expect: { value: [true, false] } }`;
    const texts = {
      'f.yaml': only(prod),
      ...more,
      'c.test.yaml': testOf(untested, 'test: f\nenvironment: prod'),
    };
    const { definitions } = loadBoth(texts);
    const [flag] = new CoverageNotes()
      .coverage(definitions, load(texts).files)
      .flags.filter((one) => one.flag === 'f');
    return flag?.missed.map(({ way }) => way);
  };

  const rule = (then: string, more = '') => `{ ${more}then: ${then} }`;
  const rules = (...each: string[]) => `{ serve: off, rules: [${each.join(', ')}] }`;
  const split = '{ rollout: { variations: [{ key: on, weight: 50 }, { key: off, weight: 50 }] } }';

  test.each([
    ['a plain flag', '{ serve: on }', ['everyone else']],
    ['nothing behind a rule for everyone', rules(rule('{ serve: on }'), rule(split)), ['rule "#1"']],
    ['nothing behind a split of everyone', rules(rule(split)), ['rule "#1"']],
    [
      'nothing behind all of everyone',
      rules(rule('{ serve: on, percent: 0 }'), rule('{ serve: on, percent: 100 }')),
      ['rule "#1", outside the percentage', 'rule "#2"'],
    ],
    [
      'what is behind a share of everyone',
      rules(rule('{ serve: on, percent: 99.99 }')),
      ['rule "#1", in the percentage', 'rule "#1", outside the percentage', 'everyone else'],
    ],
    [
      'what is behind a rule that has its time',
      rules(rule('{ serve: on }', 'until: 2026-12-01T09:00:00Z, ')),
      ['rule "#1"', 'everyone else'],
    ],
    ['a disabled one', '{ enabled: false, serve: on }', ['disabled']],
    [
      'a percentage of everyone',
      '{ serve: on, percent: 5 }',
      ['everyone else, in the percentage', 'everyone else, outside the percentage'],
    ],
    ['all of everyone', '{ serve: on, percent: 100 }', ['everyone else']],
    ['none of everyone', '{ serve: on, percent: 0 }', ['everyone else, outside the percentage']],
    [
      'a ramp',
      '{ serve: on, ramp: [{ at: 2026-12-01T09:00:00Z, percent: 100 }] }',
      ['everyone else, in the ramp', 'everyone else, outside the ramp'],
    ],
    [
      'a ramp of nobody',
      '{ serve: on, ramp: [{ at: 2026-12-01T09:00:00Z, percent: 0 }] }',
      ['everyone else, outside the ramp'],
    ],
    [
      'a rollout',
      '{ rollout: { variations: [{ key: on, weight: 50 }, { key: off, weight: 50 }] } }',
      ['everyone else'],
    ],
  ])('%s', (_, prod, expected) => {
    expect(ways(prod)).toEqual(expected);
  });

  test('a requirement that can be unmet, and not one that cannot', () => {
    const requires =
      '{ serve: on }\nrequires: [{ flag: plain, variation: on }, { flag: checkout, variation: on }]';
    const plain = only('{ serve: on }').replace('flag: f', 'flag: plain');
    expect(ways(requires, { ...TEXTS, 'plain.yaml': plain })).toEqual([
      'requires checkout = on, which is not so',
      'everyone else',
    ]);
  });

  test.each([
    ['in which all take part', 'status: running\ntraffic: 100', ['rule "#1"']],
    [
      'in which some do',
      'status: running\ntraffic: 99.99',
      ['rule "#1", in the experiment', 'rule "#1", not in the experiment', 'everyone else'],
    ],
    [
      'in which nobody does',
      'status: running\ntraffic: 0',
      ['rule "#1", not in the experiment', 'everyone else'],
    ],
    [
      'that does not run',
      'status: draft\ntraffic: 50',
      ['rule "#1", not in the experiment', 'everyone else'],
    ],
  ])('an experiment %s', (_, lines, expected) => {
    const experiment = `experiment: e\nflag: f\nenvironments: [prod]\n${lines}\narms: [{ variation: off, weight: 50 }, { variation: on, weight: 50 }]\n`;
    expect(ways(rules(rule('{ experiment: e }')), { 'e.yaml': experiment })).toEqual(expected);
  });

  test('whoever comes to an experiment that does not run is not in it', () => {
    const draft = { ...TEXTS, 'layout.yaml': EXPERIMENT.replace('running', 'draft') };
    const text = testOf('- { name: a, context: { beta: true }, expect: { value: false } }');
    const left = missed({ ...draft, 'c.test.yaml': text });
    expect(left.filter((line) => line.includes('#3'))).toEqual([]);
    expect(left).toContain('checkout prod: rule "pro" 11:9');
  });

  test.each([
    ['disabled here', '{ enabled: false, serve: on }'],
    ['for nobody', '{ serve: off }'],
  ])('nothing behind a requirement that is %s', (_, prod) => {
    const requires =
      '{ targets: { on: [alice] }, serve: on }\nrequires: [{ flag: checkout, variation: on }, { flag: other, variation: on }, { flag: checkout, variation: off }]';
    const other = only(prod).replace('flag: f', 'flag: other');
    expect(ways(requires, { ...TEXTS, 'other.yaml': other })).toEqual([
      'requires checkout = on, which is not so',
      'requires other = on, which is not so',
    ]);
  });

  test('environments that the flag does not name are none', () => {
    const { definitions } = loadBoth({ 'f.yaml': only('{ serve: on }') });
    const { total } = new CoverageNotes().coverage(definitions, new Map());
    expect(total).toBe(1);
  });
});

test('a flag without any test is told as one', () => {
  const other = FLAG.replace('flag: checkout', 'flag: other').replace('experiment: layout', 'serve: on');
  const told = missed({ ...cases('- { name: a, expect: { variation: [on, off] } }'), 'other.yaml': other });
  expect(told.at(-1)).toBe('other: no test');
});
