// Environment variables are read strictly: what is not understood is an error.
import { expect, it } from 'vitest';
import { readText } from '../../src/io/env.ts';

it('a text that is set but empty is an error, one that is not set is not', () => {
  expect(readText({}, 'HALYARD_T')).toBeUndefined();
  expect(readText({ HALYARD_T: 'x' }, 'HALYARD_T')).toBe('x');
  expect(() => readText({ HALYARD_T: '' }, 'HALYARD_T')).toThrow('set but empty');
});
