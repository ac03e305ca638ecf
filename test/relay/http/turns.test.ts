// Requests far into packets: one in each turn of the event loop, and none of a connection that is gone.
import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { inTurns } from '../../../src/relay/http/pipelining.ts';
import { hasMore, ownTurn, wait, watchOver } from '../../../src/relay/http/turns.ts';

const server = new EventEmitter() as Server;
watchOver(server);

/** Turns take no time unless a test says so. */
let nowMs = 0;
beforeEach(() => void vi.spyOn(performance, 'now').mockImplementation(() => nowMs));
afterEach(() => void vi.restoreAllMocks());

function connection(): PassThrough {
  const socket = new PassThrough();
  server.emit('connection', socket);
  return socket;
}

test('of connections that have many the others are not waited for', async () => {
  const [one, other] = [connection(), connection()];
  const done: string[] = [];
  for (const what of ['a', 'b', 'c']) wait(one, () => done.push(what));
  wait(other, () => done.push('other'));
  for (let turns = 1; turns <= 4; turns++) {
    await turn();
    expect(done).toHaveLength(turns);
  }
  expect(done).toEqual(['a', 'other', 'b', 'c']);
  expect(hasMore(one)).toBe(false);
});

test('what waits of one that goes is forgotten at once, and takes no turns from others', async () => {
  const [gone, other] = [connection(), connection()];
  const done: string[] = [];
  for (let count = 0; count < 60; count++) wait(gone, () => done.push('gone'));
  wait(other, () => done.push('other'));
  gone.destroy();
  await turn();
  expect(hasMore(gone)).toBe(false);
  await turn();
  expect(done).toEqual(['other']);
});

test('what comes later on a connection is not gone on with before what waits of it', async () => {
  const socket = connection();
  const done: string[] = [];
  wait(socket, () => done.push('earlier'));
  const answer = inTurns(() => done.push('later'));
  answer(
    { socket, method: 'GET' } as unknown as IncomingMessage,
    { socket } as unknown as ServerResponse<IncomingMessage> & { req: IncomingMessage },
  );
  expect(done).toEqual([]);
  await turn();
  await turn();
  expect(done).toEqual(['earlier', 'later']);
});

test('what takes long has a turn of the event loop for itself', async () => {
  const done: string[] = [];
  const take = (what: string, socket = connection()) => ownTurn(socket, () => done.push(what));
  expect(take('at once')).toBeUndefined();
  const turns = ['a', 'b', 'c'].map((what) => take(what));
  for (let count = 1; count <= 3; count++) {
    await turn();
    expect(done).toHaveLength(count + 1);
  }
  await Promise.all(turns);
  expect(done).toEqual(['at once', 'a', 'b', 'c']);
  await turn();
  expect(take('free again')).toBeUndefined();
  await turn();
});

test('on one connection each that takes long has a turn, before what is not begun, and others come in between', async () => {
  const socket = connection();
  const done: string[] = [];
  const take = (what: string, of = socket) => ownTurn(of, () => done.push(what));
  for (const what of ['later', 'latest']) wait(socket, () => done.push(what));
  for (const what of ['a', 'b']) expect(take(what)).toBeInstanceOf(Promise);
  take('another', connection());
  const turns = [['a'], ['another'], ['b', 'later'], ['latest']];
  for (const [at] of turns.entries()) {
    await turn();
    expect(done).toEqual(turns.slice(0, at + 1).flat());
  }
  await turn();
});

test('what takes long on a connection that goes is forgotten at once, and takes no turns from others', async () => {
  const [gone, other] = [connection(), connection()];
  const done: string[] = [];
  for (let count = 0; count < 60; count++) ownTurn(gone, () => done.push('gone'));
  ownTurn(other, () => done.push('other'));
  gone.destroy();
  await turn();
  expect(hasMore(gone)).toBe(false);
  await turn();
  // The first one found the turn free.
  expect(done).toEqual(['gone', 'other']);
});

test('what takes long has a quarter of the time where others take all of it', async () => {
  let done = 0;
  for (let count = 0; count < 20; count++) {
    ownTurn(connection(), () => {
      done++;
      nowMs++;
    });
  }
  expect(done).toBe(1);
  nowMs += 17;
  await turn();
  expect(done).toBe(1 + 6);
  nowMs += 9;
  await turn();
  expect(done).toBe(1 + 6 + 3);
  for (let count = 0; count < 20; count++) await turn();
  expect(done).toBe(20);
});

test('what fails in a turn of its own rejects', async () => {
  expect(ownTurn(connection(), () => undefined)).toBeUndefined();
  const fails = ownTurn(connection(), () => {
    throw new Error('broken on purpose');
  });
  await expect(fails).rejects.toThrow('broken on purpose');
});
