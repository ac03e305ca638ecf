// YAML that is made to hurt, each sort with a code of its own.
import type { Case } from './case.ts';
import { bytes, flag } from './project.ts';

const one = (text: string | Uint8Array) => ({ 'f.yaml': text });
const long = 'a: 1\n'.repeat(30_000);

export const hostileCases: Case[] = [
  {
    title: 'invalid UTF-8',
    files: one(Uint8Array.of(...bytes('flag: f\nowner: ä'), 0xff, 0x41)),
    problems: ['invalid-utf8 f.yaml:2:9 �A'],
  },
  {
    title: 'UTF-16',
    files: one(Uint8Array.of(0xff, 0xfe, 0x66, 0)),
    problems: ['invalid-utf8 f.yaml:1:1 ��f\u0000'],
  },
  {
    title: 'a surrogate in UTF-8',
    files: one(Uint8Array.of(0x61, 0xed, 0xa0, 0x80)),
    problems: ['invalid-utf8 f.yaml:1:2 ���'],
  },
  {
    title: 'U+0000',
    files: one('flag: f\nowner: "a\0"\n'),
    problems: ['null-character f.yaml:2:10 \u0000"'],
  },
  {
    title: 'U+0000 escaped',
    files: one(flag('f').replace('tests', '"\\0"')),
    problems: ['null-character f.yaml:3:8 "\\0"'],
  },
  {
    title: 'U+0000 escaped in a key',
    files: one(`${flag('f')}"a\\u0000": 1`),
    problems: ['null-character f.yaml:9:1 "a\\u0000":'],
  },
  {
    title: 'a lone surrogate, escaped',
    files: one(flag('f').replace('tests', '"\\ud800"')),
    problems: ['lone-surrogate f.yaml:3:8 "\\ud800"'],
  },
  {
    title: 'an escape character',
    files: one('flag: f\n# \x1b[2J\n'),
    problems: ['control-character f.yaml:2:3 \u001b[2J'],
  },
  {
    title: 'a lone carriage return',
    files: one('flag: f\n# a\rowner: x\n'),
    problems: ['control-character f.yaml:2:4'],
  },
  { title: 'an unclosed bracket', files: one('flag: [f\n'), problems: ['invalid-yaml f.yaml:2:1'] },
  {
    title: 'a tab as indentation',
    files: one('flag: f\na:\n\tb: 1\n'),
    problems: ['invalid-yaml f.yaml:3:1'],
  },
  {
    title: 'a merge conflict that was committed: one problem, at its first line',
    files: one(
      flag('f').replace('owner: ', '<<<<<<< HEAD\nowner: a\n=======\nowner: b\n>>>>>>> topic\nowner: '),
    ),
    problems: ['invalid-yaml f.yaml:3:1 <<<<<<<'],
  },
  { title: 'more than 30,000 tokens', files: one(long), problems: ['too-many-tokens f.yaml:4286:4 1'] },
  {
    title: '65 levels of lists',
    files: one(`flag: f\na: ${'['.repeat(64)}${']'.repeat(64)}\n`),
    problems: ['nested-too-deep f.yaml:2:67 ['],
  },
  {
    title: '256 KB of brackets',
    files: one('['.repeat(262_144)),
    problems: ['too-many-tokens f.yaml:1:30000 [[[[[[[[[[[[[[[[[[[['],
  },
  { title: '20,000 dashes', files: one('- '.repeat(14_000)), problems: ['nested-too-deep f.yaml:1:129 -'] },
  {
    title: 'an anchor',
    files: one('flag: f\nowner: &a tests\n'),
    problems: ['anchor-refused f.yaml:2:8 &a'],
  },
  { title: 'an alias', files: one('flag: f\nowner: *a\n'), problems: ['alias-refused f.yaml:2:8 *a'] },
  {
    title: 'a billion laughs',
    files: one('a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n'),
    problems: [
      'anchor-refused f.yaml:1:4 &a',
      'anchor-refused f.yaml:2:4 &b',
      'alias-refused f.yaml:2:8 *a',
      'alias-refused f.yaml:2:12 *a',
      'alias-refused f.yaml:3:5 *b',
      'alias-refused f.yaml:3:9 *b',
    ],
  },
  { title: 'a tag', files: one('flag: f\nowner: !!str tests\n'), problems: ['tag-refused f.yaml:2:8 !!str'] },
  {
    title: 'a directive',
    files: one('%YAML 1.1\n---\nflag: f\n'),
    problems: ['directive-refused f.yaml:1:1 %YAML'],
  },
  { title: 'a `?` key', files: one('? flag\n: f\n'), problems: ['complex-key-refused f.yaml:1:1 ?'] },
  {
    title: 'two documents',
    files: one(`${flag('f')}---\nflag: g\n`),
    problems: ['multiple-documents f.yaml:9:1 ---'],
  },
  {
    title: 'keys that are no texts',
    files: one(`${flag('f')}1: x\nnull: x\n`),
    problems: ['key-not-text f.yaml:9:1 1:', 'key-not-text f.yaml:10:1 null:'],
  },
  { title: 'an empty key', files: one(`${flag('f')}: x\n`), problems: ['key-not-text f.yaml:9:1 :'] },
  { title: 'a list as a key', files: one(`${flag('f')}[a]: x\n`), problems: ['key-not-text f.yaml:9:1 [a'] },
  {
    title: 'keys of every object',
    files: one(`${flag('f')}__proto__: { x: 1 }\nconstructor: 1\nprototype: 1\n`),
    problems: [
      'reserved-key f.yaml:9:1 __proto__:',
      'reserved-key f.yaml:10:1 constructor:',
      'reserved-key f.yaml:11:1 prototype:',
    ],
  },
  {
    title: 'a key twice',
    files: one(`${flag('f')}owner: again\n`),
    problems: ['duplicate-key f.yaml:9:1 owner:'],
  },
  {
    title: 'integers beyond 2^53',
    files: one(flag('f', 'targets: { on: [9007199254740993, -9007199254740993] }')),
    problems: [
      'integer-too-large f.yaml:8:21 9007199254740993',
      'integer-too-large f.yaml:8:39 -9007199254740993',
    ],
  },
  {
    title: 'infinity',
    files: one(flag('f', 'serve: on\npercent: .inf')),
    problems: ['non-finite-number f.yaml:9:14 .inf'],
  },
  {
    title: 'a number that overflows',
    files: one(flag('f', 'serve: on\npercent: 1e999')),
    problems: ['non-finite-number f.yaml:9:14 1e999'],
  },
];
