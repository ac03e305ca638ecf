// Patterns for paths: what they fit, what is no pattern, and that no path makes them slow.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pathPattern, patternFault } from '../../src/access/path-pattern.ts';

describe('a pattern fits', () => {
  test.each<[string, string[], string[]]>([
    [
      'checkout/**',
      ['checkout/a.yaml', 'checkout/b/c/d.yaml'],
      ['checkout', 'checkoutx/a.yaml', 'a/checkout/b.yaml'],
    ],
    [
      'checkout/*',
      ['checkout/a.yaml', 'checkout/.yaml'],
      ['checkout/b/c.yaml', 'checkout', 'Checkout/a.yaml'],
    ],
    ['checkout/*.yaml', ['checkout/a.yaml'], ['checkout/a.yml', 'checkout/a/b.yaml', 'checkout/a.yaml.txt']],
    ['**', ['a.yaml', 'a/b/c.yaml'], []],
    ['*', ['a.yaml'], ['a/b.yaml']],
    ['**/a.yaml', ['a.yaml', 'x/a.yaml', 'x/y/a.yaml'], ['x/ba.yaml', 'a.yaml/b']],
    ['**/checkout/**', ['checkout/a', 'x/checkout/a', 'x/y/checkout/z/a'], ['x/checkout', 'checkouts/a']],
    ['a/**/b.yaml', ['a/b.yaml', 'a/x/b.yaml', 'a/x/y/b.yaml'], ['b.yaml', 'a/x/c.yaml', 'ab.yaml']],
    ['a/**/b/**/c', ['a/b/c', 'a/b/b/c', 'a/x/b/y/z/c'], ['a/c', 'a/b', 'b/c']],
    ['*-*/x*y', ['a-b/xy', '-/xzzy', 'a--b/xyxy'], ['ab/xy', 'a-b/xyz']],
    ['segments/staff.yaml', ['segments/staff.yaml'], ['segments/staffXyaml', 'segments/Staff.yaml']],
    ['a+b.$^/*', ['a+b.$^/c'], ['aab.$^/c']],
    ['é/*', ['é/a'], ['e\u0301/a']],
    ['*/💡*', ['a/💡b'], ['a/💢b']],
  ])('%s', (pattern, fitting, others) => {
    const fits = pathPattern(pattern);
    expect(fitting.filter((path) => !fits(path))).toEqual([]);
    expect(others.filter(fits)).toEqual([]);
  });
});

test.each([
  '',
  '/a',
  'a/',
  'a//b',
  '.',
  './a',
  'a/../b',
  'a**',
  '**a',
  'a/b**c',
  '***',
  'a?',
  '[a]',
  '{a,b}',
  '!a',
  'a|b',
  '(a)',
  'a\\*',
])('%j is no pattern', (pattern) => {
  expect(patternFault(pattern)).toMatch(/^has /);
  expect(() => pathPattern(pattern)).toThrow('the pattern');
});

/** The same in a regular expression, which is safe for the short paths here. */
function asRegex(pattern: string): RegExp {
  const names = pattern
    .split('/')
    .map((name) => (name === '**' ? '**' : name.replaceAll('*', '[^/]*').replaceAll('.', '\\.')));
  if (names.at(-1) === '**') names.push('[^/]*');
  const text = names.map((name, i) =>
    name === '**' ? '(?:[^/]+/)*' : i === names.length - 1 ? name : `${name}/`,
  );
  return new RegExp(`^${text.join('')}$`, 's');
}

test('patterns fit what the regular expressions of the same meaning fit', () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'b', '.'), minLength: 1, maxLength: 4 });
  const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((names) => names.join('/'));
  const part = fc.oneof(
    fc.constant('**'),
    fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), minLength: 1, maxLength: 4 }),
  );
  const pattern = fc
    .array(part, { minLength: 1, maxLength: 5 })
    .map((parts) => parts.join('/'))
    .filter((text) => patternFault(text) === undefined);
  fc.assert(
    fc.property(pattern, path, (text, tried) => {
      expect(pathPattern(text)(tried)).toBe(asRegex(text).test(tried));
    }),
    { seed: 4, numRuns: 5_000 },
  );
});

test('a path that nearly fits a pattern of many stars is refused without trying all ways', () => {
  const stars = `${'*a'.repeat(120)}b`;
  const folders = `${'**/a/'.repeat(90)}b`;
  for (let i = 0; i < 20; i++) {
    expect(pathPattern(stars)('a'.repeat(4_000))).toBe(false);
    expect(pathPattern(folders)('a/'.repeat(2_000).slice(0, -1))).toBe(false);
  }
});
