// The line of a problem on a terminal: the marks stand under what is meant, in every script and at every width.
import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { excerpt } from '../../../src/cli/check/excerpt.ts';

const cases: [string, string, number, string, string][] = [
  ['a word', 'serve: onn', 3, 'serve: onn', '       ^^^'],
  ['the first column', 'flag: f', 4, 'flag: f', '^^^^'],
  ['a tab', 'a:\tb: x', 1, 'a:  b: x', '       ^'],
  ['East Asian wide characters', 'name: 結帳 onn', 3, 'name: 結帳 onn', '           ^^^'],
  ['an emoji of several code points', 'owner: 👩‍💻 onn', 3, 'owner: 👩‍💻 onn', '          ^^^'],
  ['a letter and its accent', 'owner: e\u0301 onn', 3, 'owner: e\u0301 onn', '         ^^^'],
  ['a character that no one sees', 'a: \u202eonn', 3, 'a: \\u{202e}onn', '           ^^^'],
];

test.each(cases)('after %s', (_, line, length, shown, marks) => {
  const word = line.endsWith('onn') ? line.length - 2 : line.endsWith('x') ? line.length : 1;
  expect(excerpt(line, word, length, 80)).toEqual({ line: shown, marks });
});

test('marks under a wide character are as wide as it is', () => {
  expect(excerpt('結帳: 1', 1, 2, 80).marks).toBe('^^^^');
});

test('past the end of the line, one mark stands where something is missing', () => {
  expect(excerpt('serve: [on', 11, 1, 80)).toEqual({ line: 'serve: [on', marks: '          ^' });
});

test('a long line is cut around the place, wherever that is', () => {
  const line = `targets: [${Array.from({ length: 5_000 }, (_, i) => `u${i}`).join(', ')}]`;
  expect(excerpt(line, line.indexOf('u2,') + 1, 2, 40)).toEqual({
    line: 'targets: [u0, u1, u2, u3, u4, u5, u6, …',
    marks: '                  ^^',
  });
  const { line: shown, marks } = excerpt(line, line.indexOf('u3210') + 1, 5, 60);
  expect(shown).toBe('… u3207, u3208, u3209, u3210, u3211, u3212, u3213, u3214, u…');
  expect(shown.slice(marks.indexOf('^'), marks.length)).toBe('u3210');
});

test('whatever the line and the width, the place is shown, marked, and within the width', () => {
  const character = fc.oneof(
    fc.constantFrom(' ', '\t', 'a', '結', '👩‍💻', 'e\u0301', '\u202e', '\ud83d', ', '),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 2 }),
  );
  const line = fc.array(character, { maxLength: 300 }).map((parts) => parts.join('').replace(/[\r\n]/g, ' '));
  fc.assert(
    fc.property(
      line,
      fc.nat(),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 20, max: 200 }),
      (text, at, length, width) => {
        const column = (at % (text.length + 1)) + 1;
        const { line: shown, marks } = excerpt(text, column, length, width);
        expect(stringWidth(shown)).toBeLessThanOrEqual(width);
        expect(shown).not.toMatch(/[\t\r\n\u202e]/);
        const start = marks.indexOf('^');
        const meant = Array.from(new Intl.Segmenter().segment(text)).find(
          ({ segment, index }) => index + segment.length >= column,
        )?.segment;
        // What has no width of its own cannot be marked.
        if (meant === undefined || stringWidth(meant) > 0) expect(start).toBeGreaterThanOrEqual(0);
        expect(start).toBeLessThan(width);
      },
    ),
    { numRuns: 300, seed: 1 },
  );
});
