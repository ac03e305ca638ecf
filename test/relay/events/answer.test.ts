// What a collector's answer means: nothing is given up but what it names.
import { expect, it } from 'vitest';
import { type Verdict, verdictOn } from '../../../src/relay/events/answer.ts';

const BATCH = 3;
const verdict = (status: number, text = '{}', headers: Record<string, string> = {}): Verdict =>
  verdictOn({ status, headers, text }, BATCH);

it.each<[status: number, code: string]>([
  [204, 'answer'],
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

const receipt = (counted: unknown, duplicates: unknown, refused: unknown) =>
  JSON.stringify({ counted, duplicates, refused });

it.each<[title: string, text: string]>([
  ['nothing', ''],
  ['no JSON', '<html>'],
  ['null', 'null'],
  ['another thing', '{"status":"ok"}'],
  ['half a receipt', receipt(3, 0, []).slice(0, -1)],
  ['no list', receipt(3, 0, 0)],
  ['no numbers', receipt('3', 0, [])],
  ['a number below zero', receipt(4, -1, [])],
  ['a part of a number', receipt(1.5, 1.5, [])],
  ['fewer events than there were', receipt(1, 1, [])],
  ['more events than there were', receipt(2, 1, [{ index: 0, code: 'a' }])],
])('200 that says %s is no receipt, so the events are kept', (_title, text) => {
  expect(verdict(200, text)).toEqual({
    type: 'fault',
    code: 'answer',
    message: expect.stringContaining('200'),
  });
});

it.each<[title: string, text: string, refused: object]>([
  ['all', receipt(3, 0, []), {}],
  ['what it had before', receipt(1, 2, []), {}],
  [
    'some',
    receipt(1, 0, [
      { index: 0, code: 'event' },
      { index: 2, code: 'event' },
    ]),
    { event: 2 },
  ],
  ['what is no word', receipt(0, 0, [{ index: 0, code: 'a@b.example' }, { code: 7 }, null]), { other: 3 }],
])('200 that accounts for each event, %s', (_title, text, refused) => {
  const found = verdict(200, text);
  expect(found.type === 'taken' && Object.fromEntries(found.refused)).toEqual(refused);
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
