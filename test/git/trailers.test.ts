// Trailers are found where git itself finds them.
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { trailersOf } from '../../src/git/trailers.ts';

test.each([
  ['Subject\n\nReviewed-by: Bob <bob@x>\n', ['Bob <bob@x>']],
  ['Subject\n\nReviewed-by: Bob\n  <bob@x>\nreviewed-BY: Cy\r\n', ['Bob <bob@x>', 'Cy']],
  ['Subject\n\nSome words.\nReviewed-by: Bob', []],
  ['Subject\n\nSome words.\nReviewed-by: Bob\nSigned-off-by: Ada', ['Bob']],
  ['Subject\n\nReviewed-by: Bob\n\nAnother paragraph.', []],
  ['Reviewed-by: Bob', []],
  ['Subject\n\n Reviewed-by: Bob', []],
  ['Subject\n\nReviewed-by: Bob\n# a comment\n\n\n', ['Bob']],
])('reviewers of %j are %j', (message, expected) => {
  expect(reviewersOf(message)).toEqual(expected);
});

const line = fc.constantFrom(
  '',
  ' ',
  '\t',
  'Subject',
  'Some words: with a colon.',
  'word',
  'Reviewed-by: Bob <bob@x>',
  'reviewed-by : Cy',
  'Reviewed-by:',
  'Fixes:12',
  '  goes on',
  '\tReviewed-by: indented',
  ': nothing',
  'a b: c',
  'http://example.com',
  '# a comment',
  'Signed-off-by: Ada <ada@x>',
  '(cherry picked from commit 1234)',
  'Reviewed-by: Dan',
);

test('for any message, trailers are those that git tells', () => {
  const messages = fc.sample(fc.array(line, { minLength: 1, maxLength: 9 }), { numRuns: 400, seed: 4 });
  const texts = messages.map((lines) => `Subject\n\n${lines.join('\n')}\n`);
  for (const text of texts)
    expect(trailersOf(text).map(asGit), JSON.stringify(text)).toEqual(parsedByGit(text));
});

test('a message of megabytes is read in no time to speak of', () => {
  const hostile = ['a:', ' ', '\t', '#', 'x'].map((text) => `S\n\n${`${text}\n`.repeat(300_000)}`);
  hostile.push(`S\n\nReviewed-by: a\n${' more\n'.repeat(300_000)}`);
  hostile.push(`S\n\nReviewed-by: ${' x'.repeat(500_000)}`, `S\n\n${'a'.repeat(1_000_000)}`);
  for (const message of hostile) expect(trailersOf(message).length).toBeLessThanOrEqual(300_000);
});

function reviewersOf(message: string): string[] {
  return trailersOf(message).flatMap(({ name, value }) => (/^reviewed-by$/i.test(name) ? [value] : []));
}

function asGit({ name, value }: { name: string; value: string }): string {
  return `${name}: ${value}`.trimEnd();
}

function parsedByGit(message: string): string[] {
  const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const args = ['interpret-trailers', '--parse', '--no-divider'];
  const said = execFileSync('git', args, { input: message, encoding: 'utf8', cwd: '/', env });
  return said.split('\n').flatMap((each) => (each.trim() === '' ? [] : [each.trimEnd()]));
}
