// Formatting: one canonical layout, and nothing of what a file says is lost.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { format } from '../../src/authoring/format.ts';
import { commentsOf } from '../../src/definitions/document.ts';
import { parse } from '../../src/definitions/parse.ts';
import { readFolder } from '../../src/io/folder.ts';
import type { JsonValue } from '../../src/lib/json.ts';
import { arbitraryFlag } from './support/arbitrary-definition.ts';
import { wildYaml } from './support/wild-yaml.ts';

const root = join(import.meta.dirname, '../..');
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
function formatted(text: string): string {
  const result = format(bytes(text));
  if ('faults' in result) throw new Error(`${JSON.stringify(result.faults)}\n${text}`);
  return result.text;
}

const sample = (await readFolder(join(root, 'flags'))).flatMap((entry) =>
  entry.kind === 'file' ? [[entry.path, new TextDecoder().decode(entry.content)] as const] : [],
);
const choices = fc.array(fc.nat(1000), { minLength: 1, maxLength: 400 });

test('any file keeps its value and its comments, and is formatted once and for all', () => {
  fc.assert(
    fc.property(arbitraryFlag, choices, (value, numbers) => {
      const wild = wildYaml(value, numbers);
      expect(parse(bytes(wild.text))).toMatchObject({ value, faults: [] });
      const text = formatted(wild.text);
      expect(parse(bytes(text)).value).toEqual(value);
      expect(commentsOf(parse(bytes(text), { keepTree: true })).sort()).toEqual(wild.comments);
      expect(formatted(text)).toBe(text);
      expect(text).toMatch(/[^\n]\n+$/);
    }),
    { seed: 42, numRuns: 300 },
  );
});

test('whatever is typed into a file, it is formatted once and for all, or refused', () => {
  const bits = [
    '\n',
    '  ',
    '- ',
    '# c',
    '{',
    '}',
    '[',
    ']',
    ',',
    ': ',
    '"',
    "'",
    '|',
    '|+\n',
    '>-\n  ',
    '\t',
    '\r\n',
  ];
  const odd = [
    '?',
    '&a',
    '!t',
    '---\n',
    '...\n',
    '%Y\n',
    '\\',
    '- - x',
    ' #',
    '{a, b: c}',
    '[a: b]',
    '\u2028',
    '\u00a0',
  ];
  const edit = fc.tuple(fc.nat(2000), fc.nat(6), fc.constantFrom(...bits, ...odd));
  const file = fc.constantFrom(...sample.map(([, text]) => text));
  const property = fc.property(file, fc.array(edit, { minLength: 1, maxLength: 4 }), (given, edits) => {
    const text = edits.reduce((whole, [at, length, bit]) => {
      const start = at % whole.length;
      return whole.slice(0, start) + bit + whole.slice(start + (length > 3 ? 0 : length));
    }, given);
    const result = format(bytes(text));
    if ('text' in result) expect(format(bytes(result.text))).toEqual(result);
    else expect(result.faults[0]?.message).not.toContain('without changing what it says');
  });
  fc.assert(property, { seed: 42, numRuns: 1000 });
});

test('a file that is made to take long does not', () => {
  const long = [
    `flag: f # ${' '.repeat(200_000)}x\n`,
    `flag: f\n${'\n'.repeat(25_000)}type: x\n`,
    `flag: f\n${'# x\n'.repeat(12_000)}`,
    `flag: f\nx: ${'['.repeat(60)}${'a, '.repeat(7000)}a${']'.repeat(60)}\n`,
    `flag: f\nx: |\n${'  y\n'.repeat(60_000)}`,
    `flag: f\nx: ${'y '.repeat(120_000)}\n`,
  ];
  for (const text of long) expect(format(bytes(text))).toHaveProperty('text');
});

describe('the sample project', () => {
  test.each(sample)('%s is formatted', (_, text) => {
    expect(formatted(text)).toBe(text);
  });

  const definitions = sample.filter(([path]) => !path.endsWith('.test.yaml'));
  test.each(definitions)('%s, rewritten in a wild way, has its keys in order again', (_, text) => {
    const value = parse(bytes(text)).value as never;
    fc.assert(
      fc.property(choices, (numbers) => {
        const again = parse(bytes(formatted(wildYaml(value, numbers).text))).value;
        expect(JSON.stringify(inKnownOrder(again))).toBe(JSON.stringify(inKnownOrder(value)));
      }),
      { seed: 1, numRuns: 5 },
    );
  });
});

/** Names that authors choose are in any order. */
function inKnownOrder(value: JsonValue | undefined): unknown {
  return JSON.parse(JSON.stringify(value), (key, each) =>
    ['environments', 'variations', 'attributes', 'sale', 'colours'].includes(key) && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

test('the examples in docs/ are formatted, but for those that show what formatting does', async () => {
  const pages = (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md'));
  const texts = await Promise.all(pages.map((name) => readFile(join(root, 'docs', name), 'utf8')));
  const examples = texts.flatMap((text) =>
    Array.from(
      text.matchAll(/```yaml\n(.*?)```(?!\n\n```console\n\$ halyard fmt)/gs),
      ([, yaml = '']) => yaml,
    ),
  );
  const whole = examples.filter((yaml) =>
    /^(#.*\n)*(project|flag|segment|experiment|metric|test): /.test(yaml),
  );
  expect(whole.length).toBeGreaterThan(4);
  for (const yaml of whole) expect(formatted(yaml)).toBe(yaml);
});

interface Case {
  title: string;
  given: string;
  expected: string;
}

const cases: Case[] = [
  {
    title: 'keys come in the order of the schema, each with its comments; unknown ones last',
    given: '# Of the key below.\ntype: boolean # of the type\nodd: 1\n\n# Why.\npermanent: true\nflag: f\n',
    expected:
      'flag: f\n\n# Why.\npermanent: true\n# Of the key below.\ntype: boolean # of the type\nodd: 1\n',
  },
  {
    title: 'an editor’s line and a comment that is set apart stay on top',
    given: '# yaml-language-server: $schema=x\n# Ours.\n\n# Of the type.\ntype: boolean\nflag: f\n',
    expected: '# yaml-language-server: $schema=x\n# Ours.\n\nflag: f\n# Of the type.\ntype: boolean\n',
  },
  {
    title: 'the order holds in an access policy, whose rules and people keep theirs',
    given:
      'rules:\n  - { may: [change], role: b, approvals: 1, paths: [a/*] } # x\n  - { role: a, may: [change] }\naccess: 1\npeople: { z: { roles: [b], keys: [] }, a: { roles: [a] } }\n',
    expected:
      'access: 1\npeople: { z: { keys: [], roles: [b] }, a: { roles: [a] } }\nrules:\n  - { role: b, may: [change], paths: [a/*], approvals: 1 } # x\n  - { role: a, may: [change] }\n',
  },
  {
    title: 'the order holds in rules, conditions and outcomes',
    given:
      'flag: f\nenvironments:\n  prod:\n    rules:\n      - then: { percent: 5, serve: on }\n        if: { value: US, operator: eq, attribute: country }\n        name: n\n    enabled: true\n',
    expected:
      'flag: f\nenvironments:\n  prod:\n    enabled: true\n    rules:\n      - name: n\n        if: { attribute: country, operator: eq, value: US }\n        then: { serve: on, percent: 5 }\n',
  },
  {
    title: 'variations, targets and environments keep the order that their author gave them',
    given: 'flag: f\nvariations: { z: 1, a: 2 }\nenvironments:\n  prod: {}\n  dev: {}\n',
    expected: 'flag: f\nvariations: { z: 1, a: 2 }\nenvironments:\n  prod: {}\n  dev: {}\n',
  },
  {
    title: 'what is in braces is on one line if it fits, whatever the lines were',
    given: 'flag: f\ntags: [\n  a,\n  b,\n]\nvariations: {on: true,\n  off: false}\n',
    expected: 'flag: f\ntags: [a, b]\nvariations: { on: true, off: false }\n',
  },
  {
    title: 'what is in braces and does not fit into 100 columns, or has comments, becomes block style',
    given: `flag: f\ntags: [${'a'.repeat(50)}, ${'b'.repeat(43)}]\nvariations: { on: true, # yes\n  off: false }\n`,
    expected: `flag: f\ntags:\n  - ${'a'.repeat(50)}\n  - ${'b'.repeat(43)}\nvariations:\n  on: true # yes\n  off: false\n`,
  },
  {
    title: '100 columns fit, and a comment beside them does not count',
    given: `flag: f\ntags: [${'a'.repeat(50)}, ${'b'.repeat(40)}] # long enough\n`,
    expected: `flag: f\ntags: [${'a'.repeat(50)}, ${'b'.repeat(40)}] # long enough\n`,
  },
  {
    title: 'block style stays, two spaces a level',
    given: 'flag: f\ntags:\n- a\n-   b\ntargets:\n     on:\n         - x\n',
    expected: 'flag: f\ntags:\n  - a\n  - b\ntargets:\n  on:\n    - x\n',
  },
  {
    title:
      'an alignment that an author began goes on, as narrow as can be; one that nobody began is not made',
    given:
      'project: a/b\nenvironments:\n  dev:      { salt: "1" }\n  staging:  { salt: "2" }\n  prod: { salt: "3" }\n',
    expected:
      'project: a/b\nenvironments:\n  dev:     { salt: "1" }\n  staging: { salt: "2" }\n  prod:    { salt: "3" }\n',
  },
  {
    title: 'comments beside values keep their column, or one space',
    given: 'flag: f          # one\ntype:   boolean  # two\nowner: me # three\noff: off# none\n',
    expected: 'flag: f          # one\nowner: me # three\ntype: boolean    # two\noff: off# none\n',
  },
  {
    title: 'one empty line at most, none where a block begins or the file ends',
    given: '\n\nflag: f\n\n\n\n# a\n\n\n# b\nenvironments:\n\n  prod:\n\n\n    serve: on\n\n\n',
    expected: 'flag: f\n\n# a\n\n# b\nenvironments:\n  prod:\n    serve: on\n',
  },
  {
    title: 'comments at the end of a block stay in it',
    given:
      'flag: f\nenvironments:\n  prod:\n    serve: on\n    # in prod\n  # in environments\n# in the file\n',
    expected:
      'flag: f\nenvironments:\n  prod:\n    serve: on\n    # in prod\n  # in environments\n# in the file\n',
  },
  {
    title: 'comments between dash and key, and between key and value, come before both',
    given: 'flag: f\nrules:\n  - # one\n    name: n\nowner:\n  # two\n  me\n',
    expected: 'flag: f\n# two\nowner: me\nrules:\n  # one\n  - name: n\n',
  },
  {
    title: 'quotes are double where that needs no escape, and stay where they were',
    given: `flag: f\na: 'it''s'\nb: '^\\d$'\nc: 'say "so"'\nd: "4.10"\ne: on\nf: '4.10'\n`,
    expected: `flag: f\na: "it's"\nb: '^\\d$'\nc: 'say "so"'\nd: "4.10"\ne: on\nf: "4.10"\n`,
  },
  {
    title: 'texts of several lines keep their lines',
    given:
      'flag: f\ndescription: |\n      one\n\n        two\n\n\nowner: >2-\n   me\n   too\nhint: three\n   four\n',
    expected: 'flag: f\ndescription: |\n  one\n\n    two\n\nowner: >2-\n   me\n   too\nhint: three\n  four\n',
  },
  {
    title: 'a file from Windows has line feeds, no mark, and no document marker in the end',
    given: '\uFEFF---\r\nflag: f\r\ndescription: |\r\n  a\r\n  b\r\n...\r\n',
    expected: 'flag: f\ndescription: |\n  a\n  b\n',
  },
  {
    title: 'JSON becomes YAML',
    given: '{"flag":"f","type":"boolean","environments":{"prod":{"serve":"on"}}}',
    expected: 'flag: "f"\ntype: "boolean"\nenvironments: { "prod": { serve: "on" } }\n',
  },
  {
    title: 'an empty text of several lines keeps what it says',
    given: 'flag: f\na: |+\n\n\nb: >-\n\n',
    expected: 'flag: f\na: |+\n\n\nb: >-\n',
  },
  {
    title: 'an empty list with comments in it has them above',
    given: 'flag: f\ntags: [ # none\n  # yet\n]\n',
    expected: 'flag: f\n# none\n# yet\ntags: []\n',
  },
  {
    title: 'numbers are keys in tests of flags',
    given: 'test: f\ncases:\n  - buckets: { 0: on }\n    name: n\n',
    expected: 'test: f\ncases:\n  - name: n\n    buckets: { 0: on }\n',
  },
  {
    title: 'tests of flags have an order too',
    given:
      'cases:\n  - expect: { reason: SPLIT, value: on }\n    context: {}\n    name: n\nenvironment: prod\ntest: f\n',
    expected:
      'test: f\nenvironment: prod\ncases:\n  - name: n\n    context: {}\n    expect: { value: on, reason: SPLIT }\n',
  },
];

test.each(cases)('$title', ({ given, expected }) => {
  expect(formatted(given)).toBe(expected);
  expect(formatted(expected)).toBe(expected);
});

test.each([
  ['what is not well-formed', 'flag: f\ntags: [a\n', 'invalid-yaml'],
  ['an anchor', 'flag: &f f\n', 'anchor-refused'],
  ['a number as a key', 'flag: f\nvariations: { 1: 2 }\n', 'key-not-text'],
  ['a key that is there twice', 'flag: f\nflag: g\n', 'duplicate-key'],
  ['what defines nothing', 'name: x\n', 'not-a-definition'],
  ['a list', '- a\n', 'not-a-definition'],
  ['nothing', '# only a comment\n', 'not-a-definition'],
])('%s is not formatted', (_, text, code) => {
  expect(format(bytes(text))).toMatchObject({ faults: [{ code }] });
});

test('a list of thousands of units stays on its line, as it would have too many tokens in block style', () => {
  const text = `flag: f\ntags: [${Array.from({ length: 7000 }, (_, index) => `u${index}`).join(', ')}]\n`;
  expect(formatted(text.replaceAll(', ', ','))).toBe(text);
  expect(formatted(text)).toBe(text);
});

test('what cannot be laid out otherwise without changing what it says is not formatted', () => {
  const key = 'k'.repeat(1100);
  expect(format(bytes(`flag: f\nvariations: { a: { "${key}"\n : 1, # x\n } }\n`))).toMatchObject({
    faults: [{ code: 'invalid-yaml', message: expect.stringContaining('without changing what it says') }],
  });
});
