// Cases that fix buckets and arms: no unit is needed, and every bucket is tried.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are placeholders of matrices
import { describe, expect, test } from 'vitest';
import { EXPERIMENT, FLAG, failures, TEXTS } from './support.ts';

describe('buckets', () => {
  const us = 'context: { country: US }';
  test('every bucket is tried, without a unit', () => {
    expect(failures(`- { name: a, ${us}, buckets: { 0-999: on, 1000-9999: off } }`)).toEqual([]);
  });

  test('the buckets that differ are told exactly', () => {
    expect(failures(`- { name: a, ${us}, buckets: { 0-1999: on, 2000-9999: off } }`)).toEqual([
      'a: variation ["on"] is "off" for 1000-1999',
    ]);
    expect(failures(`- { name: a, ${us}, buckets: { 500-1500: off } }`)).toEqual([
      'a: variation ["off"] is "on" for 500-999',
    ]);
  });

  test('buckets that differ otherwise are told apart, each expectation by itself', () => {
    const rollout = FLAG.replace(
      'then: { serve: on, percent: 10 }',
      'then: { rollout: { variations: [{ key: blue, weight: 20 }, { key: off, weight: 30 }, { key: blue, weight: 20 }, { key: on, weight: 30 }] } }',
    )
      .replace('type: boolean', 'type: string\nvariations: { on: "1", off: "0", blue: "2" }')
      .replace('targets: { on: [alice] }', 'targets: {}');
    const texts = { ...TEXTS, 'checkout.yaml': rollout };
    expect(
      failures(
        `- { name: a, ${us}, buckets: { 0-9999: off }, expect: { arm: on, experiment: layout } }`,
        texts,
      ),
    ).toEqual([
      'a: variation ["off"] is "blue" for 0-1999',
      'a: experiment ["layout"] is null for 0-9999',
      'a: arm ["on"] is null for 0-9999',
      'a: variation ["off"] is "blue" for 5000-6999',
      'a: variation ["off"] is "on" for 7000-9999',
    ]);
  });

  test('a single bucket is a number', () => {
    expect(failures(`- { name: a, ${us}, buckets: { 999: on, 1000: off, 1001: on } }`)).toEqual([
      'a: variation ["on"] is "off" for 1001-1001',
    ]);
  });

  test('what else is expected holds for each of them', () => {
    expect(
      failures(`- { name: a, ${us}, buckets: { 998-1001: [on, off] }, expect: { rule: ramp } }`),
    ).toEqual(['a: rule ["ramp"] is null for 1000-1001']);
  });

  test('what is not covered is not looked at', () => {
    expect(failures(`- { name: a, ${us}, buckets: { 0: on, 9999: off } }`)).toEqual([]);
  });

  test('the parts of a rollout lie end to end', () => {
    const rollout = FLAG.replace(
      'then: { serve: on, percent: 10 }',
      'then: { rollout: { variations: [{ key: off, weight: 33.33 }, { key: on, weight: 66.67 }] } }',
    );
    const texts = { ...TEXTS, 'checkout.yaml': rollout };
    expect(failures(`- { name: a, ${us}, buckets: { 0-3332: off, 3333-9999: on } }`, texts)).toEqual([]);
  });

  test('other flags, experiments and cases keep their own buckets', () => {
    const cases = `- { name: a, context: { country: US }, buckets: { 5: on } }
- { name: without, context: { country: US }, expect: { errorCode: TARGETING_KEY_MISSING } }`;
    expect(failures(cases)).toEqual([]);
  });
});

describe('experiments', () => {
  const beta = 'context: { beta: true }';
  test.each([
    ['an arm', '{ layout: on }', '{ value: true, experiment: layout, arm: on, reason: SPLIT }'],
    ['the other arm', '{ layout: off }', '{ value: false, experiment: layout, arm: off }'],
    ['no part in it', '{ layout: none }', '{ value: false, experiment: null, reason: DEFAULT }'],
  ])('%s, without a unit', (_, fixed, expected) => {
    expect(failures(`- { name: a, ${beta}, experiments: ${fixed}, expect: ${expected} }`)).toEqual([]);
  });

  test('a unit in the traffic is kept out, and one outside of it is let in', () => {
    const units = Array.from({ length: 20 }, (_, i) => `u${i}`).join(', ');
    const cases = ['on', 'none'].map(
      (arm) => `- name: ${arm}
  matrix: { u: [${units}] }
  context: { targetingKey: "\${u}", beta: true }
  experiments: { layout: ${arm} }
  expect: { experiment: ${arm === 'on' ? 'layout' : 'null'} }`,
    );
    expect(failures(cases.join('\n'))).toEqual([]);
  });

  describe('of one layer', () => {
    const layered = (key: string, from: number) =>
      EXPERIMENT.replace('experiment: layout', `experiment: ${key}`).replace(
        'traffic: 50',
        `layer: l\nslot: { from: ${from}, to: ${from + 50} }`,
      );
    const flag = FLAG.replace(
      '        then: { experiment: layout }',
      '        then: { experiment: first }\n      - if: { attribute: beta, operator: eq, value: true }\n        then: { experiment: second }',
    );
    const texts = {
      'checkout.yaml': flag,
      'first.yaml': layered('first', 0),
      'second.yaml': layered('second', 50),
    };

    test.each([
      ['an arm of one is none of the others', '{ second: on }', '{ experiment: second, arm: on }'],
      [
        'one can be in, and the other out',
        '{ first: none, second: off }',
        '{ experiment: second, arm: off }',
      ],
      [
        'all can be out, though their slots fill the layer',
        '{ first: none, second: none }',
        '{ experiment: null }',
      ],
    ])('%s', (_, fixed, expected) => {
      expect(failures(`- { name: a, ${beta}, experiments: ${fixed}, expect: ${expected} }`, texts)).toEqual(
        [],
      );
    });
  });
});
