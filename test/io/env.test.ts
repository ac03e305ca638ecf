// Environment variables are read strictly: what is not understood is an error.
import { describe, expect, it } from 'vitest';
import { readBoolean, readChoice, readInteger, readText } from '../../src/io/env.ts';
import { UsageError } from '../../src/lib/errors.ts';

describe('a boolean', () => {
  it.each([
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
    [undefined, undefined],
  ])('%s is %s', (text, value) => {
    expect(readBoolean({ HALYARD_X: text }, 'HALYARD_X')).toBe(value);
  });

  it.each(['yes', 'on', 'TRUE', ' true', '2', ''])('"%s" is an error and no quiet false', (text) => {
    expect(() => readBoolean({ HALYARD_X: text }, 'HALYARD_X')).toThrow(UsageError);
  });
});

describe('a whole number', () => {
  const read = (text: string | undefined) =>
    readInteger({ HALYARD_N: text }, 'HALYARD_N', { min: 1, max: 10 });

  it.each([
    ['1', 1],
    ['10', 10],
    [undefined, undefined],
  ])('%s is %s', (text, value) => {
    expect(read(text)).toBe(value);
  });

  it.each(['0', '11', '-1', '1.5', '1e1', '0x1', ' 1', 'ten', ''])('"%s" is an error', (text) => {
    expect(() => read(text)).toThrow(/^HALYARD_N is/);
  });
});

it('a choice is one of its words', () => {
  const read = (text: string) => readChoice({ HALYARD_C: text }, 'HALYARD_C', ['text', 'json'] as const);
  expect(read('json')).toBe('json');
  expect(() => read('JSON')).toThrow('HALYARD_C is "JSON". It takes text, json.');
});

it('a text that is set but empty is an error, one that is not set is not', () => {
  expect(readText({}, 'HALYARD_T')).toBeUndefined();
  expect(() => readText({ HALYARD_T: '' }, 'HALYARD_T')).toThrow('set but empty');
});
