// The validators: the errors of long lists cost no more than there are of them.
import { expect, test, vi } from 'vitest';
import { validate } from '../../src/definitions/validate.ts';

const many = Array.from({ length: 50 }, () => ({}));

// Fails where ajv writes another statement than the one that scripts/validators.ts rewrites: then look for the new one.
test.each([
  ['segment', { segment: 's', if: { or: many } }],
  ['segment', { segment: 's', if: { and: [{ not: { or: many } }] } }],
  ['flag', { flag: 'f', type: 'boolean', permanent: true, environments: { prod: { rules: many } } }],
  ['flag', { flag: 'f', type: 'boolean', permanent: true, requires: many, environments: {} }],
  ['experiment', { experiment: 'e', arms: many }],
] as const)('what was found in a list of a %s is not copied for each item', (kind, body) => {
  const concat = vi.spyOn(Array.prototype, 'concat');
  const findings = validate(kind, structuredClone(body) as never);
  const lists = concat.mock.contexts as object[][];
  const copied = lists.filter((list) => list.some((item) => Object.hasOwn(Object(item), 'schemaPath')));
  concat.mockRestore();
  expect(findings.length).toBeGreaterThanOrEqual(many.length);
  expect(copied).toEqual([]);
});
