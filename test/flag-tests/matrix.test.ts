// Cases with a matrix: which combinations they come to, and what becomes of placeholders.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are placeholders of matrices
import { describe, expect, test } from 'vitest';
import { failures, loadBoth, TEXTS, testOf } from './support.ts';

describe('a matrix', () => {
  test('runs every combination, the last name fastest, in each environment', () => {
    const { cases } = loadBoth({
      ...TEXTS,
      'c.test.yaml': testOf(
        '- { name: a, matrix: { plan: [free, pro], beta: [true, null] }, context: { plan: "${plan}", beta: "${beta}" }, expect: { value: [true, false] } }',
        'test: checkout\nenvironments: [dev, prod]',
      ),
    });
    expect(cases.map(({ name, environment, context }) => [name, environment, context])).toEqual(
      ['free', 'pro'].flatMap((plan) =>
        [true, null].flatMap((beta) =>
          ['dev', 'prod'].map((environment) => [
            `a (plan: ${plan}, beta: ${beta})`,
            environment,
            { plan, beta },
          ]),
        ),
      ),
    );
  });

  test('gives whole texts its values of any type, and parts of texts their text', () => {
    const { cases } = loadBoth({
      ...TEXTS,
      'c.test.yaml': testOf(
        '- { name: a, matrix: { x: [7] }, context: { age: "${x}", country: "u-${x}-$${x}", roles: ["${x}"] }, expect: { value: false } }',
      ),
    });
    expect(cases[0]?.context).toEqual({ age: 7, country: 'u-7-${x}', roles: [7] });
  });

  test('`$${` is a plain `${` in a case without a matrix too', () => {
    const { cases } = loadBoth({
      ...TEXTS,
      'c.test.yaml': testOf('- { name: a, context: { country: "$${x}" }, expect: { value: false } }'),
    });
    expect(cases[0]?.context).toEqual({ country: '${x}' });
  });

  test('its values tell the cases apart: a text that looks like another value is quoted', () => {
    const { cases } = loadBoth({
      ...TEXTS,
      'c.test.yaml': testOf(
        '- { name: a, matrix: { x: [1, "1", true, "true", "", null, pro, 4.2.0, { a: 1 }] }, context: { plan: "${x}" }, expect: { value: [true, false] } }',
      ),
    });
    const values = ['1', '"1"', 'true', '"true"', '""', 'null', 'pro', '4.2.0', '{"a":1}'];
    expect(cases.map(({ name }) => name)).toEqual(values.map((value) => `a (x: ${value})`));
  });

  test('reaches reasons and error codes', () => {
    const cases = `- name: a
  matrix: { reason: [DEFAULT, SPLIT], error: [null] }
  context: { targetingKey: u1 }
  expect: { reason: "\${reason}", errorCode: "\${error}" }`;
    expect(failures(cases)).toEqual(['a (reason: SPLIT, error: null): reason ["SPLIT"] is "DEFAULT"']);
  });

  test('reaches arms, clocks and expectations', () => {
    const cases = `- name: a
  matrix: { arm: [on, off], at: [2026-12-24T00:00:00Z, 2027-12-24T00:00:00Z] }
  at: "\${at}"
  context: { beta: true }
  experiments: { layout: "\${arm}" }
  expect: { variation: "\${arm}", arm: "\${arm}" }`;
    expect(failures(cases)).toEqual([]);
  });
});
