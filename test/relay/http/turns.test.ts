// Requests far into packets: one in each turn of the event loop, and none of a connection that is gone.
import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inTurn } from '../../../src/relay/http/pipelining.ts';
import { hasMore, ownTurn, wait, watchOver } from '../../../src/relay/http/turns.ts';

const server = new EventEmitter() as Server;
watchOver(server);

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
  inTurn({ socket } as unknown as IncomingMessage, () => done.push('later'));
  expect(done).toEqual([]);
  await turn();
  await turn();
  expect(done).toEqual(['earlier', 'later']);
});

test('what takes long has a turn of the event loop for itself', async () => {
  const done: string[] = [];
  expect(ownTurn(connection())).toBeUndefined();
  for (const what of ['a', 'b', 'c']) ownTurn(connection())?.then(() => done.push(what));
  for (let turns = 1; turns <= 3; turns++) {
    await turn();
    expect(done).toHaveLength(turns);
  }
  expect(done).toEqual(['a', 'b', 'c']);
  await turn();
  expect(ownTurn(connection())).toBeUndefined();
  await turn();
});

test('on a connection on which more waits, what takes long does not wait behind that, and brings no turn forward', async () => {
  const socket = connection();
  const done: string[] = [];
  for (const what of ['a', 'b', 'c']) wait(socket, () => done.push(what));
  expect(ownTurn(socket)).toBeUndefined();
  expect(ownTurn(connection())).toBeInstanceOf(Promise);
  for (let turns = 1; turns <= 3; turns++) {
    await turn();
    // The other connection's turn comes second.
    expect(done).toHaveLength(Math.max(turns - 1, 1));
  }
  await turn();
  expect(done).toEqual(['a', 'b', 'c']);
});
