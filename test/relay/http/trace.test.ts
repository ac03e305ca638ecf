// The ids by which a request is found again.
import { expect, it } from 'vitest';
import { snapshotOfBodies } from '../../support/snapshot.ts';
import { serve } from '../support.ts';

const snapshot = snapshotOfBodies({ flags: { plain: {} } });

it.each([
  ['an id', 'shop-7.1:a_b', 'shop-7.1:a_b'],
  ['one that is too long', 'x'.repeat(129), null],
  ['one with other characters', 'alice@example.com', null],
  ['none', undefined, null],
])('of %s, the answer has what is valid', async (_title, sent, back) => {
  await using server = await serve(snapshot);
  const headers: Record<string, string> = sent === undefined ? {} : { 'x-request-id': sent };
  const answers = [
    await server.post('/v1/evaluate/plain', {}, headers),
    await server.post('/nowhere', {}, headers),
    await server.get('/v1/status', headers),
  ];
  expect(answers.map((answer) => answer.headers.get('x-request-id'))).toEqual([back, back, back]);
});

it.each([
  ['the one that it sent', { 'x-request-id': 'shop-7' }, /^shop-7$/],
  ['one that is made up', {}, /^[\da-f-]{36}$/],
])('a request that fails by our fault is in the log by its id: %s', async (_title, headers, id) => {
  await using server = await serve(snapshot);
  Object.defineProperty(server.store, 'served', {
    get: () => {
      throw new Error('broken for a test');
    },
  });
  const answer = await server.post('/v1/evaluate/plain', {}, headers);
  const lines = server.lines().map((line) => JSON.parse(line) as { [member: string]: unknown });
  expect([answer.status, lines.map(({ message }) => message)]).toEqual([500, ['request failed']]);
  expect(answer.headers.get('x-request-id')).toMatch(id);
  expect(lines[0]?.request_id).toBe(answer.headers.get('x-request-id'));
});
