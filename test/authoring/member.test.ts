// One member of a file changes, and no other byte of it; what cannot be edited is said, not broken.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { format } from '../../src/authoring/format.ts';
import { valueIn, withMember, withoutMember, withValue } from '../../src/authoring/member.ts';
import type { Path } from '../../src/definitions/finding.ts';
import { UsageError } from '../../src/lib/errors.ts';
import type { JsonValue } from '../../src/lib/json.ts';
import { arbitraryEnvironment } from './support/arbitrary-definition.ts';
import { wildYaml } from './support/wild-yaml.ts';

test.each<[string, string, (text: string) => string, string]>([
  ['a value', 'a: 1\nb: x # c\n', (text) => withValue(text, ['b'], 'y'), 'a: 1\nb: y # c\n'],
  [
    'a value whose comment is in a column',
    'b: running   # c\n',
    (text) => withValue(text, ['b'], 'stopped'),
    'b: stopped   # c\n',
  ],
  ['a shorter one', 'b: experiment   # c\n', (text) => withValue(text, ['b'], 'x'), 'b: x            # c\n'],
  ['a text that needs quotes', 'b: x\n', (text) => withValue(text, ['b'], 'true'), 'b: "true"\n'],
  ['a list by a value', 'b:\n  - x\n  - y\nc: 1\n', (text) => withValue(text, ['b'], 'on'), 'b: on\nc: 1\n'],
  ['an item', 'b: [x, y] # c\n', (text) => withValue(text, ['b', 1], null), 'b: [x, null] # c\n'],
  [
    'a member',
    'a: { experiment: x }     # c\n',
    (text) => withMember(text, ['a', 'experiment'], 'serve', 'on'),
    'a: { serve: on }         # c\n',
  ],
  [
    'a member on lines',
    'a:\n  # why\n  experiment: x # c\n',
    (text) => withMember(text, ['a', 'experiment'], 'serve', 'on'),
    'a:\n  # why\n  serve: on # c\n',
  ],
  [
    'a quoted member',
    'a: {"experiment":"x"}\n',
    (text) => withMember(text, ['a', 'experiment'], 'serve', 'on'),
    'a: {serve: on}\n',
  ],
  [
    'without a member',
    'a: 1\n# of b\nb: 2 # c\nc: 3\n',
    (text) => withoutMember(text, ['b']),
    'a: 1\nc: 3\n',
  ],
  ['without the last line', 'a: 1\nb: 2', (text) => withoutMember(text, ['b']), 'a: 1\n'],
  [
    'without one in braces',
    'a: { x: 1, y: 2 } # c\n',
    (text) => withoutMember(text, ['a', 'x']),
    'a: { y: 2 } # c\n',
  ],
  ['without the only one in brackets', 'a: [x]\n', (text) => withoutMember(text, ['a', 0]), 'a: []\n'],
  [
    'without an item on a line',
    'a:\n  - x # c\n  - y\n',
    (text) => withoutMember(text, ['a', 0]),
    'a:\n  - y\n',
  ],
  [
    'without the first of a list’s item',
    'a:\n  - x: 1\n    y: 2\n',
    (text) => withoutMember(text, ['a', 0, 'x']),
    'a:\n  - y: 2\n',
  ],
  [
    'of lines that end otherwise',
    'a: 1\r\nb: 2\r\nc: 3\r\n',
    (text) => withoutMember(text, ['b']),
    'a: 1\r\nc: 3\r\n',
  ],
])('%s', (_, given, change, expected) => {
  expect(change(given)).toBe(expected);
});

test('what would say something else is refused', () => {
  expect(() => withoutMember('a:\n  - x: 1\n', ['a', 0, 'x'])).toThrow(UsageError);
});

type Members = { [name: string]: JsonValue };

/** The paths to all members and items. */
function pathsIn(value: JsonValue, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries: [string | number, JsonValue][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return entries.flatMap(([step, each]) => [[...path, step], ...pathsIn(each, [...path, step])]);
}

function at(value: JsonValue, path: Path): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((node, step) => (node as Members | undefined)?.[step], value);
}

const given = fc.tuple(
  fc.record({
    flag: fc.constant('f'),
    environments: fc.dictionary(fc.constantFrom('dev', 'prod'), arbitraryEnvironment),
  }),
  fc.array(fc.nat(1000), { minLength: 1, maxLength: 200 }),
  fc.nat(1000),
  fc.constantFrom('on', 'true', '5', 'a: b', '', 'x # y'),
);

test('in any layout a member changes or goes alone, or the file has to be formatted first', () => {
  const property = fc.property(given, ([value, choices, number, wanted]) => {
    const wild = wildYaml(value as unknown as Members, choices).text;
    const formatted = format(new TextEncoder().encode(wild));
    const canonicalText = 'text' in formatted ? formatted.text : '';
    const whole = value as unknown as JsonValue;
    const paths = pathsIn(whole);
    const path = paths[number % paths.length] ?? ['flag'];
    for (const text of [wild, canonicalText]) {
      for (const change of [withValue, (before: string, where: Path) => withoutMember(before, where)]) {
        const after = orRefused(() => change(text, path, wanted));
        if (after === undefined) continue;
        const now = valueIn(after);
        // Items after one that goes move up.
        const last = path.length - 1;
        const isItem = typeof path.at(-1) === 'number';
        const others = paths.filter((each) => {
          const isBelow = path.every((step, index) => each[index] === step);
          const isAbove = each.every((step, index) => path[index] === step);
          const isBeside = isItem && path.slice(0, last).every((step, index) => each[index] === step);
          return !isBelow && !isAbove && !isBeside;
        });
        for (const other of others) expect(at(now, other)).toEqual(at(whole, other));
      }
    }
    // What is on lines of its own, in canonical layout, can always be set.
    expect(at(valueIn(withValue(canonicalText, path, wanted)), path)).toBe(wanted);
  });
  fc.assert(property, { seed: 6, numRuns: 60 });
});

function orRefused(change: () => string): string | undefined {
  try {
    return change();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return undefined;
  }
}
