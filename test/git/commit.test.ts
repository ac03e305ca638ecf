// What is kept of a commit object, from raw bytes: names, times, subject, request number.
import { describe, expect, test } from 'vitest';
import { parseCommit } from '../../src/git/commit.ts';

const PERSON = 'Ada <ada@example.com>';

function parse(
  message: string,
  headers = `author ${PERSON} 1700000000 +0130\ncommitter ${PERSON} 1700000000 -0700`,
) {
  return parseCommit(
    'c0ffee',
    Buffer.from(`tree 1234\nparent aa\nparent bb\n${headers}\n\n${message}`, 'latin1'),
  );
}

test('the subject is the first paragraph on one line', () => {
  expect(parse('one\n  two\n\nthree').subject).toBe('one two');
  expect(parse('\n\none\n \t\nthree').subject).toBe('one');
  expect(parse('').subject).toBe('');
});

test('parents stand in their order, times in UTC', () => {
  expect(parse('x')).toMatchObject({
    parents: ['aa', 'bb'],
    committedAt: '2023-11-14T22:13:20Z',
    author: PERSON,
  });
});

test('parents are those that git takes for parents, and no headers further down', () => {
  const people = `author ${PERSON} 1 +0000\ncommitter ${PERSON} 1 +0000`;
  expect(parse('x', `${people}\nparent --all\nparent cc`).parents).toEqual(['aa', 'bb']);
});

test('half a million header lines take no more time than others', () => {
  expect(parse('x', `author ${PERSON} 1 +0000\n${'x \n'.repeat(500_000)}`).author).toBe(PERSON);
});

test('invalid UTF-8 becomes U+FFFD and NUL is removed', () => {
  expect(parse('caf\xe9 \0here').subject).toBe('caf\ufffd here');
  expect(parse('x', 'author J\xf6rg <j@x> 1 +0000').author).toBe('J\ufffdrg <j@x>');
});

test('a byte order mark is kept, as any other character', () => {
  expect(parse('\xef\xbb\xbfx').subject).toBe('x');
  expect(parse('x', 'author \xef\xbb\xbfA <a> 1 +0000').author).toBe('\ufeffA <a>');
});

test.each([
  ['a negative time', '-1', '1969-12-31T23:59:59Z'],
  ['the year 9999', '253402300799', '9999-12-31T23:59:59Z'],
  ['a later year', '253402300800', '1970-01-01T00:00:00Z'],
  ['an absurd time', '99999999999999999999', '1970-01-01T00:00:00Z'],
])('%s is written in RFC 3339', (_, seconds, expected) => {
  expect(parse('x', `author ${PERSON} 1 +0000\ncommitter ${PERSON} ${seconds} +0000`).committedAt).toBe(
    expected,
  );
});

test('malformed people are kept as they are', () => {
  const commit = parse('x', 'author no mail and no time');
  expect(commit).toMatchObject({
    author: 'no mail and no time',
    committer: '',
    committedAt: '1970-01-01T00:00:00Z',
  });
});

test('a signature is kept whole', () => {
  const headers = `author ${PERSON} 1 +0000\ncommitter ${PERSON} 1 +0000\ngpgsig -----BEGIN\n line\n -----END`;
  expect(parse('x', headers).signature).toBe('-----BEGIN\nline\n-----END');
});

test('long texts are cut, never through a character', () => {
  expect(parse('x'.repeat(5000)).subject).toBe(`${'x'.repeat(1000)}…`);
  const emoji = Buffer.from(`${'x'.repeat(999)}😀😀`).toString('latin1');
  expect(parse(emoji).subject).toBe(`${'x'.repeat(999)}…`);
});

describe('the pull request', () => {
  test.each([
    ['Raise the ramp (#123)', 123],
    ['Merge pull request #7 from acme/ramp\n\nRaise the ramp', 7],
    ["Merge branch 'ramp' into 'main'\n\nRaise the ramp\n\nSee merge request acme/shop!456", 456],
    ["Merge branch 'ramp'\n\nSee merge request !9", 9],
    ['Revert "Raise the ramp (#123)" (#124)', 124],
    ['Revert "Raise the ramp (#123)"', 123],
    ['Raise the ramp', undefined],
    ['Fixes #12', undefined],
    ['Number (#99999999999999999999)', undefined],
  ])('of %j is %s', (message, expected) => {
    expect(parse(message).pullRequest).toBe(expected);
  });
});

describe('the reviewers', () => {
  test.each([
    ['Subject\n\nReviewed-by: Bob <bob@x>\n', ['Bob <bob@x>']],
    ['Subject\n\nWhy.\n\nFixes: #1\nreviewed-BY:  Bob <bob@x> \r\nReviewed-by: Cy', ['Bob <bob@x>', 'Cy']],
    ['Subject\n\nReviewed-by: Bob <bob@x>\n\nAnother paragraph.', undefined],
    ['Reviewed-by: Bob <bob@x>', undefined],
    ['Subject\n\nReviewed-by:', undefined],
    ['Subject\n\n  Reviewed-by: Bob <bob@x>', undefined],
  ])('of %j are %j', (message, expected) => {
    expect(parse(message).reviewedBy).toEqual(expected);
  });
});
