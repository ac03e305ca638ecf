// Hostile files that are too long to keep: each is near a limit, or beyond one.
import { bytes, flag } from '../support/project.ts';

const KB256 = 256 * 1024;

/** `count` items with commas between. */
const list = (count: number, item: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => item(i)).join(',');
const rule = (condition: string) => flag('f', `rules: [{ name: r, if: ${condition}, then: { serve: on } }]`);
const values = (operator: string, items: string) =>
  rule(`{ attribute: ip, operator: ${operator}, value: [${items}] }`);
const lines = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');

const texts: Record<string, string> = {
  'commas in a bracket': `[${','.repeat(KB256 - 1)}`,
  'opening brackets': '['.repeat(KB256),
  'closing brackets': ']'.repeat(29_000),
  'opening braces': '{a: '.repeat(KB256 / 4),
  'closing braces': '}'.repeat(29_000),
  'dashes in one line': '- '.repeat(KB256 / 2),
  'dashes in many lines': '-\n'.repeat(KB256 / 2),
  'question marks': '? '.repeat(KB256 / 2),
  colons: ':'.repeat(KB256),
  anchors: '&a '.repeat(KB256 / 3),
  aliases: '*a '.repeat(KB256 / 3),
  tags: '!a '.repeat(KB256 / 3),
  directives: '%\n'.repeat(KB256 / 2),
  documents: '---\n'.repeat(9_000),
  quotes: "'".repeat(KB256),
  'double quotes': '"'.repeat(KB256),
  blanks: ' '.repeat(KB256),
  tabs: `a:\n${'\t'.repeat(KB256 - 3)}`,
  'line feeds': '\n'.repeat(KB256),
  comments: '#\n'.repeat(KB256 / 2),
  'keys without end': lines(26_000, (i) => `k${i}: 1`),
  'keys up to the limit': `${flag('f')}${lines(4_000, (i) => `k${i}: 1`)}\n`,
  'one key many times': `${flag('f')}${'a: 1\n'.repeat(4_000)}`,
  'numbers as keys': `${flag('f')}${lines(4_000, (i) => `${i}: 1`)}\n`,
  'a huge key': `${flag('f')}${'k'.repeat(250_000)}: 1\n`,
  'a long key': `${flag('f')}${'k'.repeat(1_000)}: 1\n`,
  'a huge text': flag('f').replace('A test.', 'd'.repeat(250_000)),
  'a huge number': `${flag('f')}n: ${'9'.repeat(250_000)}\n`,
  'a long line of units': flag('f', `targets: { on: [${list(9_000, (i) => `u${i}`)}, u1] }`),
  'a block of many lines': `a: |\n${'  x\n'.repeat(60_000)}`,
  'a text of many lines': `a: x\n${'  x\n'.repeat(60_000)}`,
  'escapes without end': flag('f').replace('A test.', `"${'\\u0041'.repeat(40_000)}"`),
  'ever deeper keys': lines(700, (i) => `${' '.repeat(i)}a:`),
  '64 levels': `flag: f\na: ${'['.repeat(63)}${']'.repeat(63)}\n`,
  '65 levels': `flag: f\na: ${'['.repeat(64)}${']'.repeat(64)}\n`,
  'empty conditions': rule(`{ and: [${list(9_500, () => '{}')}] }`),
  'empty conditions, nested': rule(`${'{ or: ['.repeat(10)}${list(9_400, () => '{}')}${']}'.repeat(10)}`),
  'empty rules': flag('f', `rules: [${list(9_500, () => '{}')}]`),
  'empty steps': flag('f', `ramp: [${list(9_500, () => '{}')}]`),
  'empty requirements': flag('f', 'serve: on', `requires: [${list(9_500, () => '{}')}]\n`),
  'environments that are lists': `experiment: f\nflag: f\nstatus: draft\nenvironments: [${list(5_900, (i) => `[${i}]`)}]\narms: []\ntraffic: 5\n`,
  'units that are lists': flag('f', `targets: { on: [${list(5_900, (i) => `[${i}]`)}] }`),
  'values that are mappings': values(
    'in',
    list(9_000, () => '{}'),
  ),
  'values that are no dates': values(
    'before',
    list(9_000, (i) => `x${i}`),
  ),
  'long versions': values(
    'semver_eq',
    list(100, () => `"1.0.0-${'0.'.repeat(1_200)}"`),
  ),
  'costly regular expressions': values(
    'matches',
    list(400, (i) => `"(a|b|${i}){20}(x?){200}"`),
  ),
  'broken regular expressions': values(
    'matches',
    list(4_000, () => '"("'),
  ),
  'contradicting tests': rule(
    `{ and: [${list(1_200, (i) => `{ attribute: age, operator: gt, value: ${i} }`)}] }`,
  ),
  'variations that there are not': flag('f', `targets: {${list(1_800, (i) => ` v${i}: [u${i}]`)} }`),
  'attributes that there are not': rule(
    `{ or: [${list(1_200, (i) => `{ attribute: contry${i}, operator: exists }`)}] }`,
  ),
};

/** By a title: the bytes. */
export const generatedCorpus: readonly (readonly [string, Uint8Array])[] = Object.entries(texts).map(
  ([title, text]) => [title, bytes(text)],
);

const people = (count: number, roles: (i: number) => string) =>
  `access: 1\npeople:\n${lines(count, (i) => `  p${i}: { keys: ["SHA256:${String(i).padStart(43, 'A')}"], roles: [${roles(i)}] }`)}\n`;
const rules = (count: number, rest: (i: number) => string) =>
  `rules:\n${lines(count, (i) => `  - { role: r${i % 7}, may: [change, change-access, override], ${rest(i)} }`)}\n`;

const policies: Record<string, string> = {
  'many people and many rules': people(450, (i) => `r${i % 7}`) + rules(400, (i) => `approvals: ${i % 11}`),
  'people of many roles': people(60, () => list(60, (i) => `r${i}`)) + rules(250, () => 'approvals: 10'),
  'rules that say the same': people(1, () => 'r0') + rules(700, () => 'environments: [prod]'),
  'rules of many paths':
    people(1, () => 'r0') + rules(20, () => `paths: [${list(400, (i) => `"a${i}/**"`)}]`),
  'patterns of many stars':
    people(1, () => 'r0') + rules(40, () => `paths: ["${'*a'.repeat(240)}", "${'**/'.repeat(160)}x"]`),
  'patterns that are none': people(1, () => 'r0') + rules(60, () => `paths: [${list(60, () => '"{"')}]`),
  'environments that there are not':
    people(1, () => 'r0') + rules(40, () => `environments: [${list(150, (i) => `e${i}`)}]`),
  'one key of many':
    people(900, () => 'r0').replace(/A+\d+"/g, `${'A'.repeat(43)}"`) + rules(1, () => 'approvals: 1'),
  'one address of many':
    people(700, () => 'r0').replaceAll('roles:', 'emails: [x@example.com], roles:') +
    rules(1, () => 'approvals: 1'),
  'revoked keys': `${people(700, () => 'r0') + rules(1, () => 'approvals: 1')}revoked:\n${lines(2_000, (i) => `  - "SHA256:${String(i).padStart(43, 'A')}"`)}\n`,
};

/** Hostile access policies, by a title. */
export const generatedPolicies: readonly (readonly [string, Uint8Array])[] = Object.entries(policies).map(
  ([title, text]) => [title, bytes(text)],
);
