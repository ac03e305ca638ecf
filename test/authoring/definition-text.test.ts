// Definitions written from plain values: read back they are the same, and they are formatted already.
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDefinition } from '../../src/authoring/definition-text.ts';
import { format } from '../../src/authoring/format.ts';
import { commentsOf } from '../../src/definitions/document.ts';
import { parse } from '../../src/definitions/parse.ts';
import { readFolder } from '../../src/io/folder.ts';
import { arbitraryFlag } from './support/arbitrary-definition.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('any value reads back as it was, and formatting changes nothing about it', () => {
  const property = fc.property(arbitraryFlag, (value) => {
    const text = formatDefinition(value);
    expect(parse(bytes(text))).toMatchObject({ value, faults: [] });
    expect(format(bytes(text))).toEqual({ text });
  });
  fc.assert(property, { seed: 42, numRuns: 300 });
});

test('the sample project, but for its comments, is written as people wrote it', async () => {
  const different: string[] = [];
  for (const entry of await readFolder(join(import.meta.dirname, '../../flags'))) {
    if (entry.kind !== 'file' || entry.path.endsWith('.test.yaml')) continue;
    const people = new TextDecoder().decode(entry.content);
    const comments = new Set(commentsOf(parse(entry.content, { keepTree: true })));
    const written = formatDefinition(parse(entry.content).value as object);
    const bare = people.split('\n').map((line) => {
      const at = line.indexOf('#');
      return at >= 0 && comments.has(line.slice(at)) ? line.slice(0, at).trimEnd() : line;
    });
    if (
      written !==
      bare
        .filter((line) => line !== '')
        .join('\n')
        .concat('\n')
    )
      different.push(entry.path);
  }
  // Matters of taste: quotes around an instant and an address, a text without them, environments in braces.
  expect(different).toEqual([
    'checkout/free-shipping-from.yaml',
    'project.yaml',
    'shop/banner.yaml',
    'shop/read-only-mode.yaml',
  ]);
});

interface Case {
  title: string;
  value: object;
  text: string;
}

const cases: Case[] = [
  {
    title: 'keys come in canonical order, undefined ones not at all',
    value: { type: 'boolean', owner: undefined, permanent: true, flag: 'f', environments: {} },
    text: 'flag: f\npermanent: true\ntype: boolean\nenvironments: {}\n',
  },
  {
    title: 'texts that could be taken for something else are quoted, salts always',
    value: {
      project: 'a/b',
      environments: { on: { salt: 'abc' }, '4.10': { salt: '910e44' } },
      attributes: {
        'a b': {
          type: 'string',
          values: ['4.10', 'true', '', 'a, b', 'on', '2027-03-31', '7d', '-x', 'x: y'],
        },
      },
    },
    text:
      'project: a/b\nenvironments:\n  on: { salt: "abc" }\n  "4.10": { salt: "910e44" }\nattributes:\n' +
      '  a b: { type: string, values: ["4.10", "true", "", "a, b", on, 2027-03-31, 7d, "-x", "x: y"] }\n',
  },
  {
    title: 'conditions and outcomes are in braces, what holds them is not',
    value: {
      flag: 'f',
      environments: {
        prod: {
          rules: [
            {
              name: 'r',
              if: { and: [{ segment: 's' }, { not: { attribute: 'a', operator: 'exists' } }] },
              then: { serve: 'on', ramp: [{ at: '2026-12-01T09:00:00Z', percent: 5 }] },
            },
          ],
          serve: 'off',
        },
      },
    },
    text:
      'flag: f\nenvironments:\n  prod:\n    rules:\n      - name: r\n        if:\n          and:\n            - { segment: s }\n' +
      '            - not: { attribute: a, operator: exists }\n        then:\n          serve: on\n          ramp:\n' +
      '            - { at: 2026-12-01T09:00:00Z, percent: 5 }\n    serve: off\n',
  },
  {
    title: 'paragraphs keep their lines',
    value: { segment: 's', description: 'One.\n\nTwo: #2\n', owner: 'a\nb' },
    text: 'segment: s\ndescription: |\n  One.\n\n  Two: #2\nowner: |-\n  a\n  b\n',
  },
];

test.each(cases)('$title', ({ value, text }) => {
  expect(formatDefinition(value)).toBe(text);
});
