// Addresses as options name them.
import { expect, it } from 'vitest';
import { isLoopback, parseAddress } from '../../src/io/address.ts';
import { UsageError } from '../../src/lib/errors.ts';

it.each([
  ['127.0.0.1:8016', '127.0.0.1', 8016, true],
  ['127.9.9.9:1', '127.9.9.9', 1, true],
  ['localhost:8016', '127.0.0.1', 8016, true],
  ['[::1]:0', '::1', 0, true],
  ['0.0.0.0:80', '0.0.0.0', 80, false],
  ['[::]:80', '::', 80, false],
  ['127.evil.example:80', '127.evil.example', 80, false],
  ['[::ffff:10.0.0.1]:80', '::ffff:10.0.0.1', 80, false],
])('%s is one address', (text, host, port, loopback) => {
  expect(parseAddress(text, '--listen')).toEqual({ host, port });
  expect(isLoopback(host)).toBe(loopback);
});

it.each([
  '',
  '8016',
  ':8016',
  'localhost',
  '::1:80',
  '127.0.0.1:65536',
  '127.0.0.1:-1',
  '[::1]',
  'http://x:1',
])('"%s" is none, and the error says what one looks like', (text) => {
  expect(() => parseAddress(text, '--listen')).toThrow(UsageError);
  expect(() => parseAddress(text, '--listen')).toThrow('127.0.0.1:8016');
});
