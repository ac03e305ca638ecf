// `check` for people: with the source line on a terminal, without it elsewhere, and never without an end.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { excerpt } from '../../../src/cli/check/excerpt.ts';
import { checkText } from '../../../src/cli/check/text.ts';
import { readFolder } from '../../../src/io/folder.ts';
import { flag } from '../../definitions/support/project.ts';
import { outcomeOf } from './outcomes.ts';

const root = join(import.meta.dirname, '../../..');

test('on a terminal, the source line stands under the problem', () => {
  expect(checkText(outcomeOf({ 'f.yaml': flag('f', 'serve: onn') }), { columns: 80, excerpt })).toBe(
    `flags/f.yaml:8:12  error  unknown-variation  The flag has no variation \`onn\`.
    Did you mean \`on\`?
  8 |     serve: onn
    |            ^^^
1 error, 0 warnings in 2 definitions.
\`halyard check --explain unknown-variation\` says more.
`,
  );
});

test('lines that end with a carriage return are shown without it', () => {
  const text = flag('f', 'serve: onn').replaceAll('\n', '\r\n');
  expect(checkText(outcomeOf({ 'f.yaml': text }), { columns: 80, excerpt })).toContain(
    '\n  8 |     serve: onn\n    |            ^^^\n',
  );
});

test('elsewhere, a problem is its place, its sentence and its hint', () => {
  expect(checkText(outcomeOf({ 'f.yaml': flag('f', 'serve: onn') }))).toBe(
    `flags/f.yaml:8:12  error  unknown-variation  The flag has no variation \`onn\`.
    Did you mean \`on\`?
1 error, 0 warnings in 2 definitions.
`,
  );
});

test('warnings that fail say so', () => {
  const texts = { 'f.yaml': flag('f', 'rules:\n  - then: { serve: on }') };
  expect(checkText(outcomeOf(texts, { strict: true }))).toMatch(
    /\n0 errors, 1 warning in 2 definitions\. Warnings fail with --strict\.\n$/,
  );
  expect(checkText(outcomeOf(texts))).toMatch(/\n0 errors, 1 warning in 2 definitions\.\n$/);
});

test('of many problems, 500 are shown, errors first', () => {
  const rules = `rules:\n${'  - then: { serve: x, percent: 5 }\n'.repeat(49)}  - then: { serve: x }`;
  const texts = Object.fromEntries(
    Array.from({ length: 12 }, (_, i) => [`f${i}.yaml`, flag(`f${i}`, rules)]),
  );
  const lines = checkText(outcomeOf(texts)).split('\n');
  expect(lines.filter((line) => line.includes('  error  '))).toHaveLength(500);
  expect(lines.at(-3)).toBe('… and 700 more problems: --format json lists them all.');
  expect(lines.at(-2)).toBe('600 errors, 600 warnings in 13 definitions.');
});

test('docs/check.md shows what is printed for the sample project with one mistake', async () => {
  const [, shown = ''] =
    /```console\n\$ halyard check\n(.*?)```/s.exec(await readFile(join(root, 'docs/check.md'), 'utf8')) ?? [];
  const files = (await readFolder(join(root, 'flags'))).flatMap((entry) =>
    entry.kind === 'file' ? [entry] : [],
  );
  const texts = Object.fromEntries(
    files.map(({ path, content }) => [path, new TextDecoder().decode(content)]),
  );
  const path = 'checkout/new-cart.yaml';
  const outcome = outcomeOf({ ...texts, [path]: texts[path]?.replace('serve: on', 'serve: onn') ?? '' });
  // How many definitions the sample has is not what the page is about.
  const counted = (text: string) => text.replace(/\d+ definitions/, 'all definitions');
  expect(counted(checkText(outcome, { columns: 80, excerpt }))).toBe(counted(shown));
});
