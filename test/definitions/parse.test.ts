// YAML to plain values: the core schema, places, and no text that makes it throw or take long.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from '../../src/definitions/parse.ts';
import { lineAndColumn, offsetOf } from '../../src/definitions/positions.ts';
import { limits } from '../../src/definitions/source-file.ts';
import { bytes } from './support/project.ts';

const valueIn = (text: string) => parse(bytes(text)).value;

describe('the core schema of YAML 1.2', () => {
  test.each<[string, unknown]>([
    ['on', 'on'],
    ['off', 'off'],
    ['yes', 'yes'],
    ['2027-03-31', '2027-03-31'],
    ['true', true],
    ['~', null],
    ['012', 12],
    ['0x1F', 31],
    ['0o17', 15],
    ['1e3', 1000],
    ['-0', 0],
    ['4.10', 4.1],
    ['910e44', 9.1e46],
    ['1_000', '1_000'],
    ['0b1', '0b1'],
    ['9007199254740991', 9007199254740991],
    ['"\\ud83d\\ude00"', '😀'],
    ['"a\\/b\\tc"', 'a/b\tc'],
    ["'it''s'", "it's"],
    ['|\n a\n b\n', 'a\nb\n'],
    ['>-\n a\n b\n', 'a b'],
    ['{ a: 1, "b": [x, ~] }', { a: 1, b: ['x', null] }],
    ['<<: { a: 1 }', { '<<': { a: 1 } }],
    ['--- {a: 1}\n...\n', { a: 1 }],
    ['\ufeffa: 1', { a: 1 }],
    ['"\\u0001"', '\u0001'],
    ['{"a":1e300}', { a: 1e300 }],
  ])('%s', (text, value) => {
    const parsed = parse(bytes(text));
    expect(parsed.faults).toEqual([]);
    expect(parsed.value).toStrictEqual(value);
  });

  test('JSON is YAML', () => {
    const json = fc.jsonValue({ noUnicodeString: false, maxDepth: 8 }).filter((value) => isPlain(value));
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 1, 2), (value, indent) => {
        const parsed = parse(bytes(JSON.stringify(value, null, indent)));
        expect(parsed.faults).toEqual([]);
        expect(parsed.value).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

test.each([
  ['1: x', 'YAML reads the key `1` as a number: expected a text.', 'Quote it: "1".'],
  ['true: x', 'YAML reads the key `true` as a boolean: expected a text.', 'Quote it: "true".'],
  ['~: x', 'YAML reads the key `~` as null: expected a text.', 'Quote it: "~".'],
  [': x', 'YAML reads the key `null` as null: expected a text.', 'Write the key as a text.'],
  ['[a]: x', 'YAML reads a collection as a key: expected a text.', 'Write the key as a text.'],
])('a key that is no text: %s', (text, message, hint) => {
  expect(parse(bytes(text)).faults).toEqual([{ code: 'key-not-text', offset: 0, message, hint }]);
});

describe('places', () => {
  const place = (text: string, path: (string | number)[], on: 'key' | 'value') => {
    const { value = null, offsets } = parse(bytes(text));
    const { line, column } = lineAndColumn(text.replace('\ufeff', ''), offsetOf(value, offsets, path, on));
    return `${line}:${column}`;
  };
  test.each<[string, string, (string | number)[], string, string]>([
    ['a value on the next line', 'a:\n  b: 1\n', ['a', 'b'], '2:3', '2:6'],
    ['an item', 'a:\n- x\n- y: 2\n', ['a', 1, 'y'], '3:3', '3:6'],
    ['a list itself', 'a:\n- x\n', ['a'], '1:1', '2:1'],
    ['flow style', '{ a: [1, { b: 2 }] }', ['a', 1, 'b'], '1:12', '1:15'],
    ['Windows line ends', 'a: 1\r\nb: 2\r\n', ['b'], '2:1', '2:4'],
    ['a byte order mark', '\ufeffa: 1', ['a'], '1:1', '1:4'],
    ['columns count UTF-16 units', '{ "😀": 1, b: 2 }', ['b'], '1:12', '1:15'],
    ['keys that look like integers', 'z: 1\n"2": x\n"1": y\n', ['1'], '3:1', '3:6'],
    ['keys before those that look like integers', 'z: 1\n"2": x\n', ['z'], '1:1', '1:4'],
    ['quoted keys', '"a b" : "c"', ['a b'], '1:1', '1:9'],
    ['block texts', 'a: |\n  text\nb: 1\n', ['b'], '3:1', '3:4'],
    ['an empty value', 'a:\nb: 1\n', ['a'], '1:1', '1:3'],
    ['a path that is not there: the nearest parent', 'a:\n  b: 1\n', ['a', 'c', 'd'], '2:3', '2:3'],
  ])('%s', (_, text, path, key, value) => {
    expect([place(text, path, 'key'), place(text, path, 'value')]).toEqual([key, value]);
  });
});

describe('hostile text', () => {
  const pieces = [
    'a',
    'a: ',
    '- ',
    '? ',
    ': ',
    ',',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '|',
    '>',
    '#',
    '\n',
    '\n  ',
    '\r\n',
    '\t',
  ];
  pieces.push(
    ' ',
    '&a ',
    '*a ',
    '!t ',
    '---\n',
    '...\n',
    '%Y\n',
    '\\',
    '1',
    '""',
    'a: 1\n',
    '\0',
    '\ufeff',
    '<<: ',
    '\ud800',
  );
  const yamlish = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join(''));

  test('no bytes make it throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (content) => isSound(content)),
      { numRuns: 500 },
    );
  });

  test('nothing like YAML makes it throw', () => {
    fc.assert(
      fc.property(yamlish, (text) => isSound(bytes(text))),
      { numRuns: 3000 },
    );
  });

  test('repeated without end, it is refused or read, and what follows a refusal is not looked at', () => {
    const repeated = fc.tuple(yamlish, yamlish, yamlish).map(([head, unit, tail]) => {
      const body = unit.repeat(Math.ceil(limits.fileBytes / (3 * unit.length + 1)));
      return (head + body + tail).slice(0, limits.fileBytes / 3);
    });
    fc.assert(
      fc.property(repeated, (text) => isSound(bytes(text))),
      { numRuns: 40 },
    );
  });
});

/** Either a value or a fault, and places within the text. */
function isSound(content: Uint8Array): void {
  const { value, faults, text = '' } = parse(content);
  expect(value !== undefined || faults.length > 0).toBe(true);
  for (const { offset } of faults) {
    expect(offset).toBeGreaterThanOrEqual(0);
    expect(offset).toBeLessThanOrEqual(Math.max(text.length, content.length));
  }
  if (value !== undefined && faults.length === 0) expect(JSON.parse(JSON.stringify(value))).toEqual(value);
}

/** Without what is refused: characters, integers, keys. */
function isPlain(value: unknown): boolean {
  const text = JSON.stringify(value);
  const refused = /\\u0000|\\ud[89a-f]|__proto__|constructor|prototype|e\+?\d|\d{16}/;
  return !refused.test(text) && valueIn(text) !== undefined;
}
