// What a collector's answer means: nothing is given up but what it names.
import { expect, it } from 'vitest';
import { type Verdict, verdictOn } from '../../../src/relay/events/answer.ts';

const BATCH = 3;
const verdict = (status: number, text = '{}', headers: Record<string, string> = {}): Verdict =>
  verdictOn({ status, headers, text }, BATCH);

it.each<[status: number, code: string]>([
  [302, 'answer'],
  [400, 'answer'],
  [401, 'token'],
  [403, 'token'],
  [404, 'address'],
  [405, 'address'],
  [429, 'busy'],
  [500, 'answer'],
  [502, 'answer'],
  [503, 'busy'],
])('%i is a fault, said as %s', (status, code) => {
  expect(verdict(status)).toEqual({ type: 'fault', code, message: expect.stringContaining(String(status)) });
});

it.each<[title: string, text: string, refused: object]>([
  ['nothing', '', {}],
  ['no JSON', '<html>', {}],
  ['null', 'null', {}],
  ['no list', '{"refused":2}', {}],
  [
    'words',
    '{"refused":[{"index":0,"code":"unknown-event"},{"index":2,"code":"unknown-event"}]}',
    { 'unknown-event': 2 },
  ],
  ['one index twice', '{"refused":[{"index":1,"code":"a"},{"index":1,"code":"a"}]}', { a: 1 }],
  ['what is no index', '{"refused":[null,7,{"index":"1"},{"index":1.5},{}]}', {}],
  [
    'what is no word',
    '{"refused":[{"index":0,"code":"a@b.example"},{"index":1,"code":7},{"index":2}]}',
    { other: 3 },
  ],
  [
    'more than there were',
    JSON.stringify({ refused: [0, 1, 2, 3, 4].map((index) => ({ index, code: 'a' })) }),
    { a: 3 },
  ],
])('202 that says %s', (_title, text, refused) => {
  const found = verdict(202, text);
  expect(found.type === 'taken' && Object.fromEntries(found.refused)).toEqual(refused);
});

it('has few words, however many a collector says', () => {
  const refused = Array.from({ length: 100 }, (_, index) => ({ index, code: `a${'b'.repeat(index % 30)}` }));
  const found = verdictOn({ status: 202, headers: {}, text: JSON.stringify({ refused }) }, 100);
  if (found.type !== 'taken') throw new Error(found.type);
  expect(found.refused.size).toBe(21);
  expect([...found.refused.values()].reduce((sum, events) => sum + events, 0)).toBe(100);
});

it('400 that names what is wrong is done with', () => {
  expect(verdict(400, '{"refused":[{"index":0,"code":"a"}]}')).toEqual({
    type: 'taken',
    refused: new Map([['a', 1]]),
  });
});

it.each([
  ['7', 7_000],
  [' 0 ', 0],
  ['86400', 300_000],
  ['-1', undefined],
  ['Sat, 21 Nov 2026 00:00:00 GMT', undefined],
])('Retry-After: %s is a wait of %s ms', (header, waitMs) => {
  expect(verdict(503, '', { 'retry-after': header })).toEqual({
    type: 'fault',
    code: 'busy',
    message: expect.any(String),
    ...(waitMs !== undefined && { waitMs }),
  });
});
